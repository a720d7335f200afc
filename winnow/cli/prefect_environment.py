"""The environment variables that Prefect reads when a command imports it."""

import os

from winnow.corpus.environment import SAFE_PATH
from winnow.corpus.extras import require_extra


def prepare_prefect(command: str) -> None:
    """Set the environment variables that Prefect reads on import, unless the user has set them.

    Raises UsageError where Prefect is not installed, for the command that needs it.
    """
    require_extra("flow", command)
    os.environ.setdefault("DO_NOT_TRACK", "1")
    # Its processes begin as ``python -m``, which would import what lies in the current folder first.
    os.environ.setdefault(SAFE_PATH, "1")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
