"""Reading files: pages as they are in this process, and what must be unpacked or parsed in a child process."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Final

from winnow.corpus.errors import WinnowError
from winnow.corpus.inputs import InputFile
from winnow.corpus.raw import PassedOver, Quarantined
from winnow.corpus.readers import Item, is_taken_as_it_is, read_file
from winnow.corpus.settings import Settings
from winnow.pipeline.workers.process import ChildProcess, DiedError, cause_of_death, timeout
from winnow.pipeline.workers.stop import Stop

SERVE: Final = "winnow.pipeline.workers.reading_child:serve_files"  # the work of the process
BATCH_ITEMS: Final = 500  # that it sends together
AIM: Final = "read all of it"  # for which a limit is to be raised


@contextmanager
def open_reader(settings: Settings, stop: Stop | None = None) -> Iterator["Reader"]:
    """A reader of files, whose child process, if one was needed, ends with the block."""
    reader = Reader(settings, stop)
    try:
        yield reader
    finally:
        reader.close()


class Reader:
    """Reads one file after the other."""

    def __init__(self, settings: Settings, stop: Stop | None = None) -> None:
        self._settings = settings
        self._child = ChildProcess(SERVE, (settings, dict(os.environ)), settings, stop)

    def __call__(self, file: InputFile) -> Iterator[Item]:
        """The items of `read_file`, in its order; what a hostile file does to who reads it, it does to a child.

        Where a child dies, another reads the rest of the file and sends each item at once, so that none is lost that
        could be read; where that one dies, too, or a child took more CPU time than it may, the rest is one row of
        quarantine. Raises WinnowError where no child starts, and StorageError.
        """
        if is_taken_as_it_is(file):
            return read_file(file, self._settings)
        items = self._read_in_children(file)
        return taken_of(items, file.taken) if file.taken else items

    def close(self) -> None:
        """End the child."""
        self._child.close()

    def _read_in_children(self, file: InputFile) -> Iterator[Item]:
        count, last = 0, ""
        for batch_items in (BATCH_ITEMS, 1):
            try:
                for item in islice(self._read_in_child(file, batch_items), count, None):
                    yield item
                    count, last = count + 1, item.path
            except DiedError as died:
                if died.is_final or batch_items == 1:
                    detail = f"{died.detail}; read up to {last}" if last else died.detail
                    yield Quarantined(file.name, "", died.reason, detail)
                    return
            else:
                return

    def _read_in_child(self, file: InputFile, batch_items: int) -> Iterator[Item]:
        """The items of a file. Raises DiedError, with the cause, where the child dies or is too slow."""
        is_done = False
        try:
            self._child.connection().send((file, batch_items))
            while batch := self._receive():
                yield from batch
            is_done = True
        except TimeoutError:
            raise timeout(self._settings) from None
        except (EOFError, OSError) as error:  # the latter in the middle of an answer
            seconds = self._settings.reading_seconds(file.size)
            raise cause_of_death(self._child.exit_code(), self._settings, seconds, AIM) from error
        finally:
            if not is_done:  # what it would still send belongs to no other file
                self._child.close()

    def _receive(self) -> list[Item]:
        """The next batch, an empty one behind the last. Raises what the child could not decide."""
        batch: list[Item] | WinnowError = self._child.wait_for_answer().recv()
        if isinstance(batch, WinnowError):
            raise batch
        return batch


def taken_of(items: Iterable[Item], positions: Sequence[int]) -> Iterator[Item]:
    """The documents at some positions, in order; what archives hold beside documents has none."""
    wanted, position = frozenset(positions), 0
    for item in items:
        if isinstance(item, PassedOver):
            continue
        if position in wanted:
            yield item
        position += 1
        if position > positions[-1]:
            return
