"""``winnow.extract``, to be called as ``trafilatura.extract`` (2.x) is: one changed import tries Winnow."""

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
from winnow.corpus.settings import Settings
from winnow.models.extraction import read_document
from winnow.models.language import detect_language

FORMATS: Final = ("txt", "markdown", "json")
PRECISION_CUT: Final = 0.75  # of `Block.content`: what is less sure is left out; half the way to 1
RECALL_CUT: Final = 0.25  # half the way to 0
UNSUPPORTED: Final = frozenset(
    "config date_extraction_params deduplicate include_images include_links max_tree_size options prune_xpath "
    "settingsfile tei_validation".split()
)
NAMES_IN_JSON: Final = {"url": "source", "sitename": "source-hostname"}
NOT_READ: Final = (
    "fingerprint license excerpt categories tags image pagetype filedate".split()
)  # null in JSON

About = dict[str, str | None]


class Options(TypedDict, total=False):
    """What `extract` can be asked for, under trafilatura's names and with its defaults."""

    fast: bool  # this and the next ask for speed, and change nothing: Winnow has one way
    no_fallback: bool
    favor_precision: bool  # only blocks that are surely content
    favor_recall: bool  # also blocks that are likely none
    include_comments: bool  # True: readers' comments follow the text
    output_format: str  # "txt", "markdown" or "json"
    target_language: str | None  # None for a text in another, or too short to tell
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
    """The cleaned text of a page as txt, Markdown or JSON; None where nothing is left, or an option rules it out.

    Takes the options of ``trafilatura.extract``, by name. Raises UsageError for those that ask for what Winnow
    does not do: images, links, XML, HTML, CSV, duplicates, own XPaths, trafilatura's configuration.

    >>> extract("<p>Rain fell on Monday over the old harbour town.</p><p>Advertisement</p>")
    'Rain fell on Monday over the old harbour town.'
    """
    _check(options)
    cleaned = _cleaned(filecontent, url or "", options)
    if cleaned is None:
        return None
    about = _about(cleaned, record_id, options.get("author_blacklist") or ())
    if not _is_wanted(cleaned, about, options):
        return None
    told = about if any(map(options.get, ("with_metadata", "only_with_metadata", "url_blacklist"))) else {}
    text, comments = _text(cleaned, options), _comments(cleaned, options)
    if options.get("output_format") == "json":
        return _as_json(cleaned, text, comments, told)
    return _with_header("\n".join(filter(None, [text, comments])), told)


def _check(options: Options) -> None:
    """Raise what a caller must hear before any page is read."""
    if unknown := options.keys() - Options.__annotations__.keys():
        raise TypeError(f"extract() got an unexpected keyword argument {min(unknown)!r}")
    if asked := sorted(name for name, value in options.items() if value and name in UNSUPPORTED):
        raise UsageError(
            f"winnow.extract does not support {', '.join(asked)}; leave it out, or call trafilatura.extract"
        )
    if (form := options.get("output_format", FORMATS[0])) not in FORMATS:
        raise UsageError(f"output_format {form!r}: winnow.extract writes {', '.join(FORMATS)}")


def _cleaned(content: str | bytes | None, url: str, options: Options) -> Cleaned | None:
    """A page cleaned; None for no page, and where no text is left."""
    if content is not None and not isinstance(content, str | bytes):
        raise UsageError(f"{type(content).__name__}: give the page as str or bytes")
    if not content:
        return None
    try:
        document = read_document(raw_document(content, url), Settings())
    except UnreadableError:
        return None
    cleaned = clean(with_content(document, options), CLEANERS)
    return cleaned if cleaned.text.strip() else None


def with_content(document: Document, options: Options) -> Document:
    """A document in which other blocks are content: surer or less sure ones, no tables. Precision wins over recall."""
    cut = CONTENT_SHARE
    if options.get("favor_precision"):
        cut = PRECISION_CUT
    elif options.get("favor_recall"):
        cut = RECALL_CUT
    found = [block.content for block in document.blocks]
    shares = np.interp(found, [0.0, cut, 1.0], [0.0, CONTENT_SHARE, 1.0]).tolist()
    left_out = set() if options.get("include_tables", True) else {"tr"}
    blocks = (
        replace(block, content=0.0 if block.tag in left_out else share)
        for block, share in zip(document.blocks, shares, strict=True)
    )
    return replace(document, blocks=tuple(blocks))


def _about(cleaned: Cleaned, record_id: str | None, unwanted: Collection[str]) -> About:
    """What is known of a page, under trafilatura's names; None is "unknown"."""
    known = cleaned.document.metadata
    about = {
        "title": known.title,
        "author": "; ".join(author for author in known.authors if author not in unwanted),
        "url": known.url,
        "hostname": known.domain,
        "sitename": known.site_name,
        "date": known.published[:10],
        "id": record_id,
    }
    return {name: value or None for name, value in about.items()}


def _is_wanted(cleaned: Cleaned, about: About, options: Options) -> bool:
    language = options.get("target_language")
    if language and detect_language(cleaned.text)[0] != language:
        return False
    if about["url"] in (options.get("url_blacklist") or ()):
        return False
    is_complete = all(about[name] for name in ("title", "url", "date"))
    return is_complete or not options.get("only_with_metadata")


def _text(cleaned: Cleaned, options: Options) -> str:
    formatted = options.get("include_formatting")
    if formatted is None:
        formatted = options.get("output_format") == "markdown"
    return (to_markdown(cleaned) if formatted else cleaned.text).strip()


def _comments(cleaned: Cleaned, options: Options) -> str:
    if not options.get("include_comments", True):
        return ""
    text = cleaned.document.text
    pieces = (text[r.start : r.end].strip() for r in cleaned.removals if r.kind == "reader_comment")
    return "\n".join(filter(None, pieces))


def _as_json(cleaned: Cleaned, text: str, comments: str, about: About) -> str:
    told: About = {"text": text, "comments": comments}
    if about:
        told |= {NAMES_IN_JSON.get(name, name): value for name, value in about.items()}
        told |= dict.fromkeys(NOT_READ)
        told["language"] = detect_language(cleaned.text)[0]
        told["raw_text"] = " ".join(cleaned.document.text.split())
    return json.dumps(told, ensure_ascii=False)


def _with_header(text: str, about: About) -> str:
    known = {name: value for name, value in about.items() if value}
    if not known:
        return text
    header = yaml.safe_dump(known, sort_keys=False, allow_unicode=True, width=float("inf"))
    return f"---\n{header}---\n{text}"
