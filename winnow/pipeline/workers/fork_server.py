"""A server that forks the children of a run: it loads models once, so that children start at once and share them.

The server of `multiprocessing` is not enough for a library. Its children run the program's main script once more, which
may have no guard, or come from standard input; it starts none in a daemonic process (a pool's, Celery's), and none in
a process that was forked from one that has used it.
"""

import atexit
import os
import selectors
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.resources import files
from multiprocessing.connection import Connection, Pipe
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from pkgutil import resolve_name
from threading import Lock
from typing import Any, Final

from winnow.corpus.errors import WinnowError
from winnow.pipeline.workers.forked_process import NUMBER, ForkedProcess

PRELOAD: Final = "winnow.pipeline.workers.preload"  # what children share
PACKAGES: Final = Path(str(files("winnow.pipeline"))).parents[1]  # where Winnow lies
START: Final = "import sys; sys.path[:] = {path!r}; from {module} import serve_forks; serve_forks({fd})"
REQUEST: Final = b"f"  # to fork, beside two file descriptors: the child's pipe, and where its status goes


class ForkServer:
    """The server of this process, which is started for the first child."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket
        self._is_stopped = False

    def fork(self, pipe: int, check: Callable[[], None]) -> ForkedProcess:
        """A child that has a file descriptor as its end of a pipe.

        Raises OSError or EOFError where there is no server; the next call starts another. Raises WinnowError once
        children are stopped, and what ``check`` raises.
        """
        with self._lock:
            if self._is_stopped:
                raise WinnowError("stopped: no process that cleans is started any more")
            check()  # this thread may have waited for others
            try:
                return self._ask(pipe, check)
            except (OSError, EOFError):
                self.end()
                raise

    def end(self) -> None:
        """End the server; what it has forked ends when who started that hangs up."""
        if self._process:
            self._channel.close()
            self._process.kill()
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """End the server with all that it has forked, and start none any more; waits for no other thread."""
        self._is_stopped = True
        if process := self._process:
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGTERM)

    def forget(self) -> None:
        """Leave the server to the process from which this one was forked."""
        self._lock = Lock()  # a thread that does not exist here may hold the other
        if self._process:
            self._channel.close()
            self._process.returncode = 0  # for which that process waits
            self._process = None

    def _ask(self, pipe: int, check: Callable[[], None]) -> ForkedProcess:
        if not self._process:
            self._start()
        status, theirs = os.pipe()
        try:
            with open(theirs, "wb"):  # noqa: PTH123  # a file descriptor, closed with the block
                socket.send_fds(self._channel, [REQUEST], [pipe, theirs])
            return ForkedProcess(status, check)
        except BaseException:
            os.close(status)
            raise

    def _start(self) -> None:
        self._channel, theirs = socket.socketpair()
        with theirs:
            # Not the current folder, whatever lies there; but Winnow is found where this process has it.
            path = [*filter(None, sys.path), str(PACKAGES)]
            start = START.format(path=path, module=__name__, fd=theirs.fileno())
            with _without_interrupts():
                self._process = subprocess.Popen(
                    [sys.executable, "-P", "-c", start],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                )
            if self._is_stopped:  # since, when there was nothing to end
                raise ConnectionAbortedError


_server: Final = ForkServer()
atexit.register(_server.end)
os.register_at_fork(after_in_child=_server.forget)


def stop_children() -> None:
    """End all children of this process at once, whatever they do, and start none any more."""
    _server.stop()


def start_child(
    work: str, *arguments: object, check: Callable[[], None]
) -> tuple[ForkedProcess, "Connection[Any, Any]"]:
    """A child that does some work, and our end of a pipe to it.

    The work is a function, MODULE:FUNCTION, of the child's end of the pipe and the arguments; it is named, so that
    this process need not load all that cleans. Raises OSError or EOFError where none starts; the next call starts
    another server. Raises what ``check`` does, which is called while the server starts.
    """
    order = ForkingPickler.dumps((sys.path, str(Path.cwd()), work, arguments))
    ours, theirs = Pipe()
    try:
        with theirs:
            process = _server.fork(theirs.fileno(), check)
    except BaseException:
        ours.close()
        raise
    with suppress(ConnectionError):  # it has died: who waits for its answer will know
        ours.send_bytes(order)
    return process, ours


def serve_forks(channel_fd: int) -> None:
    """The work of the server: fork a child for each request, and tell how each ended, until nobody can ask.

    Then, and on SIGTERM, it ends the children that are left.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which then hangs up
    import_module(PRELOAD)
    waker, wakened = socket.socketpair()
    for end in (waker, wakened):
        end.setblocking(False)
    signal.set_wakeup_fd(wakened.fileno(), warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, lambda _signal, _frame: None)  # not ignored: it wakes the server
    statuses: dict[int, int] = {}  # file descriptors, by the id of the process
    with socket.socket(fileno=channel_fd) as channel, selectors.DefaultSelector() as selector:
        selector.register(channel, selectors.EVENT_READ)
        selector.register(waker, selectors.EVENT_READ)
        try:
            while _serve_once(selector, channel, waker, statuses):
                pass
        finally:
            signal.set_wakeup_fd(
                -1
            )  # before its socket is closed: the ends of these children are signalled, too
            for pid in statuses:
                os.kill(pid, signal.SIGKILL)


def _serve_once(
    selector: selectors.BaseSelector, channel: socket.socket, waker: socket.socket, statuses: dict[int, int]
) -> bool:
    """Wait for requests and ends of children, and do what they ask for; False where the server is to end."""
    for key, _ in selector.select():
        if key.fileobj is not waker:
            if not _fork_once(channel, statuses):
                return False
        elif signal.SIGTERM in waker.recv(4096):
            return False
        else:
            _tell_ended(statuses)
    return True


def _fork_once(channel: socket.socket, statuses: dict[int, int]) -> bool:
    """Fork a child for a request; False where there is none, because nobody can ask any more."""
    request, (*fds,), _, _ = socket.recv_fds(channel, len(REQUEST), 2)
    if not request:
        return False
    pipe, status = fds
    pid = os.fork()
    if not pid:
        for fd in (channel.fileno(), *statuses.values()):  # its own status stays open as long as it lives
            os.close(fd)
        _do_work(pipe)
    os.close(pipe)
    statuses[pid] = status
    _send_number(status, pid)
    return True


def _do_work(pipe: int) -> None:
    """What a child does, and all: it never returns."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        with Connection(pipe) as connection:
            try:
                sys.path[:], folder, work, arguments = connection.recv()
            except EOFError:  # who asked did not wait until the server had started
                os._exit(0)
            os.chdir(folder)
            resolve_name(work)(connection, *arguments)
        code = 0
    except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever it is, only this child may end
        sys.excepthook(type(error), error, error.__traceback__)
    finally:
        with suppress(OSError, ValueError):
            sys.stderr.flush()
        os._exit(code)


def _tell_ended(statuses: dict[int, int]) -> None:
    """Send the exit codes of all children that have ended since."""
    for pid, status in [*statuses.items()]:
        ended, code = os.waitpid(pid, os.WNOHANG)
        if ended:
            _send_number(status, os.waitstatus_to_exitcode(code))
            os.close(statuses.pop(pid))


def _send_number(status: int, number: int) -> None:
    with suppress(BrokenPipeError):  # who asked is gone
        os.write(status, NUMBER.pack(number))


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Block Ctrl-C for processes that this thread starts while the block lasts: it is for the run alone."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
