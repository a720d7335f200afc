"""Work of an engine on an output in a store: each call has a folder of its own, which stands for the prefix.

So threads and machines are alike: what a call reads is fetched into its folder, what it writes is put into the store
at once, and the folder goes when the call ends. Paths below the folder of the run travel as names below the prefix.
"""

import io
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any

from winnow.corpus.mounts import Mount, mounting


@dataclass(frozen=True, slots=True)
class StoreWork:
    """A function whose paths lie below a prefix of a store, for any machine that can reach the store."""

    function: bytes  # packed
    url: str

    def __call__(self, arguments: bytes) -> bytes:
        """The packed result of the function for packed arguments."""
        with TemporaryDirectory(prefix="winnow-") as folder:
            mount = Mount(Path(folder).resolve(), self.url)
            with mounting(mount):
                function, values = _unpack(self.function, mount), _unpack(arguments, mount)
                return _pack(function(*values), mount)


def bind_to_store(
    function: Callable[..., Any], mount: Mount, send: Callable[[StoreWork], Callable[..., Any]] | None
) -> Callable[..., Any]:
    """A function over paths of a run's mount as one that is carried out in a folder of its own, here or elsewhere."""
    work = StoreWork(_pack(function, mount), mount.url)
    call = send(work) if send else work

    def carry_out(*arguments: object) -> Any:
        """The result of the function, with paths of this process."""
        return _unpack(call(_pack(arguments, mount)), mount)

    return carry_out


class _Packer(pickle.Pickler):
    """Pickles values; a path below the folder of a mount is its name there."""

    def __init__(self, file: io.BytesIO, mount: Mount) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self._folder = mount.folder

    def persistent_id(self, value: Any) -> str | None:
        """The name of such a path; None for all else."""
        if isinstance(value, PurePath) and value.is_relative_to(self._folder):
            return value.relative_to(self._folder).as_posix()
        return None


class _Unpacker(pickle.Unpickler):
    """Reads what `_Packer` wrote, with paths below the folder of another mount."""

    def __init__(self, file: io.BytesIO, mount: Mount) -> None:
        super().__init__(file)
        self._folder = mount.folder

    def persistent_load(self, name: str) -> Path:
        """The path of a name; a folder is made, for whoever writes there."""
        path = self._folder / name
        (path.parent if path.suffix else path).mkdir(parents=True, exist_ok=True)
        return path


def _pack(value: object, mount: Mount) -> bytes:
    packed = io.BytesIO()
    _Packer(packed, mount).dump(value)
    return packed.getvalue()


def _unpack(packed: bytes, mount: Mount) -> Any:
    """A value that this run packed, on this machine or another of its own."""
    return _Unpacker(io.BytesIO(packed), mount).load()
