"""The command ``winnow status``, and ``winnow clean --dry-run``: tell what a run would do, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from winnow.cli.clean_request import CleanRequest, last_manifest, same_request
from winnow.cli.options import CleanFolder, OwnCleaners
from winnow.cli.terminal import DONE, json_line
from winnow.corpus.errors import UsageError
from winnow.corpus.locations import located

if TYPE_CHECKING:
    from winnow.pipeline.state.outlook import Outlook


def status_command(
    clean: CleanFolder = Path("clean"),
    cleaner: OwnCleaners = [],  # noqa: B006  # typer's way to say "repeatable"
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Say what the last run left, what the same run would do now, and why. Writes nothing.

    **Examples**

    `winnow status clean`
    """
    with located(clean) as folder:
        dry_run(replace(same_request(last_manifest(folder), folder, cleaner), as_json=as_json))


def dry_run(request: CleanRequest) -> int:
    """Print what a run would do, and why. Raises UsageError without an output folder to compare with."""
    from winnow.pipeline.state.kept_log import with_decisions_for
    from winnow.pipeline.state.outlook import outlook
    from winnow.pipeline.state.plan import plan_run
    from winnow.pipeline.tables.version import version_of_everything

    if request.output is None:
        raise UsageError("--dry-run compares with an output folder; name it with -o")
    with located(request.output) as folder:
        settings = with_decisions_for(request.settings, request.decisions, folder)
        plan = plan_run(request.inputs, settings, version_of_everything())
        expected = outlook(plan, settings, folder)
    if request.as_json:
        print(json_line(outlook_record(expected)))
    else:
        for line in outlook_lines(expected):
            print(line)
    return DONE


def outlook_record(outlook: "Outlook") -> dict[str, Any]:
    """What a run would do as plain values for JSON; ``last`` is None where no earlier run is known."""
    from winnow.pipeline.state.outlook import CHANGED, GONE, NEW

    last, files = outlook.last, outlook.files
    return {
        "last": last and {"run_id": last.run_id, **last.counts, "passed_over": {**last.passed_over}},
        "files": files.total() - files[GONE],
        **{change: files[change] for change in (NEW, CHANGED, GONE)},
        "to_clean": outlook.cleaned,
        "reasons": [*outlook.reasons],
    }


def outlook_lines(outlook: "Outlook") -> Iterator[str]:
    """What a run would do as lines for people: the last run, the inputs, what there is to clean."""
    from winnow.pipeline.state.outlook import CHANGED, GONE, NEW

    if last := outlook.last:
        counts = (f"{last.counts[name]} {name}" for name in ("documents", "rejected", "quarantined"))
        yield f"last run {last.run_id}: {', '.join(counts)}"
        yield from passed_over_lines(last.passed_over)
    files = outlook.files
    changes = ", ".join(f"{files[change]} {change}" for change in (NEW, CHANGED, GONE))
    yield f"inputs: {files.total() - files[GONE]} files; {changes} since the last run"
    if not outlook.reasons:
        yield "a run would do nothing"
        return
    yield f"a run would clean {outlook.cleaned} files, because:"
    yield from (f"- {reason}" for reason in outlook.reasons)


def passed_over_lines(passed_over: Mapping[str, int]) -> Iterator[str]:
    """A line that counts by reason the records of archives that were no documents; none where there were none."""
    if passed_over:
        counts = ", ".join(f"{count:,} {reason}" for reason, count in passed_over.items())
        yield f"records of archives passed over: {sum(passed_over.values()):,} ({counts})"
