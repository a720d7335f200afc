"""What scheduled runs do. It stays with the process that begins them: a run's parameters can name nothing."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from prefect.settings import get_current_settings

from winnow.corpus.environment import environment_variable
from winnow.corpus.errors import UsageError
from winnow.corpus.objects import absolute_location
from winnow.corpus.private_files import read_private, write_private
from winnow.corpus.settings import Settings

JOB_FILE: Final = "WINNOW_JOB"  # variable of the environment of runs: path of the file with their job
RETRIES: Final = 3
RETRY_SECONDS: Final = 60.0  # before the first retry; doubled before each further one


@dataclass(frozen=True, slots=True)
class Job:
    """What a scheduled run does; it crosses to the process of the run as JSON, in a file."""

    inputs: tuple[str, ...]
    output: str
    settings: Settings
    # Log of people's decisions, read when a run begins; "" is the one beside the output.
    decisions: str = ""
    notify: str = ""  # address or command for notices
    log: str = ""  # file for the structured log
    retries: int = RETRIES
    retry_seconds: float = RETRY_SECONDS

    def with_absolute_paths(self) -> "Job":
        """The same job wherever its runs begin."""
        return replace(
            self,
            inputs=tuple(absolute_location(location) for location in self.inputs),
            output=absolute_location(self.output),
            settings=self.settings.with_absolute_paths(),
            decisions=self.decisions and absolute_location(self.decisions),
            log=self.log and absolute_location(self.log),
        )

    def to_json(self) -> dict[str, Any]:
        """The job as JSON values."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return values | {"settings": self.settings.to_json()}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Job":
        """The job from the values of `to_json`, also after a round trip through JSON."""
        settings = Settings.from_json(values["settings"])
        return cls(**{**values, "inputs": tuple(values["inputs"]), "settings": settings})


def write_job(job: Job, path: Path) -> None:
    """Write a job with absolute paths to a file of mode 0600: it names commands and code that runs execute."""
    try:
        write_private(path, json.dumps(job.with_absolute_paths().to_json(), indent=1) + "\n")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}); name another file") from error


def read_job() -> Job:
    """The job in the file that the environment names.

    Raises UsageError where none is named, where others could have changed it, and where it holds no job.
    """
    path = os.environ.get(JOB_FILE)
    if not path:
        raise UsageError(f"{JOB_FILE} names no file; write one with `winnow serve --write-job`")
    try:
        return Job.from_json(json.loads(read_private(Path(path))))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UsageError(
            f"{path}: holds no job ({type(error).__name__}: {error}); write it anew with `winnow serve --write-job`"
        ) from error


def private_folder() -> Path:
    """The folder for private files, in ``PREFECT_HOME``: others may be meant to read or write an output folder."""
    folder = get_current_settings().home / "winnow"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@contextmanager
def job_for_runs(job: Job) -> Iterator[None]:
    """Let the runs that this process begins meanwhile do a job."""
    name = sha256(absolute_location(job.output).encode()).hexdigest()[:16]
    path = private_folder() / f"job-{name}.json"
    write_job(job, path)
    try:
        with environment_variable(JOB_FILE, str(path)):
            yield
    finally:
        path.unlink(missing_ok=True)
