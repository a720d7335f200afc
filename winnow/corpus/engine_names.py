"""The names of engines, which clean shards; `winnow.pipeline.shards.engines` opens them."""

import re
from typing import Final

from winnow.corpus.errors import UsageError

THREADS: Final = "threads"  # of this machine; the engine that needs nothing
ENGINES: Final[dict[str, tuple[str, ...]]] = {THREADS: (), "dask": ("tcp", "tls"), "ray": ("ray",)}
"""Name of an engine -> schemes of the URLs at which its clusters answer."""
ADDRESS: Final = re.compile(r"(\w+)://\S+")


def engine_name(engine: str) -> str:
    """The name of the engine that a setting asks for, by its name or by the address of a cluster.

    Raises UsageError for any other text.

    >>> engine_name("dask"), engine_name("tcp://10.0.0.7:8786")
    ('dask', 'dask')
    """
    address = ADDRESS.fullmatch(engine)
    for name, schemes in ENGINES.items():
        if engine == name or (address and address[1] in schemes):
            return name
    raise UsageError(f"{engine!r}: the engine is {engine_forms()}")


def engine_forms() -> str:
    """What can be given as an engine, for help and errors: names, and addresses with the name of their engine."""
    addresses = [
        f"{scheme}://HOST:PORT ({name})" for name, schemes in ENGINES.items() for scheme in schemes
    ]
    return f"{', '.join(ENGINES)}, or the address of a cluster: {', '.join(addresses)}"
