"""The last stage of a run: write what concerns it as a whole, check that no document was lost, and publish."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Final

from winnow.corpus.decisions.events import Event
from winnow.corpus.decisions.snapshot import read_decisions
from winnow.corpus.hashed_files import HashedFile, hashed_files
from winnow.corpus.mounts import move
from winnow.corpus.notebook import shown, table_html
from winnow.corpus.objects import absolute_location
from winnow.corpus.raw import Quarantined
from winnow.corpus.run_thresholds import RunShare, run_shares
from winnow.corpus.schema import DOCUMENTS, REJECTED, SCHEMA_VERSION, SOURCES
from winnow.corpus.settings import Settings
from winnow.corpus.store_output import publish_version
from winnow.corpus.versions import RUN_KEY, stage
from winnow.corpus.writers import write_csv, write_parquet, write_rows, write_text
from winnow.pipeline.report.card import dataset_card
from winnow.pipeline.report.finish import CorpusFacts
from winnow.pipeline.report.finished_parts import FinishedPart
from winnow.pipeline.report.quarantine_table import write_quarantine
from winnow.pipeline.report.report import ReportedRun, write_report
from winnow.pipeline.report.run_cost import run_cost
from winnow.pipeline.report.tally import RunTally
from winnow.pipeline.shards.quarantine import read_passed_over, read_quarantine
from winnow.pipeline.shards.shards import LostDocumentError, ShardParts
from winnow.pipeline.sources.drift import find_drift, last_snapshots, scored_in_both
from winnow.pipeline.sources.quotation_cache import QUOTATIONS
from winnow.pipeline.sources.scores import source_row
from winnow.pipeline.state.kept_log import keep_log
from winnow.pipeline.state.leftovers import drop_unused
from winnow.pipeline.state.manifest import (
    COUNTS,
    FILE_LIST,
    Manifest,
    is_done,
    kept_shard,
    kept_shards,
    published_files,
    read_manifest,
    write_files,
    write_manifest,
)
from winnow.pipeline.state.plan import Plan
from winnow.pipeline.state.replaceable import check_replaceable
from winnow.pipeline.tables.journal import note

EMPTY_PART: Final = "part-00000"
VERSION_KEY: Final = "winnow_output"  # in the list of hashes, whose value is the version of its form
HASHES_VERSION: Final = "1.0"
SOURCES_FILE: Final = "sources.parquet"


@dataclass(frozen=True, slots=True)
class RunResult:
    """Where a run's output lies and how its counts add up."""

    folder: Path
    run_id: str
    documents: int
    rejected: int
    quarantined: int
    # Decisions of people about texts that no document has any more.
    orphaned: int = 0
    unchanged: bool = False  # whether the output of the last run was left as it is
    damaged: tuple[str, ...] = ()  # what of earlier runs was damaged or missing, and was made again
    # Records of archives that are no documents, by reason (`winnow.corpus.raw.PASSED_OVER_REASONS`), most first.
    passed_over: Mapping[str, int] = field(default_factory=dict)
    shares: tuple[RunShare, ...] = ()  # those with a threshold (`--fail-under`)

    @property
    def missed(self) -> tuple[str, ...]:
        """What is to be said of each threshold that the run missed; its output is published all the same."""
        return tuple(str(share) for share in self.shares if share.is_missed)

    def _repr_html_(self) -> str:
        """What a notebook shows: the counts."""
        rows = [(name, getattr(self, name)) for name in COUNTS if name != "orphaned" or self.orphaned]
        note = "unchanged: the output of the last run was left as it is" if self.unchanged else ""
        rows += [("passed over in archives", sum(self.passed_over.values()))] if self.passed_over else []
        return f"<p>{shown(self.folder)} {note}</p>{table_html(('run', self.run_id), rows)}"


@dataclass(frozen=True, slots=True)
class FinishedStages:
    """What the earlier stages of a run produced, as input of the last one."""

    plan: Plan
    inputs: Sequence[str]
    settings: Settings
    first: Sequence[ShardParts]  # as each document was cleaned by itself
    last: Sequence[ShardParts]  # as the lines of its site changed it
    facts: CorpusFacts
    parts: Sequence[FinishedPart]
    seconds: Mapping[str, float]  # by stage
    sources_before: Path | None = None  # the sources of the last run
    damaged: Sequence[str] = ()  # what of earlier runs was damaged or missing, and was made again


def unchanged_result(
    last: Manifest | None, plan: Plan, folder: Path, thresholds: Mapping[str, float]
) -> RunResult | None:
    """The result of the last run where this one would only repeat it and the output is untouched, else None.

    The thresholds are those of this run; no source has moved since the last one.
    """
    if last is None or not is_done(last, plan, folder):
        return None
    note("unchanged", run_id=plan.run_id)
    documents, rejected, quarantined, orphaned = (last.counts[name] for name in COUNTS)
    counts = (documents, rejected, quarantined, orphaned)
    shares = run_shares(thresholds, documents, quarantined, documents + rejected + quarantined)
    return RunResult(
        folder, last.run_id, *counts, unchanged=True, passed_over=last.passed_over, shares=shares
    )


def write_run(finished: FinishedStages, work: Path, folder: Path) -> RunResult:
    """Write what belongs to the run as a whole, check that nothing was lost, and publish it all.

    Raises LostDocumentError when documents, rejected and quarantined do not add up to the inputs.
    """
    plan, facts = finished.plan, finished.facts
    tally = RunTally.total(part.tally for part in finished.parts)
    path = work / "quarantine" / f"{EMPTY_PART}.parquet"
    quarantined = write_quarantine(path, all_quarantined(plan, finished.last), plan.run_id, work)
    orphans = orphaned_decisions(plan, tally)
    counts = (tally.documents, tally.rejected.total(), quarantined.inputs, len(orphans))
    damaged, passed_over = tuple(dict.fromkeys(finished.damaged)), count_passed_over(finished.last)
    inputs = count_inputs(plan, finished.last)
    before = last_snapshots(finished.sources_before) if finished.sources_before else {}
    drift = find_drift(before, facts.sources.values())
    moved, scored = len(drift), scored_in_both(before, facts.sources.values())
    limits = finished.settings.fail_under
    shares = run_shares(limits, tally.documents, quarantined.inputs, inputs, moved, scored)
    result = RunResult(
        folder, plan.run_id, *counts, damaged=damaged, passed_over=passed_over, shares=shares
    )
    check_sums(inputs, result)
    _write_tables(work, facts, finished.parts)
    card = dataset_card(tally, len(facts.sources), result.quarantined, plan.pipeline_version)
    write_text(work / "README.md", card)
    report = ReportedRun(
        plan,
        inputs,
        tally,
        facts,
        quarantined,
        drift,
        orphans,
        finished.seconds,
        run_cost(plan.shards, [*finished.first, *finished.last], finished.parts),
        damaged,
        passed_over,
        shares,
    )
    write_report(work, report)
    _publish(finished, result, work, folder)
    _note_done(inputs, result, sum(finished.seconds.values()))
    return result


def orphaned_decisions(plan: Plan, tally: RunTally) -> list[Event]:
    """Decisions of people about texts that no document of the run has any more."""
    return read_decisions(plan.decisions).orphans(tally.placed) if plan.decisions else []


def count_inputs(plan: Plan, parts: Sequence[ShardParts]) -> int:
    """The number of documents that came in, counted at the entrance, and of inputs that could not be listed."""
    return sum(part.documents for part in parts) + len(plan.quarantined)


def count_passed_over(parts: Sequence[ShardParts]) -> dict[str, int]:
    """Records of archives that are no documents, by reason, the most frequent first."""
    counts = Counter[str]()
    for part in parts:
        for records in read_passed_over(part.quarantine):
            counts[records.reason] += records.count
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def check_sums(inputs: int, result: RunResult) -> None:
    """Raise LostDocumentError unless each input is in exactly one place."""
    outputs = result.documents + result.rejected + result.quarantined
    if inputs != outputs:
        raise LostDocumentError(
            f"{inputs} documents came in, but {result.documents} + {result.rejected} rejected + "
            f"{result.quarantined} quarantined went out; nothing was published, please report this"
        )


def all_quarantined(plan: Plan, parts: Sequence[ShardParts]) -> Iterator[Quarantined]:
    """All inputs that a run could not list, read or clean, one in memory at a time."""
    yield from plan.quarantined
    for part in parts:
        yield from read_quarantine(part.quarantine)


def _publish(finished: FinishedStages, result: RunResult, work: Path, folder: Path) -> None:
    """Put the output in place and record it, in one step; the next run repeats one that is interrupted before."""
    check_replaceable(folder, read_manifest(folder))  # again, for cleaning can take hours
    plan = finished.plan
    facts = {RUN_KEY: plan.run_id, "pipeline_version": plan.pipeline_version, "schema": SCHEMA_VERSION}
    known = chain.from_iterable(part.files for part in finished.parts)
    version, files = stage(work, folder, {VERSION_KEY: HASHES_VERSION, **facts}, known)
    write_files(version, plan)
    move(work / QUOTATIONS, version / QUOTATIONS)
    manifest = _manifest(finished, result, version, files, kept_shards(folder))
    write_manifest(version, manifest)
    publish_version(version, folder, work / "replaced")
    drop_unused(folder, manifest)


def _manifest(
    finished: FinishedStages, result: RunResult, version: Path, files: Sequence[HashedFile], shards: Path
) -> Manifest:
    plan, decisions = finished.plan, finished.plan.decisions
    kept = [FILE_LIST, QUOTATIONS, *keep_log(decisions, version)]
    made = zip(plan.shards, finished.first, finished.last, finished.parts, strict=True)
    return Manifest(
        identity=plan.identity,
        run_id=plan.run_id,
        pipeline_version=plan.pipeline_version,
        cleaning=plan.cleaning,
        inputs=tuple(map(absolute_location, finished.inputs)),
        settings=finished.settings.with_absolute_paths().to_json(),
        judgements=plan.judgements.fingerprint(),
        decisions=decisions.fingerprint if decisions else "",
        decision_log=decisions.log if decisions else "",
        decision_events=decisions.events if decisions else 0,
        decision_head=decisions.head if decisions else "",
        counts={name: getattr(result, name) for name in COUNTS},
        passed_over=result.passed_over,
        shards=tuple(
            kept_shard(shards, shard, first, last, part.record) for shard, first, last, part in made
        ),
        kept=tuple(hashed_files(version, kept)),
        published=published_files(version),
        hashes={file.path: file.sha256 for file in files},
    )


def _write_tables(work: Path, facts: CorpusFacts, parts: Iterable[FinishedPart]) -> None:
    """Write the sources, and an empty part for each table that no shard wrote, so that every tool can open it."""
    _write_sources(work, facts)
    written = {file.path.partition("/")[0] for part in parts for file in part.files}
    for name, schema in (("documents", DOCUMENTS), ("rejected", REJECTED)):
        if name not in written:
            jsonl = work / name / f"{EMPTY_PART}.jsonl.gz" if schema is DOCUMENTS else None
            write_rows([], schema, parquet=work / name / f"{EMPTY_PART}.parquet", jsonl=jsonl)


def _note_done(inputs: int, result: RunResult, seconds: float) -> None:
    outputs = {name: getattr(result, name) for name in ("documents", "rejected", "quarantined")}
    for missed in result.missed:
        note("missed", threshold=missed)
    note("done", inputs=inputs, **outputs, passed_over=dict(result.passed_over), seconds=round(seconds, 3))


def _write_sources(work: Path, facts: CorpusFacts) -> None:
    rows = [source_row(source) for source in facts.sources.values()]
    write_parquet(work / SOURCES_FILE, SOURCES, rows)
    write_csv(work / "sources.csv", SOURCES.names, rows)
