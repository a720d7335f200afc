"""Processor time of a piece of work."""

import time
from collections.abc import Callable


def cpu_seconds(run: Callable[[], object]) -> float:
    """CPU seconds of this process while something runs."""
    began = time.process_time()
    run()
    return time.process_time() - began
