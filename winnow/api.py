"""The Python API: clean documents, score a source, clean folders and read the result."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from os import PathLike, fspath
from pathlib import Path

from winnow.corpus.document import Cleaned, Cleaner, Metadata
from winnow.corpus.errors import UnreadableError, UsageError
from winnow.corpus.explained import PageExplanation, explained
from winnow.corpus.locations import located
from winnow.corpus.own_cleaners import checked_cleaners, portable
from winnow.corpus.raw import RawDocument
from winnow.corpus.readers.sniffing import sniffed_type
from winnow.corpus.reading import Corpus, open_corpus
from winnow.corpus.settings import Settings
from winnow.models.language import detect_language
from winnow.models.reliability.signals import document_signals
from winnow.models.reliability.source_model import load_model
from winnow.models.reliability.source_score import SourceScore
from winnow.models.reliability.sums import SourceSums, sums_of
from winnow.pipeline.documents.clean import clean_raw
from winnow.pipeline.documents.masking import mask_document
from winnow.pipeline.ending import RunResult
from winnow.pipeline.run import clean_corpus
from winnow.pipeline.shards.run_progress import ReportedStages, RunProgress
from winnow.pipeline.state.kept_log import with_decisions_for
from winnow.pipeline.workers.isolation import open_children
from winnow.pipeline.workers.stop import CancelRequest, Stop

DEFAULTS = Settings()


def clean(
    content: str | bytes,
    *,
    url: str = "",
    title: str = "",
    settings: Settings = DEFAULTS,
    cleaners: Iterable[Cleaner] = (),
) -> Cleaned:
    """Clean one page or text: ``.text`` is what remains, ``.removals`` what was removed and why.

    HTML is told from text by its markup; bytes are decoded by BOM, declaration, or guess.
    ``cleaners`` are functions of your own that find removals in a document, besides Winnow's. Nothing in the content
    is executed or fetched. ``Settings(contacts="mask-all")`` masks contacts in the text; masks are as long as what they
    hide. The headline of a page is ``.document.metadata.title``; the text of most begins below it.

    Raises UnreadableError for content without text, and where less is left than a ``min_chars`` of the settings,
    UsageError for Markdown and for content that is neither text nor bytes, WinnowError for a cleaner that fails.
    """
    if settings.text_format == "markdown":
        raise UsageError(
            'offsets are those of plain text: winnow.extract(page, output_format="markdown") gives Markdown'
        )
    cleaned = clean_raw(raw_document(content, url, title), settings, checked_cleaners(cleaners))
    chars = len(cleaned.text.strip())
    if chars < settings.min_chars != DEFAULTS.min_chars:  # by default, nothing left is no error
        raise UnreadableError(
            "empty", f"{chars} characters left, fewer than min_chars={settings.min_chars}"
        )
    return mask_document(cleaned, settings).remaining


def explain(cleaned: Cleaned, *, settings: Settings = DEFAULTS) -> PageExplanation:
    """Why each piece of a cleaned document is left out: its kind in words, rule, score and what becomes of it.

    As text it is a line a piece, in a notebook the text with these struck through; ``.removed`` has them as rows.
    """
    return explained(cleaned, settings)


def score(documents: Iterable[Cleaned]) -> SourceScore:
    """Score one source from its cleaned documents; none in English gives ``unknown``, one or two say little."""
    sums = SourceSums()
    for number, cleaned in enumerate(documents):
        language, _ = detect_language(cleaned.text)
        title, signals = cleaned.document.metadata.title, document_signals(cleaned)
        sums += sums_of(f"{number:08d}", title, cleaned.text, language, signals)
    return load_model().score(sums)


def run(
    inputs: str | PathLike[str] | Sequence[str | PathLike[str]],
    output: str | PathLike[str],
    *,
    settings: Settings = DEFAULTS,
    decisions: str | PathLike[str] | None = None,
    progress: Callable[[RunProgress], object] | None = None,
    progress_seconds: float = 1.0,
    cancel: CancelRequest | None = None,
) -> RunResult:
    """Clean files, folders and globs into a folder or ``s3://BUCKET/PREFIX``, as ``winnow clean INPUTS -o`` does.

    ``decisions`` is the log of people's decisions; by default ``decisions.db`` beside the output, if it exists.
    ``progress`` is called in this thread at each new stage, every ``progress_seconds`` while documents are cleaned, and
    at the end; a logger's ``info`` will do. Where ``cancel``, a `threading.Event` or its like, is set, the run ends
    with CancelledError within a second, its child processes first; so it does where an exception comes into this
    thread (a timeout, Ctrl-C, one that ``progress`` raises). Nothing is published then, and the next run goes on.
    Child processes clean, so that one bad page cannot end the program; they run nothing of its main script, which
    needs no guard (but with ``engine="dask"``, whose own workers do run it). Raises UsageError for inputs, settings or
    an output folder that cannot be used; then nothing is written.
    """
    locations = [inputs] if isinstance(inputs, str | PathLike) else inputs
    settings = replace(settings, cleaners=tuple(map(portable, settings.cleaners)))
    log = Path(decisions) if decisions else None
    stop = Stop(cancel)
    stages = ReportedStages(progress, progress_seconds, stop.check)
    with located(fspath(output)) as folder, open_children(stop=stop) as clean:
        result = clean_corpus(
            [fspath(i) for i in locations],
            folder,
            with_decisions_for(settings, log, folder),
            clean=clean,
            tick=stages.tick,
            stages=stages,
            stop=stop,
        )
    stages.finish(result.documents + result.rejected + result.quarantined)
    return result


def read(folder: str | PathLike[str]) -> Corpus:
    """The corpus that a run wrote: documents, rejected, quarantine and sources, streamed as typed rows.

    Of ``s3://BUCKET/PREFIX`` it fetches what is asked for. Raises UsageError for a folder that no run wrote.
    """
    return open_corpus(fspath(folder))


def raw_document(
    content: str | bytes, url: str = "", title: str = "", content_type: str = ""
) -> RawDocument:
    """A raw document from content that is not in a file, with its URL, title and type if they are known.

    Raises UsageError for content that is neither text nor bytes.
    """
    if not isinstance(content, str | bytes):
        raise UsageError(f"{type(content).__name__}: give the page as str or bytes")
    octets = content.encode(errors="replace") if isinstance(content, str) else content
    return RawDocument(
        path="",
        content=octets,
        content_type=content_type or sniffed_type(octets),
        collection="",
        added="",
        encoding="utf-8" if isinstance(content, str) else "",
        metadata=Metadata(url=url, title=title),
    )
