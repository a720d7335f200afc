"""A sample of the inputs that takes little reading, for estimates: some files, and some documents of these.

`winnow.pipeline.state.sampling` reads all inputs to draw a sample. Here files are drawn by the hashes of their names,
and of a long archive only its beginning is read.
"""

import hashlib
import heapq
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from winnow.corpus.inputs import InputFile
from winnow.corpus.raw import PassedOver, Quarantined, RawDocument
from winnow.corpus.readers import holds_one_document, is_read_in_order
from winnow.corpus.readers.streams import open_file
from winnow.corpus.settings import Settings
from winnow.pipeline.state.sampling import place_key
from winnow.pipeline.workers.file_reader import Reader, open_reader

BEGINNING_BYTES: Final = 4_000_000  # read of a longer archive: some 150 pages of a crawl
READ_BYTES: Final = 32_000_000  # of archives, after which no more are drawn
LEAST_SHARE: Final = 0.1  # of the documents to draw, for each sort of files


@dataclass(frozen=True, slots=True)
class DrawnFile:
    """A file that was drawn."""

    file: InputFile  # takes the documents that were drawn; perhaps a copy of the beginning of the input
    documents: int  # that it holds

    @property
    def drawn(self) -> int:
        """The number of documents that were drawn of it."""
        return len(self.file.taken)


@dataclass(frozen=True, slots=True)
class FileSort:
    """Input files of one sort, those that hold one document each or archives, with those that were drawn."""

    is_of_one: bool
    files: int
    size: int  # bytes on disk, of all
    drawn: tuple[DrawnFile, ...]

    @property
    def is_whole(self) -> bool:
        """Whether all files were drawn, and read to their ends."""
        return len(self.drawn) == self.files and sum(each.file.size for each in self.drawn) == self.size


def draw(
    files: Sequence[InputFile], documents: int, settings: Settings, folder: Path
) -> tuple[FileSort, ...]:
    """Each sort of files that there is, with about so many documents of all drawn; the same ones each time.

    The beginnings of long archives are copied into ``folder``. Documents are drawn by the keys by which ``sample`` of
    the settings draws them.
    """
    sizes: dict[bool, list[int]] = {True: [], False: []}
    for file in files:
        sizes[holds_one_document(file)].append(file.size)
    total, sorts = sum(map(sum, sizes.values())) or 1, []
    for is_of_one, each in sizes.items():
        if each:
            share = max(LEAST_SHARE, sum(each) / total)
            number = max(1, min(documents, round(documents * share)))
            candidates = heapq.nsmallest(number, _of_sort(files, is_of_one), key=_name_hash)
            drawn = (
                [DrawnFile(replace(file, taken=(0,)), 1) for file in candidates]
                if is_of_one
                else _drawn_archives(candidates, number, settings, folder)
            )
            sorts.append(FileSort(is_of_one, len(each), sum(each), tuple(drawn)))
    return tuple(sorts)


def _of_sort(files: Sequence[InputFile], is_of_one: bool) -> Iterator[InputFile]:
    return (file for file in files if holds_one_document(file) == is_of_one)


def _name_hash(file: InputFile) -> bytes:
    return hashlib.blake2b(file.name.encode(), digest_size=8).digest()


def _drawn_archives(
    candidates: Sequence[InputFile], documents: int, settings: Settings, folder: Path
) -> list[DrawnFile]:
    """The first archives that together are as long as may be read, one at least, with the documents drawn of them."""
    keys, size = list[tuple[str, int, int]](), 0
    read_files, counts = list[InputFile](), list[int]()
    with open_reader(settings) as read:
        for number, candidate in enumerate(candidates):
            if size >= READ_BYTES:
                break
            file = _beginning(candidate, folder)
            found = [*_document_keys(file, read, is_cut=file is not candidate)]
            keys += ((key, number, position) for position, key in enumerate(found))
            read_files.append(file)
            counts.append(len(found))
            size += file.size
    taken = defaultdict[int, list[int]](list)
    for _, number, position in heapq.nsmallest(documents, keys):
        taken[number].append(position)
    return [
        DrawnFile(replace(file, taken=tuple(sorted(taken[number]))), count)
        for number, (file, count) in enumerate(zip(read_files, counts, strict=True))
    ]


def _beginning(file: InputFile, folder: Path) -> InputFile:
    """A file, or a copy of its beginning where it is long and is read in order; it keeps its name."""
    if file.size <= BEGINNING_BYTES or not is_read_in_order(file):
        return file
    suffixes = "".join(Path(file.location).suffixes[-2:])
    path = folder / f"{_name_hash(file).hex()}{suffixes}"
    try:
        with open_file(file) as stream:
            path.write_bytes(stream.read(BEGINNING_BYTES))
    except OSError:  # is a row of the quarantine for who reads the file itself
        return file
    return replace(file, location=str(path), size=path.stat().st_size, stamp="")


def _document_keys(file: InputFile, read: Reader, *, is_cut: bool) -> Iterator[str]:
    """The keys of the documents of a file, in order; without what is broken at the end of one that was cut there."""
    held: RawDocument | Quarantined | None = None
    for item in read(file):
        if isinstance(item, PassedOver):
            continue
        if held:
            yield place_key(held)
        held = item
    if held and not (is_cut and isinstance(held, Quarantined)):
        yield place_key(held)
