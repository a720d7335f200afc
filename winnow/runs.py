"""Commands about a folder that an earlier run wrote: what the same run would do now, and to try again what failed."""

from collections.abc import Sequence
from pathlib import Path

from corpus.errors import UsageError
from corpus.settings import Settings
from flows.kept import Manifest, forget_failures, read_manifest
from flows.outlook import CHANGED, GONE, NEW, Outlook, outlook
from flows.plan import plan_run
from flows.version import version_of_everything
from winnow.commands import clean_folder
from winnow.decided import with_decisions


def status(folder: Path) -> None:
    """Print what the last run left, and what the same run would do now. Raises UsageError where none is known."""
    last = _last_run(folder)
    dry_run(last.inputs, folder, _settings(last, folder))


def dry_run(inputs: Sequence[str], folder: Path | None, settings: Settings) -> None:
    """Print what a run would do, and why. Raises UsageError without an output folder to compare with."""
    if folder is None:
        raise UsageError("--dry-run compares with an output folder; name it with -o")
    plan = plan_run(inputs, settings, version_of_everything())
    for line in _told(outlook(plan, settings, folder)):
        print(line)


def retry(folder: Path) -> int:
    """Run the last run again, with all that it could not clean; give the exit code.

    Raises UsageError where no run is known, and for inputs that are no longer there.
    """
    last = _last_run(folder)
    if not last.counts["quarantined"]:
        print("nothing is in quarantine")
        return 0
    forget_failures(folder, last)
    return clean_folder(last.inputs, folder, _settings(last, folder), flow=False)


def _last_run(folder: Path) -> Manifest:
    last = read_manifest(folder)
    if last is None:
        raise UsageError(
            f"{folder}: no run of this version of Winnow is known there; `winnow clean` makes one"
        )
    return last


def _settings(last: Manifest, folder: Path) -> Settings:
    """The settings of the last run, with what people have decided by now."""
    log = Path(last.decision_log) if last.decision_log else None
    return with_decisions(Settings.from_json(last.settings), log, folder.absolute().parent)


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
