"""WACZ: a ZIP archive with WARC files in its folder ``archive``, as web recorders write it."""

from collections.abc import Iterator
from itertools import chain
from pathlib import PurePosixPath
from typing import Final
from zipfile import BadZipFile, ZipFile

from winnow.corpus.errors import UnreadableError
from winnow.corpus.inputs import InputFile
from winnow.corpus.raw import PassedOver, Quarantined, RawDocument
from winnow.corpus.readers.streams import CODINGS, as_stream, open_file, unpacked_chunks
from winnow.corpus.readers.warc import read_warc
from winnow.corpus.settings import Settings

FOLDER: Final = "archive"
SUFFIXES: Final = (".warc", ".warc.gz")


def read_wacz(file: InputFile, settings: Settings) -> Iterator[RawDocument | Quarantined | PassedOver]:
    """The documents of all WARC files in a package, which is read like one; paths count its records, from 1.

    Raises UnreadableError where it is no ZIP archive, holds no WARC file, or is encrypted. All files together may
    unpack to as much as one packed file may.
    """
    try:
        with open_file(file) as stream, ZipFile(stream) as package:
            names = [name for name in package.namelist() if _is_archive(PurePosixPath(name))]
            if not names:
                raise UnreadableError("malformed", f"no {FOLDER}/*.warc.gz in it; is it a WACZ?")
            chunks = chain.from_iterable(_unpacked_files(package, names))
            yield from read_warc(as_stream(chunks, settings.unpacked_limit(file.size)), file, settings)
    except (BadZipFile, NotImplementedError, RuntimeError) as error:  # the last for encrypted files
        raise UnreadableError("malformed", f"not a WACZ that can be read: {error}") from error
    except OSError as error:
        raise UnreadableError("unreadable", f"{error.strerror or error}; check its permissions") from error


def _is_archive(path: PurePosixPath) -> bool:
    return path.parts[0] == FOLDER and path.name.endswith(SUFFIXES)


def _unpacked_files(package: ZipFile, names: list[str]) -> Iterator[Iterator[bytes]]:
    """The content of each file of a package, in pieces."""
    for name in names:
        with package.open(name) as packed:
            yield unpacked_chunks(packed, CODINGS.get(PurePosixPath(name).suffix, ""))  # type: ignore[arg-type]  # typeshed: IO
