"""What a run will do: its inputs in shards, and the name that the same run would get again."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from corpus.decisions.snapshot import Snapshot
from corpus.errors import UsageError
from corpus.inputs import InputFile, find_files
from corpus.raw import Quarantined
from corpus.settings import NO_RECALIBRATION, Settings
from flows.journal import note
from flows.judgements import Judgements, read_judgements


@dataclass(frozen=True, slots=True)
class Shard:
    """Files that are cleaned together; the number names its parts in the output."""

    number: int
    files: tuple[InputFile, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The work of a run; equal for equal inputs, settings, judgements, models, word lists and version of Winnow."""

    run_id: str  # 12 hex digits of the hash over inputs, settings, judgements and version
    pipeline_version: str
    shards: tuple[Shard, ...]
    quarantined: tuple[Quarantined, ...]  # inputs that could not even be listed
    judgements: Judgements = field(default_factory=Judgements)
    decisions: Snapshot | None = None  # what people had decided when it was made
    recalibration: tuple[float, float, float] = NO_RECALIBRATION  # of the settings


def plan_run(inputs: Sequence[str], settings: Settings, pipeline_version: str) -> Plan:
    """List the inputs and cut them into shards.

    Raises UsageError for an input that does not exist, where nothing is left to read, and for files
    of judgements that cannot be read.
    """
    found = find_files(inputs)
    files = [f for f in found if isinstance(f, InputFile)]
    quarantined = tuple(f for f in found if isinstance(f, Quarantined))
    if not found:
        raise UsageError(
            f"{', '.join(inputs)}: no files there; see `winnow clean --help` for what can be read"
        )
    judgements = read_judgements(settings)
    named = [(f.name, f.size, f.modified) for f in files]
    identity = json.dumps([named, settings.fingerprint(), pipeline_version, judgements.identity()])
    run_id = hashlib.sha256(identity.encode()).hexdigest()[:12]
    shards = tuple(cut_shards(files, settings))
    size = sum(file.size for file in files)
    note("planned", run_id=run_id, shards=len(shards), files=len(files), bytes=size)
    for item in quarantined:
        note("quarantined", path=item.path, reason=item.reason)
    return Plan(
        run_id,
        pipeline_version,
        shards,
        quarantined,
        judgements,
        settings.decisions,
        settings.recalibration,
    )


def cut_shards(files: Iterable[InputFile], settings: Settings) -> Iterator[Shard]:
    """Group files in their order: up to ``shard_documents`` files or ``shard_bytes`` bytes a shard.

    An archive is one file here, however many documents it holds.
    """
    number, group, size = 0, list[InputFile](), 0
    for file in files:
        if group and (len(group) >= settings.shard_documents or size + file.size > settings.shard_bytes):
            yield Shard(number, tuple(group))
            number, group, size = number + 1, [], 0
        group.append(file)
        size += file.size
    if group:
        yield Shard(number, tuple(group))
