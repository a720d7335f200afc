"""``winnow.extract``, a replacement for ``trafilatura.extract`` (2.2 and later): change one import to try Winnow."""

import json
from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final, TypedDict, Unpack

import numpy as np
import yaml

from winnow.api import raw_document
from winnow.cleaners import CLEANERS
from winnow.corpus.document import CONTENT_SHARE, Cleaned, Document, clean
from winnow.corpus.errors import UnreadableError, UsageError
from winnow.corpus.markdown import to_markdown
from winnow.corpus.raw import HTML
from winnow.corpus.settings import Settings
from winnow.models.extraction import read_document
from winnow.models.language import detect_language

FORMATS: Final = ("txt", "markdown", "json")
# Cuts on `Block.content`, 0 to 1, below which a block is left out, found on pages of WCXB dev whose domains the model
# had not seen: word precision .92 with the first (.88 without), recall .975 with the second (.93 without), all
# cleaners included (bench.extraction).
PRECISION_CUT: Final = 0.75
RECALL_CUT: Final = 0.08
UNSUPPORTED: Final = frozenset(
    "config date_extraction_params deduplicate include_images include_links max_tree_size options prune_xpath "
    "settingsfile tei_validation".split()
)
NAMES_IN_JSON: Final = {"url": "source", "sitename": "source-hostname"}
# Fields of trafilatura's JSON that Winnow does not fill: null.
UNFILLED_FIELDS: Final = "fingerprint license excerpt categories tags image pagetype filedate".split()

PageFields = dict[str, str | None]


class Options(TypedDict, total=False):
    """The options of `extract`, with trafilatura's names and defaults."""

    fast: bool  # this and the next are accepted without effect: they trade quality for speed in trafilatura
    no_fallback: bool
    favor_precision: bool  # only blocks that are content with high probability
    favor_recall: bool  # also blocks that are probably not content
    include_comments: bool  # True: readers' comments follow the text
    output_format: str  # "txt", "markdown" or "json"
    target_language: str | None  # None for a text in another language, or too short to tell
    include_tables: bool  # True
    include_formatting: bool | None  # text as Markdown; None: for output_format "markdown"
    with_metadata: bool
    only_with_metadata: bool  # None for a page without title, address or date
    url_blacklist: set[str] | None
    author_blacklist: set[str] | None
    tei_validation: bool  # this and what follows raise UsageError
    include_images: bool
    include_links: bool
    deduplicate: object
    date_extraction_params: dict[str, Any] | None
    max_tree_size: int | None
    settingsfile: str | None
    prune_xpath: str | list[str] | None
    config: object
    options: object


def extract(
    filecontent: str | bytes | None,
    url: str | None = None,
    record_id: str | None = None,
    **options: Unpack[Options],
) -> str | None:
    """The cleaned text of a page as txt, Markdown or JSON; None where nothing is left, or an option excludes it.

    Takes the options of ``trafilatura.extract``, by name. Raises UsageError for those that ask for what Winnow
    does not do: images, links, XML, HTML, CSV, duplicates, own XPaths, trafilatura's configuration.

    >>> extract("<p>Rain fell on Monday over the old harbour town.</p><p>Advertisement</p>")
    'Rain fell on Monday over the old harbour town.'
    """
    _check(options)
    cleaned = _clean_page(filecontent, url or "", options)
    if cleaned is None:
        return None
    fields = _page_fields(cleaned, record_id, options.get("author_blacklist") or ())
    if not _passes_filters(cleaned, fields, options):
        return None
    has_metadata = any(map(options.get, ("with_metadata", "only_with_metadata", "url_blacklist")))
    return _formatted(cleaned, fields if has_metadata else {}, options)


def _formatted(cleaned: Cleaned, fields: PageFields, options: Options) -> str:
    """The text of a page, its comments and fields in the output format of the options."""
    text, comments = _text(cleaned, options), _comments(cleaned, options)
    if options.get("output_format") == "json":
        return _as_json(cleaned, text, comments, fields)
    return _with_header("\n".join(filter(None, [text, comments])), fields)


def _check(options: Options) -> None:
    """Raise TypeError for options that do not exist, and UsageError for those that Winnow does not support."""
    if unknown := options.keys() - Options.__annotations__.keys():
        raise TypeError(f"extract() got an unexpected keyword argument {min(unknown)!r}")
    if unsupported := sorted(name for name, value in options.items() if value and name in UNSUPPORTED):
        raise UsageError(
            f"winnow.extract does not support {', '.join(unsupported)}; leave it out, or call trafilatura.extract"
        )
    if (form := options.get("output_format", FORMATS[0])) not in FORMATS:
        raise UsageError(f"output_format {form!r}: winnow.extract writes {', '.join(FORMATS)}")


def _clean_page(content: str | bytes | None, url: str, options: Options) -> Cleaned | None:
    """A cleaned page; None for no page, and where no text is left."""
    if content is not None and not isinstance(content, str | bytes):
        raise UsageError(f"{type(content).__name__}: give the page as str or bytes")
    if not content:
        return None
    try:
        document = read_document(raw_document(content, url, content_type=HTML), Settings())
    except UnreadableError:
        return None
    cleaned = clean(with_content(document, options), CLEANERS)
    return cleaned if cleaned.text.strip() else None


def with_content(document: Document, options: Options) -> Document:
    """A document with more or fewer blocks as content, and perhaps no tables. Precision wins over recall.

    Of a document that has content, precision leaves the surest blocks, however unsure they are.
    """
    raw_shares = [block.content for block in document.blocks]
    cut = CONTENT_SHARE
    if options.get("favor_precision"):
        cut = max(CONTENT_SHARE, min(PRECISION_CUT, max(raw_shares, default=0.0)))
    elif options.get("favor_recall"):
        cut = RECALL_CUT
    shares = np.interp(raw_shares, [0.0, cut, 1.0], [0.0, CONTENT_SHARE, 1.0]).tolist()
    excluded_tags = set() if options.get("include_tables", True) else {"tr"}
    blocks = (
        replace(block, content=0.0 if block.tag in excluded_tags else share)
        for block, share in zip(document.blocks, shares, strict=True)
    )
    return replace(document, blocks=tuple(blocks))


def _page_fields(cleaned: Cleaned, record_id: str | None, author_blacklist: Collection[str]) -> PageFields:
    """The metadata of a page, under trafilatura's names; None is "unknown"."""
    metadata = cleaned.document.metadata
    fields = {
        "title": metadata.title,
        "author": "; ".join(author for author in metadata.authors if author not in author_blacklist),
        "url": metadata.url,
        "hostname": metadata.domain,
        "sitename": metadata.site_name,
        "date": metadata.published[:10],
        "id": record_id,
    }
    return {name: value or None for name, value in fields.items()}


def _passes_filters(cleaned: Cleaned, fields: PageFields, options: Options) -> bool:
    """Whether a page has the language, the address and the metadata that the options ask for."""
    language = options.get("target_language")
    if language and detect_language(cleaned.text)[0] != language:
        return False
    if fields["url"] in (options.get("url_blacklist") or ()):
        return False
    is_complete = all(fields[name] for name in ("title", "url", "date"))
    return is_complete or not options.get("only_with_metadata")


def _text(cleaned: Cleaned, options: Options) -> str:
    is_markdown = options.get("include_formatting")
    if is_markdown is None:
        is_markdown = options.get("output_format") == "markdown"
    return (to_markdown(cleaned) if is_markdown else cleaned.text).strip()


def _comments(cleaned: Cleaned, options: Options) -> str:
    if not options.get("include_comments", True):
        return ""
    text = cleaned.document.text
    pieces = (text[r.start : r.end].strip() for r in cleaned.removals if r.kind == "reader_comment")
    return "\n".join(filter(None, pieces))


def _as_json(cleaned: Cleaned, text: str, comments: str, fields: PageFields) -> str:
    """The page as one JSON object, with its fields if there are any."""
    values: PageFields = {"text": text, "comments": comments}
    if fields:
        values |= {NAMES_IN_JSON.get(name, name): value for name, value in fields.items()}
        values |= dict.fromkeys(UNFILLED_FIELDS)
        values["language"] = detect_language(cleaned.text)[0]
        values["raw_text"] = " ".join(cleaned.document.text.split())
    return json.dumps(values, ensure_ascii=False)


def _with_header(text: str, fields: PageFields) -> str:
    """The text below a YAML header of the fields that are known, if any."""
    known_fields = {name: value for name, value in fields.items() if value}
    if not known_fields:
        return text
    header = yaml.safe_dump(known_fields, sort_keys=False, allow_unicode=True, width=float("inf"))
    return f"---\n{header}---\n{text}"
