"""Where an output lies: in a folder, or below a prefix of a store, for which a folder of this machine then stands.

In a store the object `current.json` names the version that is read, where a folder has a link.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from winnow.corpus.errors import UsageError
from winnow.corpus.mounts import DAY_SECONDS, Mount, fetched, mount_of, mounting
from winnow.corpus.objects import SCHEME, is_remote
from winnow.corpus.output import CURRENT, MARK, VERSIONS, current_version
from winnow.corpus.stored_objects import read_object

POINTER: Final = f"{CURRENT}.json"
VERSION_NAME: Final = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which version is current, and until when those before it were, in seconds since 1970."""

    version: str
    earlier: Mapping[str, float]

    @classmethod
    def from_json(cls, content: bytes, url: str) -> "Pointer":
        """A pointer as it is stored. Raises UsageError for what is none."""
        try:
            values: Any = json.loads(content)
            pointer = cls(
                values["version"], {name: float(when) for name, when in values["earlier"].items()}
            )
            if all(VERSION_NAME.fullmatch(name) for name in (pointer.version, *pointer.earlier)):
                return pointer
        except (ValueError, KeyError, TypeError, AttributeError):
            pass
        raise UsageError(f"{url}: is not what Winnow writes; delete it, and the next run cleans everything")


@contextmanager
def located(
    output: Path | str, lock_folder: Path | None = None, kept_seconds: float = DAY_SECONDS
) -> Iterator[Path]:
    """A folder for an output that is given by its path or its URL, while the block lasts.

    For a URL it is an empty one of this machine, which stands for the prefix. Raises UsageError and StorageError.
    """
    url = output_url(output)
    if not url:
        yield Path(output)
        return
    with TemporaryDirectory(prefix="winnow-") as folder, ExitStack() as mounted:
        below = (
            Path(folder).resolve() / "output"
        )  # beside it nothing lies: no log of decisions of anybody's
        (below / MARK).mkdir(parents=True)
        mount = mounted.enter_context(mounting(Mount(below, url, lock_folder, kept_seconds)))
        follow_pointer(mount)
        yield below


def output_url(output: Path | str) -> str:
    """The URL of an output in a store, also as a path spells it (``s3:/bucket/prefix``); "" for a folder."""
    text = str(output)
    if is_remote(text):
        return text.rstrip("/")
    prefix = SCHEME.removesuffix("/")
    return (
        f"{SCHEME}{text.removeprefix(prefix)}"
        if isinstance(output, Path) and text.startswith(prefix)
        else ""
    )


def shown_output(folder: Path) -> str:
    """An output as people call it: its URL, or its path."""
    mount = mount_of(folder)
    return mount.url_of(folder).removesuffix("/.") if mount else str(folder)


def published_path(folder: Path, name: str) -> Path:
    """Where a file of the current version of an output can be read on this machine."""
    version = current_version(folder) if mount_of(folder) else None
    return fetched(version / name) if version else folder / name


def read_pointer(mount: Mount) -> Pointer | None:
    """What the store says is current; its ETag is remembered."""
    url = f"{mount.url}/{MARK}/{POINTER}"
    stored = read_object(url)
    mount.pointer_etag = stored.etag if stored else ""
    return Pointer.from_json(stored.content, url) if stored else None


def follow_pointer(mount: Mount) -> None:
    """Have the link to the current version in the folder of a mount be what the store says."""
    link = mount.folder / MARK / CURRENT
    link.unlink(missing_ok=True)
    if pointer := read_pointer(mount):
        link.symlink_to(f"{VERSIONS}/{pointer.version}")
