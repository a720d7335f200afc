"""Processes of a run that a benchmark started, read from Linux's /proc."""

import os
import re
from contextlib import suppress
from pathlib import Path

PROPORTIONAL_SET = re.compile(r"^Pss:\s*(\d+) kB", re.MULTILINE)


def members(session: int) -> list[int]:
    """The processes of a session, oldest first; that of a program started in a new one has its own id."""
    pids = sorted(int(process.name) for process in Path("/proc").glob("[0-9]*"))
    return [pid for pid in pids if _session(pid) == session]


def command(pid: int) -> bytes:
    """What a process was started as, words ended by zeros; nothing where it has ended."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def children(pid: int) -> list[int]:
    """The processes whose parent a process is, oldest first."""
    with suppress(OSError):
        tasks = Path(f"/proc/{pid}/task").glob("*/children")
        return sorted(int(child) for task in tasks for child in task.read_text().split())
    return []


def proportional_bytes(pid: int) -> int:
    """Bytes that a process holds, what it shares with others in parts (PSS); 0 once it has ended."""
    with suppress(OSError):
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        return 1024 * sum(map(int, PROPORTIONAL_SET.findall(rollup)))
    return 0


def _session(pid: int) -> int:
    """The session of a process, 0 once it has ended."""
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return 0
