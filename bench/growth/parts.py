"""The parts of cleaning whose time is measured: all that the registries name, and all functions that take a text.

What is added to a registry, and a public function of one argument in a module of `MODULES`, is measured without being
named here. A function that only ever gets short texts is named in `BOUNDED`, with what bounds them.
"""

import inspect
import pkgutil
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from importlib import import_module
from operator import attrgetter
from typing import Any, Final, get_type_hints

import winnow.corpus
import winnow.models
from bench.growth.files import SUFFIXES, written_file
from winnow.cleaners import CLEANERS
from winnow.cleaners._rule_removals import rule_removals
from winnow.corpus.document import Cleaned, Document, Removal, clean
from winnow.corpus.inputs import InputFile
from winnow.corpus.layout import Page, lay_out_page, parse_page
from winnow.corpus.layout.html import PageTree
from winnow.corpus.lines import Line, read_lines
from winnow.corpus.raw import HTML, RawDocument
from winnow.corpus.readers import read_file
from winnow.corpus.settings import Settings
from winnow.models.blocks.block_model import load_model
from winnow.models.blocks.block_tokens import page_title
from winnow.models.blocks.story_parts import with_story_parts
from winnow.models.extraction import read_content, read_document
from winnow.models.lines.line_features import stage_two_rows
from winnow.models.lines.line_model import load_model as load_line_model
from winnow.models.lines.removal_context import removed_groups
from winnow.models.reliability.document_tokens import Tokens, read_tokens
from winnow.models.reliability.signals import SIGNALS
from winnow.models.reliability.style_features import document_features
from winnow.models.second_opinion import trafilatura_shares
from winnow.pipeline.documents.clean import clean_document
from winnow.pipeline.documents.masking import mask_document

SETTINGS: Final = Settings()
MARKDOWN: Final = Settings(text_format="markdown", contacts="mask-all")
# What a document goes through; other modules of the kernel read settings, decisions and tables.
MODULES: Final = (
    "winnow.corpus.bylines winnow.corpus.contacts winnow.corpus.dates winnow.corpus.decode"
    " winnow.corpus.document winnow.corpus.domains winnow.corpus.encoding_guess"
    " winnow.corpus.encoding_labels winnow.corpus.kept_lines winnow.corpus.layout"
    " winnow.corpus.lines winnow.corpus.markdown winnow.corpus.mojibake"
    " winnow.corpus.normal_form winnow.corpus.opening_dates winnow.corpus.packed"
    " winnow.corpus.page_metadata winnow.corpus.signature winnow.corpus.truncated"
    " winnow.corpus.wide_encodings winnow.corpus.written_dates winnow.models".split()
)


@dataclass(frozen=True)
class Subject:
    """A worst case of one size, in the forms in which parts of cleaning take it; each is made once."""

    text: str
    content_type: str

    @cached_property
    def raw(self) -> RawDocument:
        """The document as a reader gives it."""
        content = self.text.encode("utf-8", "replace")
        return RawDocument("raw/a", content, self.content_type, "raw", "2026-11-30T00:00:00Z", "utf-8")

    @property
    def document(self) -> Document:
        """The document, with its lines unread. Raises UnreadableError where it shows nothing."""
        return replace(self._document)

    @property
    def cleaned(self) -> Cleaned:
        """The document with what all cleaners remove."""
        return Cleaned(self.document, self._removals)

    @cached_property
    def tree(self) -> PageTree:
        """The document as a page."""
        return parse_page(self.text)

    @cached_property
    def page(self) -> Page:
        """The laid-out page."""
        return lay_out_page(self.tree)

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text."""
        return self.text.split("\n")

    @cached_property
    def _document(self) -> Document:
        return read_document(self.raw, SETTINGS)

    @cached_property
    def _removals(self) -> tuple[Removal, ...]:
        return clean(self.document, CLEANERS).removals


@dataclass(frozen=True, slots=True)
class Part:
    """A part of cleaning: what it is given, made of a case without being timed, and what is timed."""

    name: str
    given: Callable[[Subject], Any]
    run: Callable[[Any], object]
    content_type: str = ""  # of the cases that it is measured on; "" is any


# Types of the one argument of a function that is measured, and how it is made of a case.
ARGUMENTS: Final[dict[object, Callable[[Subject], object]]] = {
    str: attrgetter("text"),
    bytes: attrgetter("raw.content"),
    Document: attrgetter("document"),
    Cleaned: attrgetter("cleaned"),
    PageTree: attrgetter("tree"),
    Page: attrgetter("page"),
    Line: lambda subject: Line(0, len(subject.text), len(subject.text), subject.text),
    Tokens: lambda subject: read_tokens(subject.text),
    Sequence[str]: attrgetter("lines"),
    Iterable[str]: attrgetter("lines"),
    Iterable[Line]: lambda subject: read_lines(subject.text, [(0, len(subject.text))]),
}
PAGE_ARGUMENTS: Final = (PageTree, Page)
# Functions that are not measured, and why: what they get is short, or no text of a document.
BOUNDED: Final[dict[str, str]] = {
    "corpus.contacts.contact_words.alternatives": "words of our own lists",
    "corpus.encoding_labels.codec_of": "the name of an encoding",
    "corpus.encoding_labels.is_text_encoding": "the name of an encoding",
    "corpus.packed.unpack": "what `pack` made",
    "models.arrays.packed_words": "words of our own models",
    "models.blocks.outline.outline": "a page that has blocks; measured as content",
    "models.blocks.page_types.forced_type": "the name of a type",
    "models.identity.names.handle_names": "a user name, of 64 characters at most",
    "models.identity.names.plain": "2,500 characters of a line at most",
    "models.identity.detector.weigh": "names of evidence",
    "models.reliability.flags.prints_persona": "names of signals",
    "models.reliability.sums.is_of_title": "the name of a feature",
    "models.reliability.wording.symbol": "a token",
}


def parts() -> list[Part]:
    """Every part, those of registries first."""
    return [*_registered(), *_composed(), *_functions()]


def _registered() -> Iterator[Part]:
    """What a registry names: cleaners, readers, signals."""
    for cleaner in CLEANERS:
        yield Part(f"cleaner {cleaner.__name__}", attrgetter("document"), cleaner)
    for suffix in SUFFIXES:
        yield Part(f"reader {suffix}", partial(_file, suffix), lambda given: read_file(given[1], SETTINGS))
    for signal in SIGNALS:
        yield Part(f"signal {signal.__name__}", attrgetter("cleaned"), signal)


def _file(suffix: str, subject: Subject) -> tuple[object, InputFile]:
    return written_file(suffix, subject.text, subject.content_type)


def _composed() -> Iterator[Part]:
    """Parts that take more than a text, and documents as a whole."""
    yield Part(
        "content",
        attrgetter("tree", "text"),
        lambda given: read_content(given[0], given[1], "main", load_model()),
        HTML,
    )
    yield Part("story parts", attrgetter("tree", "page"), _story_parts, HTML)
    yield Part("hidden layout", attrgetter("tree"), lambda tree: lay_out_page(tree, with_hidden=True), HTML)
    yield Part("second opinion", attrgetter("text", "page"), lambda given: trafilatura_shares(*given), HTML)
    yield Part("line features", attrgetter("document"), _line_features)
    yield Part(
        "title features", attrgetter("text"), lambda title: document_features(title, read_tokens(""))
    )
    yield Part("overlaps", attrgetter("document"), lambda document: clean(document, CLEANERS))
    yield Part("masks", attrgetter("cleaned"), lambda cleaned: mask_document(cleaned, MARKDOWN))
    yield Part("document", attrgetter("raw"), lambda raw: clean_document(raw, SETTINGS))
    yield Part("document as Markdown", attrgetter("raw"), lambda raw: clean_document(raw, MARKDOWN))


def _story_parts(given: tuple[PageTree, Page]) -> object:
    tree, page = given
    return with_story_parts(tree, page, page_title(tree), [1.0] * len(page.blocks), is_article=True)


def _line_features(document: Document) -> object:
    """All columns for all lines, also of documents that the cleaner leaves alone."""
    if not document.lines:
        return None
    model = load_line_model()
    removed = removed_groups(document, rule_removals(document))
    return stage_two_rows(document, model.word_scores(document), removed, range(len(document.lines)))


def _functions() -> Iterator[Part]:
    """Public functions of one argument that is made of a document."""
    for name, function, argument in one_argument_functions():
        if name not in BOUNDED:
            content_type = HTML if argument in PAGE_ARGUMENTS else ""
            yield Part(name, ARGUMENTS[argument], function, content_type)


def one_argument_functions() -> Iterator[tuple[str, Callable[..., object], object]]:
    """The public functions of `MODULES` that can be called with one argument of `ARGUMENTS`, with its type."""
    for module_name in _module_names():
        module = import_module(module_name)
        for name, function in sorted(vars(module).items()):
            if inspect.isfunction(function) and function.__module__ == module_name and name[0] != "_":
                argument = _only_argument(function)
                if argument in ARGUMENTS:
                    yield f"{module_name.removeprefix('winnow.')}.{name}", function, argument


def _module_names() -> Iterator[str]:
    for package in (winnow.corpus, winnow.models):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.startswith(tuple(MODULES)):
                yield module.name


def _only_argument(function: Callable[..., object]) -> object:
    """The type of a function's first argument, None where it takes none or needs more."""
    parameters = [*inspect.signature(function).parameters.values()]
    if not parameters or any(other.default is other.empty for other in parameters[1:]):
        return None
    return get_type_hints(function, vars(sys.modules[function.__module__])).get(parameters[0].name)


def consume(result: object) -> None:
    """Make a lazy result do its work."""
    if isinstance(result, Iterator):
        deque(result, maxlen=0)
