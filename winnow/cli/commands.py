"""What the commands do, once their options are settings."""

import getpass
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final

from rich.console import Console

from winnow.cli.explain import explanation, explanation_record
from winnow.cli.terminal import terminal_safe, warn
from winnow.corpus.dates import iso_instant
from winnow.corpus.decisions.log import NAME
from winnow.corpus.errors import UnreadableError, UsageError
from winnow.corpus.inputs import find_files
from winnow.corpus.output import MARK
from winnow.corpus.raw import Quarantined, RawDocument
from winnow.corpus.readers import Item, read_stream, stream_suffix
from winnow.corpus.schema import DOCUMENTS
from winnow.corpus.settings import Settings
from winnow.pipeline.documents.clean import decide_raw
from winnow.pipeline.ending import RunResult
from winnow.pipeline.run import clean_corpus, stream_rows
from winnow.pipeline.shards.progress import document_bar
from winnow.pipeline.shards.shards import read_items
from winnow.pipeline.sources.judgements import with_decisions
from winnow.pipeline.tables.journal import journal
from winnow.pipeline.workers.isolation import open_children
from winnow.pipeline.workers.profiling import folded, merged_stacks, profile_lines, sample_stacks

STDIN: Final = "-"  # as the name of an input
DONE: Final = 0
QUARANTINED: Final = 3


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What `winnow clean` was asked to do."""

    inputs: Sequence[str]
    output: Path | None
    settings: Settings  # without people's decisions, which are read when a run begins
    decisions: Path | None  # log of these
    flow: bool = False
    log: Path | None = None
    profile: bool = False


def clean(asked: Cleaning) -> int:
    """Clean as asked, now, and give the exit code."""
    folder = asked.output.absolute().parent if asked.output else None
    settings = with_decisions(asked.settings, asked.decisions, folder)
    if asked.inputs == [STDIN] and asked.output is None:
        return clean_stream(settings)
    return clean_folder(replace(asked, settings=settings))


def clean_stream(settings: Settings) -> int:
    """Clean what comes in on standard input and print a JSON row a document; give the exit code.

    A document that is dropped (nothing is left of it) or quarantined is named on the error stream.
    Raises UsageError for judgements of sources, which are not known before the stream ends.
    """
    if settings.ratings or settings.overrides or settings.name_prior:
        raise UsageError(
            "--ratings, --overrides and --name-prior judge sources, which a stream does not; name a folder with -o"
        )
    code = DONE
    for row in stream_rows(_items(STDIN, settings), settings):
        if isinstance(row, Quarantined):
            code = QUARANTINED
            warn(f"{row.path}: {row.reason}: {row.detail}")
        elif row["reason"]:
            warn(f"{row['metadata']['raw_path']}: rejected: {row['reason']}")
        else:
            print(json.dumps({name: row[name] for name in DOCUMENTS.names}, ensure_ascii=False))
    return code


def clean_folder(asked: Cleaning) -> int:
    """Clean inputs into a folder, say in a few lines what came of it, and give the exit code."""
    if asked.output is None:
        raise UsageError("no output folder; name one with -o (only `winnow clean -` prints instead)")
    if asked.output.parts[0] == "s3:":
        raise UsageError("-o names a folder of this machine; --publish copies the output to an s3:// URL")
    if asked.flow and asked.profile:
        raise UsageError("--profile is for runs without --flow")
    run = _run_flow if asked.flow else _run_profiled if asked.profile else _run_here
    with _spooled(asked.inputs, asked.settings) as files, journal(asked.log):
        result = run(files, asked.output, asked.settings)
    print(
        f"{'nothing has changed: ' if result.unchanged else ''}{result.documents} documents, "
        f"{result.rejected} rejected, {result.quarantined} in quarantine; read {result.folder / 'report.html'}"
    )
    if result.orphaned:
        warn(f"{result.orphaned} decisions of people found no place; the report lists them")
    if result.quarantined:
        warn(f"look at {result.folder / 'quarantine'} for what could not be cleaned, and why")
    return QUARANTINED if result.quarantined else DONE


@contextmanager
def _spooled(inputs: Sequence[str], settings: Settings) -> Iterator[list[str]]:
    """The inputs with standard input as a file, which can be read again and cut into shards."""
    if STDIN not in inputs:
        yield [*inputs]
        return
    with TemporaryDirectory(prefix="winnow-") as folder:
        suffix, stream = stream_suffix(_standard_input(), settings)
        path = Path(folder) / "stdin" / f"stdin{suffix}"
        path.parent.mkdir()
        with path.open("wb") as file:
            shutil.copyfileobj(stream, file)
        yield [str(path) if name == STDIN else name for name in dict.fromkeys(inputs)]


def explain(file: str, settings: Settings, *, as_json: bool) -> None:
    """Print a document with what cleaning removes of it, for people or as JSON.

    Raises UsageError where there is not one document, UnreadableError where it cannot be read.
    """
    decided = decide_raw(_only_document(file, settings), settings)
    if as_json:
        print(
            json.dumps(explanation_record(decided, settings), indent=1)
        )  # ASCII: nothing steers a terminal
    else:
        explanation(decided, Console(), settings)


def review(
    clean: Path, port: int, log: Path | None, raw: Path | None, reviewer: str, *, read_only: bool
) -> None:
    """Serve the review page until interrupted. Raises UsageError for a folder, log or port that cannot be used."""
    from winnow.review.desk import open_desk  # here, because no other command needs a server
    from winnow.review.http_server import HOST, bind, serve
    from winnow.review.index import is_current

    if not is_current(clean):
        warn(f"reading {clean} for the first time since its run; a million documents take some minutes")
    folder = clean.absolute().parent
    who = " ".join(reviewer.split()) or getpass.getuser()
    desk = open_desk(clean, log or folder / NAME, raw or folder, who, read_only=read_only)
    listener = bind(port)
    print(f"http://{HOST}:{listener.getsockname()[1]}/ shows {clean}; stop with Ctrl-C", flush=True)
    serve(desk, listener)


def _run_here(
    inputs: Sequence[str], output: Path, settings: Settings, prepare: Callable[[], None] | None = None
) -> RunResult:
    with document_bar() as tick, open_children(prepare=prepare) as clean:
        return clean_corpus(inputs, output, settings, clean=clean, tick=tick)


def _run_profiled(inputs: Sequence[str], output: Path, settings: Settings) -> RunResult:
    """Run, print where the time went, and leave the stacks beside the output's lock."""
    with TemporaryDirectory(prefix="winnow-") as folder:
        result = _run_here(inputs, output, settings, partial(sample_stacks, folder))
        stacks = merged_stacks(Path(folder))
    report = json.loads((output / "report.json").read_text(encoding="utf8"))
    for line in profile_lines(report, stacks):
        print(terminal_safe(line))
    file = output / MARK / "profile.folded"
    file.write_text(folded(stacks), encoding="utf8")
    print(f"\nstacks, for flamegraph.pl or speedscope: {file}")
    return result


def _run_flow(inputs: Sequence[str], output: Path, settings: Settings) -> RunResult:
    """Run under Prefect. It is imported here, because that takes longer than cleaning a page."""
    prepare_prefect()
    from winnow.flows.clean import run_flow

    return run_flow(inputs, output, settings)


def prepare_prefect() -> None:
    """Set what Prefect reads of the environment when it is imported, unless the user has."""
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "240")


def _only_document(file: str, settings: Settings) -> RawDocument:
    items = [*islice(_items(file, settings), 2)]
    if len(items) != 1:
        raise UsageError(
            f"{file}: holds {'more than one document' if items else 'no document'}; explain shows one"
        )
    if isinstance(items[0], Quarantined):
        raise UnreadableError(items[0].reason, f"{file}: {items[0].detail}")
    return items[0]


def _items(file: str, settings: Settings) -> Iterator[Item]:
    """The documents of a file, or of standard input, which were obtained now."""
    if file == STDIN:
        now = iso_instant(time.time())
        for item in read_stream(_standard_input(), settings):
            yield replace(item, added=item.added or now) if isinstance(item, RawDocument) else item
        return
    for found in find_files([file]):
        if isinstance(found, Quarantined):
            yield found
        else:
            yield from read_items([found], settings)


def _standard_input() -> BinaryIO:
    if sys.stdin is None:
        raise UsageError("standard input is closed; pipe a document to it")
    return sys.stdin.buffer
