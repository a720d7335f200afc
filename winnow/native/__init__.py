"""The native core: functions in Cython that give what their Python twins give, to the last bit, in a third of the time.

`TWINS` is all of them. The Python function is the specification, and what runs where the core was not built or is
turned off by ``WINNOW_NATIVE=0``; `native_twin`, above its definition, is the one place that chooses.
"""

import hashlib
import os
from collections.abc import Callable, Mapping
from functools import partial, update_wrapper
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final, ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")

SWITCH: Final = (
    "WINNOW_NATIVE"  # the environment variable that turns the core off; the processes of a run inherit it
)
SOURCES: Final = (".pyx", ".pxd")  # endings of what the core is compiled from
# Python function -> the module beside this one that has its twin, under the same name.
TWINS: Final[Mapping[str, str]] = {
    "winnow.corpus.layout.html.long_tags": "text_scan",
    "winnow.corpus.layout.layout_walk.laid_out": "page_layout",
    "winnow.corpus.lines.bare_words": "text_scan",
    "winnow.corpus.lines.word_runs": "text_scan",
    "winnow.corpus.mojibake.may_be_spoilt": "text_scan",
    "winnow.corpus.normal_form.visible_text": "text_scan",
    "winnow.corpus.normal_form.without_controls": "text_scan",
    "winnow.corpus.page_metadata.element_scan.elements_that_name": "page_elements",
    "winnow.corpus.page_metadata.element_scan.elements_with": "page_elements",
    "winnow.corpus.page_metadata.element_scan.texts_with": "page_elements",
    "winnow.corpus.quality_counts.quality_counts": "quality_scan",
    "winnow.corpus.signature.sketch_and_keys": "text_signature",
    "winnow.models.blocks.block_facts.facts_of_texts": "token_sums",
    "winnow.models.blocks.page_measures.name_scores": "token_sums",
    "winnow.models.language_features.feature_counts": "text_scan",
    "winnow.models.lines.token_columns.line_sums": "token_sums",
    "winnow.models.trees.leaf_sums": "boosted_trees",
}
OF_LXML: Final = frozenset(
    {"page_elements", "page_layout"}
)  # modules that read lxml's trees as they lie in memory


def native_twin(calls: object = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A decorator: the native twin of a Python function, or the function itself where the native core does not run.

    ``calls`` is a namespace of what the twin asks Python for. The Python function is the twin's ``__wrapped__``.
    """

    def chosen(function: Callable[P, R]) -> Callable[P, R]:
        """The twin or the function."""
        module = TWINS[f"{function.__module__}.{function.__qualname__}"]
        if PYTHON_BECAUSE or (module in OF_LXML and lxml_differs()):
            return function
        twin = getattr(import_module(f"{__name__}.{module}"), function.__name__)
        options = {"calls": calls} if calls else {}
        return cast(Callable[P, R], update_wrapper(partial(twin, **options), function))

    return chosen


def source_hash(folder: Traversable) -> str:
    """16 hex digits for the sources of the core in a folder, which tell one that was built from others."""
    digest = hashlib.sha256()
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(SOURCES):
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def python_because(environment: Mapping[str, str]) -> str:
    """Why Python runs instead of the native core: in words that follow "because", "" where the core runs."""
    if environment.get(SWITCH) == "0":
        return f"{SWITCH}=0 turns it off"
    try:
        build = import_module(f"{__name__}.build_facts")
    except ImportError:
        return "it was not built for this Python"
    if source_hash(files("winnow.native")) != build.SOURCE_HASH:
        return "it was built from other sources than these; `python hatch_build.py` builds it"
    return ""


def lxml_differs() -> str:
    """Against which lxml the core was built, if it is not the installed one: then `OF_LXML` does not run; else ""."""
    build, etree = import_module(f"{__name__}.build_facts"), import_module("lxml.etree")
    there = ".".join(map(str, etree.LXML_VERSION[:3])), etree.LIBXML_VERSION
    built = build.LXML_VERSION, build.LIBXML_VERSION
    return (
        ""
        if there == built
        else "it was built against lxml {} with libxml2 {}.{}.{}".format(built[0], *built[1])
    )


def running() -> str:
    """What runs, in a few words: ``"native"``, or what else, and why.

    >>> running().startswith(("native", "Python"))
    True
    """
    what = "Python" if PYTHON_BECAUSE else f"native without {', '.join(sorted(OF_LXML))}"
    return f"{what}, because {reason}" if (reason := PYTHON_BECAUSE or lxml_differs()) else "native"


# Read once, when the first module with a twin is imported; "" where the native core runs.
PYTHON_BECAUSE: Final = python_because(os.environ)
