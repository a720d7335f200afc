"""The command ``winnow retry``: repeats the last run for what it could not clean."""

from collections.abc import Sequence
from pathlib import Path

import typer

from winnow.cli.clean_request import last_manifest, same_request
from winnow.cli.clean_run import clean_now
from winnow.cli.options import CleanFolder, EngineAgain, LockFolder, OwnCleaners, PublishAgain
from winnow.cli.terminal import DONE
from winnow.corpus.locations import located


def retry_command(
    clean: CleanFolder = Path("clean"),
    cleaner: OwnCleaners = [],  # noqa: B006  # typer's way to say "repeatable"
    engine: EngineAgain = None,
    publish: PublishAgain = None,
    lock: LockFolder = None,
) -> None:
    """Clean again what is in quarantine, with the inputs and settings of the last run.

    **Examples**

    `winnow retry clean`
    """
    raise typer.Exit(retry(clean, cleaner, engine, publish, lock))


def retry(
    folder: Path,
    cleaners: Sequence[str] = (),
    engine: str | None = None,
    publish: str | None = None,
    lock: Path | None = None,
) -> int:
    """Repeat the last run for all that it could not clean, and return the exit code.

    Raises UsageError where no run is known, for inputs that are no longer there, and as `same_request` does.
    """
    from winnow.pipeline.state.leftovers import forget_failures

    with located(folder, lock) as output:
        manifest = last_manifest(output)
        if not manifest.counts["quarantined"]:
            print("nothing is in quarantine")
            return DONE
        request = same_request(manifest, output, cleaners, engine, publish)
        forget_failures(output, manifest)
        return clean_now(request)
