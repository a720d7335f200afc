"""The plan of a run: its inputs cut into shards, and an id that is equal for equal runs."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from winnow.corpus.decisions.snapshot import Snapshot
from winnow.corpus.errors import UsageError
from winnow.corpus.inputs import InputFile, printable
from winnow.corpus.listing import PackedFiles, list_files
from winnow.corpus.raw import Quarantined
from winnow.corpus.settings import NO_RECALIBRATION, Settings
from winnow.pipeline.shards.shards import Shard
from winnow.pipeline.sources.judgements import Judgements, read_judgements
from winnow.pipeline.state.sampling import taken_files
from winnow.pipeline.tables.journal import note
from winnow.pipeline.tables.version import with_cleaners

MIN_SHARE: Final = 0.25  # of what it may hold, before a shard ends by the name of a file
# Full shards that inputs are cut into at least, where they are long enough: as most end half full, two for each of 16
# cores. A shard costs some 30 ms beside its documents, a page as much.
MIN_SHARDS: Final = 16
MIN_FILES, MIN_BYTES = 32, 4_000_000  # that a shard may hold at least, unless the settings allow it less
NAME_HASH_BYTES: Final = 8
KEY_CHARS: Final = 32  # hex digits of a shard's key


@dataclass(frozen=True, slots=True)
class Plan:
    """The work of a run; equal for equal inputs, settings, judgements, models, word lists and version of Winnow."""

    run_id: str  # 12 hex digits of the hash over inputs, settings, judgements and version
    pipeline_version: str
    cleaning: str  # a hash of what shapes the row of a document besides itself and decisions about it
    shards: tuple[Shard, ...]
    quarantined: tuple[Quarantined, ...]  # inputs that could not even be listed
    judgements: Judgements = field(default_factory=Judgements)
    decisions: Snapshot | None = None  # of people, when the plan was made
    recalibration: tuple[float, float, float] = NO_RECALIBRATION  # of the settings
    name_prior: bool = True  # the same

    @property
    def identity(self) -> str:
        """A hash over the run id, the keys of its shards and its unlisted inputs; a run of equal identity is done."""
        unlisted = [(q.path, q.reason) for q in self.quarantined]
        return _hash([self.run_id, [shard.key for shard in self.shards], unlisted])


def plan_run(inputs: Sequence[str], settings: Settings, winnow_version: str) -> Plan:
    """List the inputs and cut them into shards.

    Raises UsageError for an input that does not exist, where there is nothing to read, for files of judgements that
    cannot be read, and for a cleaner of the user's own that cannot be loaded.
    """
    pipeline_version = with_cleaners(winnow_version, settings.cleaners)
    listing = list_files(inputs)
    files = taken_files(listing.files, settings)
    if not listing.files and not listing.unlisted:
        raise UsageError(
            f"{', '.join(inputs)}: no files there; see `winnow clean --help` for what can be read"
        )
    judgements = read_judgements(settings)
    cleaning = _hash([settings.cleaning_fingerprint(), pipeline_version])
    decisions = settings.decisions.fingerprint if settings.decisions else ""
    shaping = [cleaning, settings.limits(), decisions]
    plan = Plan(
        run_id=_run_id(files, [settings.fingerprint(), pipeline_version, judgements.identity()]),
        pipeline_version=pipeline_version,
        cleaning=cleaning,
        shards=tuple(cut_shards(files, settings, shaping)),
        quarantined=listing.unlisted,
        judgements=judgements,
        decisions=settings.decisions,
        recalibration=settings.recalibration,
        name_prior=settings.name_prior,
    )
    _note_plan(plan, files)
    return plan


def _run_id(files: Iterable[InputFile], shaping: Sequence[object]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(json.dumps([file.name, file.size, file.modified, file.taken]).encode())
    digest.update(json.dumps(shaping, sort_keys=True).encode())
    return digest.hexdigest()[:12]


def _note_plan(plan: Plan, files: Sequence[InputFile]) -> None:
    size = sum(shard.size for shard in plan.shards)
    note("planned", run_id=plan.run_id, shards=len(plan.shards), files=len(files), bytes=size)
    for item in plan.quarantined:
        note("quarantined", path=item.path, reason=item.reason, count=item.count)


def cut_shards(files: Sequence[InputFile], settings: Settings, shaping: object) -> Iterator[Shard]:
    """Group files in their order: up to as many files or bytes a shard as `shard_limits` allows.

    Most shards end earlier, before a file whose hashed name says so: thus a file that is added or deleted
    changes its own shard, and not all that follow. An archive is one file here, however many
    documents it holds. Raises UsageError where two files have one name.
    """
    _check_names(files)
    for number, group in enumerate(_groups(files, shard_limits(files, settings))):
        file_facts = [(f.name, f.collection, f.folder, f.size, f.modified, f.stamp, f.taken) for f in group]
        yield Shard(number, PackedFiles.of(group), _hash([shaping, file_facts])[:KEY_CHARS])


def _check_names(files: Sequence[InputFile]) -> None:
    """Raise UsageError where two files, which are sorted by name, have one name, or one that of a record of another.

    Rows are found again by the name of their file.
    """
    last, archives = (
        None,
        dict[str, str](),
    )  # by name, with that of a file that would be called like a record of it
    for file in files:
        if last and last.name == file.name:
            both = " and ".join(sorted(printable(each.location) for each in (last, file)))
            raise UsageError(f"{both} would both be called {file.name}; rename one of them")
        archive, sign, record = file.name.rpartition("#")
        if sign and record.isdigit():
            archives[archive] = record
        last = file
    for file in files if archives else ():
        if record := archives.get(file.name, ""):
            called = f"{file.name}#{record} would be called like record {record} of {file.name}"
            raise UsageError(f"{called}; rename one of them")


@dataclass(frozen=True, slots=True)
class ShardLimits:
    """What a shard may hold."""

    files: int
    size: int  # bytes


def shard_limits(files: Sequence[InputFile], settings: Settings) -> ShardLimits:
    """What the settings allow a shard to hold or, of few files, a half of it, a quarter and so on.

    What one of the smallest shards may hold is not cut.

    It follows from the files, and not from who cleans them, so that the bytes are the same on any number of cores. It
    is halved, and not divided, so that inputs that grow are mostly cut where they were.
    """
    size = sum(file.size for file in files)
    if len(files) <= MIN_FILES and size <= MIN_BYTES:
        return ShardLimits(settings.shard_documents, settings.shard_bytes)
    most_files, most_bytes = settings.shard_documents, settings.shard_bytes
    while MIN_SHARDS * most_files > len(files) and MIN_SHARDS * most_bytes > size:
        if most_files <= MIN_FILES and most_bytes <= MIN_BYTES:
            break
        most_files, most_bytes = most_files // 2, most_bytes // 2
    return ShardLimits(
        max(most_files, min(MIN_FILES, settings.shard_documents)),
        max(most_bytes, min(MIN_BYTES, settings.shard_bytes)),
    )


def _groups(files: Iterable[InputFile], limits: ShardLimits) -> Iterator[list[InputFile]]:
    group, size = list[InputFile](), 0
    for file in files:
        is_full = len(group) >= limits.files or size + file.size > limits.size
        filled = max(len(group) / limits.files, size / limits.size)
        if group and (is_full or (filled >= MIN_SHARE and _may_begin_shard(file, limits))):
            yield group
            group, size = [], 0
        group.append(file)
        size += file.size
    if group:
        yield group


def _may_begin_shard(file: InputFile, limits: ShardLimits) -> bool:
    """Whether a shard may end before a file: once in about a quarter of what a shard may hold, by the file's name."""
    weight = max(1 / limits.files, file.size / limits.size)
    name_hash = int.from_bytes(hashlib.blake2b(file.name.encode(), digest_size=NAME_HASH_BYTES).digest())
    return name_hash / 256**NAME_HASH_BYTES * MIN_SHARE < weight


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
