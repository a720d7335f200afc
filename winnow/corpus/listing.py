"""Lists of input files that take little memory, however many there are: some 40 bytes a file, packed by the thousand.

A list of `winnow.corpus.inputs.InputFile` takes 600 bytes a file, most of them names that begin alike.
"""

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import Final, overload

from winnow.corpus.inputs import InputFile, apart, shown_name, walk_inputs
from winnow.corpus.raw import Quarantined

FILES_A_PACK: Final = 1000
PACKING_LEVEL: Final = 1
UNPACKED: Final = 16  # packs in memory while files are put in order: those of a folder lie together
FIELDS: Final = tuple(each.name for each in fields(InputFile))


@dataclass(frozen=True, slots=True)
class PackedFiles(Sequence[InputFile]):
    """A sequence of files, equal where the files are; reading them all unpacks each once."""

    packs: tuple[bytes, ...] = ()
    length: int = 0

    @classmethod
    def of(cls, files: Iterable[InputFile]) -> "PackedFiles":
        """Some files in their order; of these it holds a thousand at a time."""
        packs, length, remaining = list[bytes](), 0, iter(files)
        while group := [*islice(remaining, FILES_A_PACK)]:
            packs.append(_pack(group))
            length += len(group)
        return cls(tuple(packs), length)

    def __len__(self) -> int:
        return self.length

    def __iter__(self) -> Iterator[InputFile]:
        return chain.from_iterable(map(_unpack, self.packs))

    @overload
    def __getitem__(self, index: int) -> InputFile: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[InputFile]: ...

    def __getitem__(self, index: int | slice) -> InputFile | Sequence[InputFile]:
        if isinstance(index, slice):
            return [*self][index]
        place = range(self.length)[index]
        return _unpack(self.packs[place // FILES_A_PACK])[place % FILES_A_PACK]


@dataclass(frozen=True, slots=True)
class Listing:
    """What `winnow.corpus.inputs.find_files` finds, packed: files, and what cannot be opened, each sorted by name."""

    files: PackedFiles = PackedFiles()
    unlisted: tuple[Quarantined, ...] = ()


def list_files(inputs: Iterable[str]) -> Listing:
    """The files that arguments name, as `winnow.corpus.inputs.find_files` lists them. Raises what that raises."""
    roots, names, unlisted = list[Path](), list[str](), dict[int, Quarantined]()

    def files() -> Iterator[InputFile]:
        """Those that can be opened, as they are found; names and roots are noted of all."""
        for root, item in walk_inputs(inputs):
            if isinstance(item, Quarantined):
                unlisted[len(names)] = item
            else:
                yield item
            roots.append(root)
            names.append(shown_name(item))

    found = PackedFiles.of(files())
    names = apart(roots, names)
    places = (
        [place for place in range(len(names)) if place not in unlisted] if unlisted else range(len(names))
    )
    unpacked = lru_cache(UNPACKED)(lambda number: _unpack(found.packs[number]))
    in_order = (
        _named(unpacked(at // FILES_A_PACK)[at % FILES_A_PACK], names[places[at]])
        for at in sorted(range(len(found)), key=lambda at: names[places[at]])
    )
    rows = (replace(item, path=names[place]) for place, item in unlisted.items())
    return Listing(PackedFiles.of(in_order), tuple(sorted(rows, key=shown_name)))


def _named(file: InputFile, name: str) -> InputFile:
    return file if file.name == name else replace(file, name=name)


def _pack(files: Sequence[InputFile]) -> bytes:
    rows = [[getattr(file, name) for name in FIELDS] for file in files]
    return zlib.compress(json.dumps(rows).encode(), PACKING_LEVEL)


def _unpack(pack: bytes) -> list[InputFile]:
    return [
        InputFile(name, location, collection, folder, size, modified, stamp, tuple(taken))
        for name, location, collection, folder, size, modified, stamp, taken in json.loads(
            zlib.decompress(pack)
        )
    ]
