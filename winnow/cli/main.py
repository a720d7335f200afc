"""The entry point of ``winnow``: Ctrl-C, error messages and exit codes.

It imports next to nothing before it takes Ctrl-C, so that this stops a command at any moment, imports included.
"""

import sys
from collections.abc import Sequence
from typing import Final

from winnow.cli.interruption import INTERRUPTION

NOTHING_HALF_WRITTEN: Final = "stopped; nothing is half-written"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; a user's mistake gives one line and an exit code, never a traceback."""
    with INTERRUPTION.watching():
        from winnow.cli.terminal import FAILED, USAGE, escape_what_streams_cannot_hold
        from winnow.corpus.errors import UsageError, WinnowError

        escape_what_streams_cannot_hold()
        try:
            _run_command(list(sys.argv[1:] if arguments is None else arguments))
        except UsageError as error:
            _fail(str(error), USAGE)
        except WinnowError as error:
            _fail(str(error), FAILED)
        except BrokenPipeError:
            # The reader of our output, such as `head`, has closed it.
            sys.stderr.close()
            sys.exit(0)
        except OSError as error:
            # A full disk, a folder that vanished: the message of the system, and the file.
            _fail(f"{error.filename or 'input or output'}: {error.strerror or error}", FAILED)
        except _arrow_errors() as error:
            _fail(f"not a Parquet file that can be read: {error}", FAILED)


def _run_command(arguments: list[str]) -> None:
    from winnow.cli.commands import app

    with INTERRUPTION.keeping(lambda: NOTHING_HALF_WRITTEN):
        INTERRUPTION.can_unwind = True
        try:
            app(arguments)
        finally:
            INTERRUPTION.can_unwind = False


def _arrow_errors() -> tuple[type[Exception], ...]:
    """The errors of pyarrow for an invalid Parquet file; none where pyarrow has not been imported."""
    arrow = sys.modules.get("pyarrow.lib")
    return (arrow.ArrowException,) if arrow else ()


def _fail(message: str, code: int) -> None:
    """Print an error message on the error stream, and exit with a code."""
    from winnow.cli.terminal import warn

    if INTERRUPTION.is_requested:  # of which the error is a consequence
        INTERRUPTION.end()
    warn(message)
    sys.exit(code)
