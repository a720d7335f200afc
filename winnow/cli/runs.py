"""Commands about a folder that an earlier run wrote: what the same run would do now, and to try again what failed."""

from pathlib import Path

from winnow.cli.commands import DONE, Cleaning, clean
from winnow.corpus.errors import UsageError
from winnow.corpus.settings import Settings
from winnow.pipeline.sources.judgements import with_decisions
from winnow.pipeline.state.manifest import Manifest, forget_failures, read_manifest
from winnow.pipeline.state.outlook import CHANGED, GONE, NEW, Outlook, outlook
from winnow.pipeline.state.plan import plan_run
from winnow.pipeline.tables.version import version_of_everything


def status(folder: Path) -> None:
    """Print what the last run left, and what the same run would do now. Raises UsageError where none is known."""
    dry_run(_asked(_last_run(folder), folder))


def dry_run(asked: Cleaning) -> int:
    """Print what a run would do, and why. Raises UsageError without an output folder to compare with."""
    if asked.output is None:
        raise UsageError("--dry-run compares with an output folder; name it with -o")
    settings = with_decisions(asked.settings, asked.decisions, asked.output.absolute().parent)
    plan = plan_run(asked.inputs, settings, version_of_everything())
    for line in _told(outlook(plan, settings, asked.output)):
        print(line)
    return DONE


def retry(folder: Path) -> int:
    """Run the last run again, with all that it could not clean; give the exit code.

    Raises UsageError where no run is known, and for inputs that are no longer there.
    """
    last = _last_run(folder)
    if not last.counts["quarantined"]:
        print("nothing is in quarantine")
        return DONE
    forget_failures(folder, last)
    return clean(_asked(last, folder))


def _last_run(folder: Path) -> Manifest:
    last = read_manifest(folder)
    if last is None:
        raise UsageError(
            f"{folder}: no run of this version of Winnow is known there; `winnow clean` makes one"
        )
    return last


def _asked(last: Manifest, folder: Path) -> Cleaning:
    """What the last run was asked to do."""
    log = Path(last.decision_log) if last.decision_log else None
    return Cleaning(last.inputs, folder, Settings.from_json(last.settings), log)


def _told(found: Outlook) -> list[str]:
    lines = []
    if found.last:
        counts = {name: found.last.counts[name] for name in ("documents", "rejected", "quarantined")}
        told = ", ".join(f"{count} {name}" for name, count in counts.items())
        lines.append(f"last run {found.last.run_id}: {told}")
    files, changes = found.files, (NEW, CHANGED, GONE)
    told = ", ".join(f"{files[change]} {change}" for change in changes)
    lines.append(f"inputs: {files.total() - files[GONE]} files; {told} since the last run")
    if not found.reasons:
        return [*lines, "a run would do nothing"]
    return [
        *lines,
        f"a run would clean {found.cleaned} files, because:",
        *(f"- {r}" for r in found.reasons),
    ]
