"""The record of a document: its text, tags, counts, and the metadata that cleaning moved out of the text."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Final

from winnow.corpus.bylines import byline_authors, byline_date
from winnow.corpus.decisions.applying import ReviewedDocument
from winnow.corpus.document import Cleaned, Removal
from winnow.corpus.markdown import to_markdown
from winnow.corpus.opening_dates import opening_date
from winnow.corpus.raw import TEXT, RawDocument
from winnow.corpus.record import Record, RecordMetadata, RemovedSpan, Signal
from winnow.corpus.settings import Settings
from winnow.corpus.tags import tag_list
from winnow.corpus.taxonomy import LAYOUT
from winnow.corpus.text_quality import text_quality
from winnow.corpus.truncated import truncated_quotes
from winnow.pipeline.documents.masking import mask_document, mask_text

CAPTIONS: Final = frozenset({"image_caption"})
NOTES: Final = frozenset({"endnote", "source_note"})
MARKER: Final = re.compile(r"\W{0,3}\w{1,8}\W{0,3}")  # a mark such as "[iv]", which is not a note
BIOGRAPHY: Final = frozenset({"author_bio"})
BYLINES: Final = frozenset({"byline_date"})
MOSTLY_REMOVED_SHARE: Final = 0.8  # of a plain text's characters: a larger share is rarely all noise


def make_record(
    raw: RawDocument,
    decided: ReviewedDocument,
    language: tuple[str, float],
    signals: Sequence[Signal],
    settings: Settings,
) -> Record:
    """The record of a cleaned document, before its source is scored."""
    cleaned, masked = decided.cleaned, mask_document(decided.cleaned, settings)
    metadata = _metadata(raw, decided, masked.removed, language[0], signals, settings)
    text = to_markdown(masked.remaining) if settings.text_format == "markdown" else masked.remaining.text
    return Record(
        id=raw.id,
        text=text,
        source=raw.collection,
        added=raw.added,
        created=metadata.published,
        url=metadata.url,
        domain=metadata.domain,
        language=language[0],
        language_score=language[1],
        n_chars_in=len(cleaned.document.text),
        n_chars_out=len(text),
        metadata=metadata,
        tags=tag_list(
            [*_tags(cleaned, language[0]), *(["contacts_masked"] if masked.remaining_contacts else [])]
        ),
        host=cleaned.document.metadata.host,
        masked=masked.masked,
        quality=text_quality(masked.remaining),
    )


def _metadata(
    raw: RawDocument,
    decided: ReviewedDocument,
    masked: Cleaned,
    language: str,
    signals: Sequence[Signal],
    settings: Settings,
) -> RecordMetadata:
    """The page's own metadata, and the removed pieces of kinds whose action is ``meta``."""
    cleaned, metadata = decided.cleaned, decided.cleaned.document.metadata
    last = decided.placed[-1] if decided.placed else None
    removed = _removed_spans(masked, masked.removals)
    moved = [span for span in removed if settings.action(span.kind) == "meta"]
    byline_removals = [
        r for r in cleaned.removals if r.kind in BYLINES and settings.action(r.kind) == "meta"
    ]
    bylines = _pieces(_removed_spans(cleaned, byline_removals), BYLINES)
    authors = metadata.authors or byline_authors(bylines)
    return RecordMetadata(
        url=metadata.url,
        domain=metadata.domain,
        title=mask_text(metadata.title, settings) if settings.contacts == "mask-all" else metadata.title,
        authors=tuple(mask_text(author, settings) for author in authors),
        published=metadata.published or _shown_date(raw, cleaned.document.text, bylines, language),
        site_name=metadata.site_name,
        content_type=raw.content_type,
        raw_sha256=raw.sha256,
        raw_path=raw.path,
        extractor=cleaned.document.extractor,
        captions=_pieces(moved, CAPTIONS),
        endnotes=tuple(note for note in _pieces(moved, NOTES) if not MARKER.fullmatch(note)),
        author_bio="\n".join(_pieces(moved, BIOGRAPHY)),
        removed=removed,
        signals=tuple(signals),
        review_by=last.who if last else "",
        review_at=last.when if last else "",
        review_note=last.why if last else "",
        **asdict(raw.archive),
    )


def _shown_date(raw: RawDocument, text: str, bylines: Iterable[str], language: str) -> str:
    """The day in bylines that were removed, else in the first lines of a plain text; "" without one."""
    day = byline_date(bylines, language, raw.latest_day)
    return day if day or raw.content_type != TEXT else opening_date(text, language, raw.latest_day)


def _removed_spans(cleaned: Cleaned, removals: Iterable[Removal]) -> tuple[RemovedSpan, ...]:
    text = cleaned.document.text
    return tuple(
        RemovedSpan(r.start, r.end, r.kind, r.rule, r.cleaner, text[r.start : r.end], round(r.score, 4))
        for r in removals
    )


def _pieces(spans: Iterable[RemovedSpan], kinds: frozenset[str]) -> tuple[str, ...]:
    """The texts of spans of some kinds, in order, each once."""
    return tuple(dict.fromkeys(s.text.strip() for s in spans if s.kind in kinds))


def _tags(cleaned: Cleaned, language: str) -> list[str]:
    tags = [f"noise:{r.kind}" for r in cleaned.removals if r.kind != LAYOUT]
    tags.append(f"lang:{language}")
    if truncated_quotes(cleaned.document):
        tags.append("truncated_quote")
    min_chars = (1 - MOSTLY_REMOVED_SHARE) * len(cleaned.document.text)
    if cleaned.document.content_type == TEXT and len(cleaned.text) < min_chars:
        tags.append("mostly_removed")
    return tags
