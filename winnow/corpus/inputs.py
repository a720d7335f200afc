"""The files that a run reads: found in a fixed order, each once, each with a name of its own."""

import hashlib
import os
import re
import shlex
import stat
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from glob import glob, has_magic
from pathlib import Path, PurePosixPath
from typing import Final

from winnow.corpus.dates import iso_instant
from winnow.corpus.errors import UsageError
from winnow.corpus.objects import SCHEME, find_objects, is_remote
from winnow.corpus.output import MARK
from winnow.corpus.raw import Quarantined

UNPRINTABLE: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})  # Unicode categories that break a line or UTF-8
# Of "unicode_escape".
ESCAPE: Final = re.compile(r"\\(?:\\|[nrt]|x[0-9a-f]{2}|u[0-9a-f]{4}|U00(?:0[0-9a-f]|10)[0-9a-f]{4})")
WEB_ADDRESS: Final = re.compile(r"(?i)(?:https?|ftp)://|www\.")
PERMISSIONS: Final = "check its permissions, or where its link leads"
PIPE: Final = "pipe its content to standard input"


@dataclass(frozen=True, slots=True, order=True)
class InputFile:
    """A file to read, and what its path says about the documents in it."""

    name: str  # as outputs name it: "raw/site/a.html"; valid Unicode, unprintable characters escaped
    location: str  # the absolute path or URL to open; may hold bytes that are not UTF-8, as surrogates
    collection: str  # name of the folder given, or of the folder of a file given itself
    folder: str  # name of the folder that holds it
    size: int  # bytes on disk
    modified: str  # ISO 8601, UTC
    stamp: str = ""  # changes with the content: nanoseconds at which the inode changed, or an ETag
    taken: tuple[int, ...] = ()  # positions of the documents to take of it, from 0; () takes all


@dataclass(frozen=True, slots=True)
class _FoundFile:
    """A file at or below a path that was given, or the reason why it cannot be read."""

    root: Path
    path: Path
    size: int = 0
    modified: float = 0.0  # seconds since 1970
    stamp: str = ""  # of `InputFile`
    reason: str = ""  # of the quarantine; "" when it can be read
    detail: str = ""
    location: str = ""  # where the path does not say it

    def name(self) -> str:
        """The last component of what was given, and the path below it."""
        return printable(
            PurePosixPath(*self.root.parts[1:][-1:], *self.path.relative_to(self.root).parts).as_posix()
        )


def find_files(inputs: Iterable[str]) -> list[InputFile | Quarantined]:
    """The files that arguments name (files, folders with all below, globs, s3:// URLs), sorted by name.

    A file is named by the last component of what was given and the path below it: ``raw/site/a.html``
    for ``raw``, ``a.html`` for ``raw/site/a.html`` itself. Where two would get the same name, both get
    as many folders more as it takes. Hidden files below folders are skipped, and so are output folders
    of Winnow; a file that can be reached twice (links, inputs that overlap) is listed once. What cannot
    be opened is a row for the quarantine. Raises `UsageError` for an input that does not exist or a
    glob without a match.
    """
    places = [*walk_inputs(inputs)]
    names = apart([root for root, _ in places], [shown_name(item) for _, item in places])
    return sorted(
        (_renamed(item, name) for (_, item), name in zip(places, names, strict=True)), key=shown_name
    )


def walk_inputs(inputs: Iterable[str]) -> Iterator[tuple[Path, InputFile | Quarantined]]:
    """What `find_files` lists, as it is found, each with what was given; names are the shortest, see `apart`."""
    arguments = sorted(set(inputs))
    paths = [path for text in arguments if not is_remote(text) for path in _matches(text)]
    roots = [Path(os.path.abspath(path)) for path in paths]  # noqa: PTH100 - resolve() would follow links
    visited: set[int] = set()
    for root in roots:
        yield from ((root, _describe(place)) for place in _walk(root, visited))
    for url in filter(is_remote, arguments):
        yield from ((place.root, _describe(place)) for place in _find_stored(url, visited))


def apart(roots: Sequence[Path], names: list[str]) -> list[str]:
    """The names of items, given the root of each, with more folders of it where a shorter name is taken twice."""
    if len({*roots}) < 2:  # below one root no two have the same
        return names
    short_names = names
    for depth in range(2, 1 + max(len(root.parts) for root in roots)):
        counts = Counter(names)
        names = [
            "/".join([*map(printable, root.parts[1:][-depth:-1]), short]) if counts[name] > 1 else name
            for root, name, short in zip(roots, names, short_names, strict=True)
        ]
    return names


def _renamed(item: InputFile | Quarantined, name: str) -> InputFile | Quarantined:
    """An item under another name."""
    if shown_name(item) == name:
        return item
    return replace(item, path=name) if isinstance(item, Quarantined) else replace(item, name=name)


def printable(name: str) -> str:
    r"""A file name that every output can hold: line breaks and bytes that are not UTF-8 are escaped.

    Backslashes are escaped, too, so that no two names become one.

    >>> print(printable("a\nb.html"), printable(r"a\nb.html"))
    a\nb.html a\\nb.html
    """
    return "".join(
        c.encode("unicode_escape").decode("ascii")
        if c == "\\" or unicodedata.category(c) in UNPRINTABLE
        else c
        for c in name
    )


def unprintable(text: str) -> str:
    r"""The name that `printable` made printable.

    >>> unprintable(printable("a\nb.html")) == "a\nb.html"
    True
    """
    return ESCAPE.sub(lambda escape: escape[0].encode().decode("unicode_escape"), text)


def refuse_web_address(text: str) -> None:
    """Raise UsageError for an address of the web, with commands that save what is there."""
    if WEB_ADDRESS.match(text):
        name = shlex.quote(printable(text))
        raise UsageError(
            f"{printable(text)}: nothing is fetched; save the page (curl -L -o page.html {name}) or the site"
            f" (wget --recursive --warc-file=site {name}), and name the file"
        )


def _matches(text: str) -> list[str]:
    """The paths that one argument names; an existing file may have a name like a glob."""
    paths = [text] if text and os.path.lexists(text) else []
    if not paths and has_magic(text) and not WEB_ADDRESS.match(text):
        paths = sorted(glob(text, recursive=True))  # noqa: PTH207 - skips hidden files, takes absolute patterns
        if not paths:
            raise UsageError(f"{printable(text)}: no file matches; quote the pattern or check the folder")
    if not paths:
        refuse_web_address(text)
        raise UsageError(f"{printable(text) or repr(text)}: no such file or folder; check the spelling")
    return paths


def _walk(root: Path, visited: set[int]) -> Iterator[_FoundFile]:
    """Every file below a path; ``seen`` holds the real paths of what was visited, to visit once."""
    waiting = [(root, os.path.realpath(root))]
    while waiting:
        path, real = waiting.pop()
        if (key := _key(real)) not in visited:
            visited.add(key)
            places, below = _visit(root, path, real)
            waiting += below
            yield from places


def _key(real: str) -> int:
    """A number for a path that no other has; a set of them takes half of what one of paths takes."""
    return int.from_bytes(hashlib.blake2b(os.fsencode(real), digest_size=16).digest())


def _visit(root: Path, path: Path, real: str) -> tuple[list[_FoundFile], list[tuple[Path, str]]]:
    """The file at a path and no entries, or no file and the entries of a folder."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            return [], _children(path, real)
    except OSError as error:
        return [_FoundFile(root, path, reason="unreadable", detail=f"{error.strerror}; {PERMISSIONS}")], []
    if not stat.S_ISREG(status.st_mode):
        return [_FoundFile(root, path, reason="unsupported", detail=f"not a regular file; {PIPE}")], []
    return [_FoundFile(root, path, status.st_size, status.st_mtime, str(status.st_ctime_ns))], []


def _find_stored(url: str, visited: set[int]) -> list[_FoundFile]:
    """The objects that a URL names, as files in a folder with the name of their bucket."""
    objects = [*find_objects(url)]
    if not objects:
        raise UsageError(f"{url}: no object there; check the bucket, the prefix and the endpoint")
    output_prefixes = tuple(
        each.url.removesuffix(MARK) for each in objects if each.url.endswith(f"/{MARK}")
    )
    places = []
    for each in (new for new in objects if _key(new.url) not in visited):
        root, path = (Path(f"/{address.removeprefix(SCHEME)}") for address in (each.root, each.url))
        is_hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
        if not is_hidden and not each.url.startswith(output_prefixes):
            visited.add(_key(each.url))
            places.append(_FoundFile(root, path, each.size, each.modified, each.etag, location=each.url))
    return places


def _children(folder: Path, real: str) -> list[tuple[Path, str]]:
    """The visible entries of a folder, last name first, each with its real path.

    An output folder of Winnow has none: what an earlier run wrote is no input.
    """
    with os.scandir(folder) as scanned:
        entries = [*scanned]
    if any(entry.name == MARK for entry in entries):
        return []
    visible = [entry for entry in entries if not entry.name.startswith(".")]
    visible.sort(key=lambda entry: entry.name, reverse=True)
    return [
        (
            folder / entry.name,
            os.path.realpath(entry) if entry.is_symlink() else f"{real}{os.sep}{entry.name}",
        )
        for entry in visible
    ]


def _describe(place: _FoundFile) -> InputFile | Quarantined:
    name = place.name()
    if place.reason:
        return Quarantined(name, "", place.reason, place.detail)
    folder = printable(place.path.parent.name)
    collection = folder if place.root == place.path else printable(place.root.name)
    return InputFile(
        name,
        place.location or str(place.path),
        collection,
        folder,
        place.size,
        iso_instant(place.modified),
        place.stamp,
    )


def shown_name(item: InputFile | Quarantined) -> str:
    """The name of a file, whether it can be opened or not."""
    return item.path if isinstance(item, Quarantined) else item.name
