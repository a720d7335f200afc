"""The limit of a child's memory, and how it says that it has reached it."""

import resource
from pathlib import Path
from typing import Final

OUT_OF_MEMORY: Final = 77  # exit code of a child whose document needs more memory than it may have
SIZES: Final = Path("/proc/self/statm")  # Linux; in pages of memory
PRIVATE_PAGES: Final = 5  # index of the size of data and stack among these


def limit_memory(more: int) -> None:
    """Limit the memory of this process to ``more`` bytes beyond what it has now, so that models do not count.

    Works where the system shows sizes as Linux does; elsewhere nothing is limited.
    """
    if SIZES.exists():
        used_bytes = int(SIZES.read_text().split()[PRIVATE_PAGES]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_DATA, (used_bytes + more, resource.RLIM_INFINITY))
