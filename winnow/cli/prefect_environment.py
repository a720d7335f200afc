"""What Prefect finds in the environment when a command imports it."""

import os


def prepare_prefect() -> None:
    """Set what Prefect reads of the environment when it is imported, unless the user has."""
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "240")
