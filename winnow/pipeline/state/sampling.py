"""Runs over some of the documents: the first ones, or a sample that is the same each time."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from winnow.corpus.inputs import InputFile
from winnow.corpus.raw import PassedOver, Quarantined, RawDocument
from winnow.corpus.readers import Item
from winnow.corpus.settings import Settings
from winnow.pipeline.tables.keys import document_key, text_key
from winnow.pipeline.workers.file_reader import open_reader


def taken_files(files: Sequence[InputFile], settings: Settings) -> Sequence[InputFile]:
    """The files with documents that the settings take, each with the positions of these; all where they take all.

    ``limit`` takes the first documents in the order of the names of files, and reads no further. ``sample`` reads all
    files and takes the documents with the smallest keys, which are hashes of content and place: the same documents give
    the same sample, whatever else is cleaned with them, and a larger sample holds a smaller one.
    """
    if not (settings.limit or settings.sample):
        return files
    places = _places(files, settings)
    chosen = heapq.nsmallest(settings.sample, places) if settings.sample else islice(places, settings.limit)
    taken = defaultdict[int, list[int]](list)
    for _, file, position in chosen:
        taken[file].append(position)
    return [replace(files[file], taken=tuple(sorted(taken[file]))) for file in sorted(taken)]


def _places(files: Sequence[InputFile], settings: Settings) -> Iterator[tuple[str, int, int]]:
    """The key of each document, the index of its file, and its position there."""
    with open_reader(settings) as read:
        for number, file in enumerate(files):
            for position, item in enumerate(_documents(read(file))):
                yield place_key(item), number, position


def _documents(items: Iterable[Item]) -> Iterator[RawDocument | Quarantined]:
    """All items that count as documents, those that cannot be read among them."""
    return (item for item in items if not isinstance(item, PassedOver))


def place_key(item: RawDocument | Quarantined) -> str:
    """The key by which a document is drawn, and of what cannot be read one of its place."""
    return document_key(item) if isinstance(item, RawDocument) else text_key(item.path)
