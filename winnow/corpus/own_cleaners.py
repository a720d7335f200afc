"""People's own cleaners: named by references, loaded in every process that cleans, and checked in what they give.

A reference is text, so that it crosses to child processes, clusters and schedules: MODULE:FUNCTION of an
installed module, MODULE:FUNCTION@FOLDER of one that lies in a folder, or the name of an entry point.
"""

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from operator import attrgetter
from pathlib import Path
from types import ModuleType
from typing import Final

from winnow.corpus.document import Cleaner, Document, Removal
from winnow.corpus.errors import CleanerError, UsageError
from winnow.corpus.taxonomy import KINDS

GROUP: Final = "winnow.cleaners"  # of entry points
FORM: Final = re.compile(r"(?P<module>[\w.]+):(?P<function>[\w.]+)(?:@(?P<folder>.+))?")
INSTALLED: Final = frozenset({"site-packages", "dist-packages"})  # names of folders that pip installs into
EXPECTED: Final = (
    "name one as MODULE:FUNCTION, MODULE:FUNCTION@FOLDER, or by a name that a package gives it"
)


@dataclass(frozen=True, slots=True)
class OwnCleaner:
    """A cleaner that is not part of Winnow, and where its code is."""

    name: str  # MODULE:FUNCTION; the colon keeps it apart from the names of Winnow's own
    function: Cleaner
    home: Path  # the file of its module, or the folder of the package that this belongs to

    @property
    def is_installed(self) -> bool:
        """Whether it lies where packages are installed, and not among a user's files."""
        return self.home.parent.name in INSTALLED


@cache
def load_cleaners(references: tuple[str, ...]) -> tuple[Cleaner, ...]:
    """The cleaners that some references name, checked, each once. Raises UsageError as `load_cleaner` does."""
    loaded = {cleaner.name: cleaner.function for cleaner in map(load_cleaner, references)}
    return tuple(_checked(name, function) for name, function in loaded.items())


def checked_cleaners(functions: Iterable[Cleaner]) -> tuple[Cleaner, ...]:
    """Functions as cleaners that are checked and bear their full names.

    Raises UsageError for what cannot be called, and for two functions of one name.
    """
    named = dict[str, Cleaner]()
    if callable(functions):
        raise UsageError(f"{functions!r}: give a list of cleaners, also of one")
    for function in functions:
        if not callable(function):
            raise UsageError(f"{function!r}: a cleaner is a function; settings take references to them")
        name = f"{function.__module__}:{getattr(function, '__qualname__', type(function).__qualname__)}"
        # Not `is`: each look at a bound method gives another object.
        if named.setdefault(name, function) != function:
            raise UsageError(f"two cleaners are called {name}; define each under a name of its own")
    return tuple(_checked(name, function) for name, function in named.items())


def load_cleaner(reference: str) -> OwnCleaner:
    """The cleaner that a reference names. Imports its module, with the reference's folder last on the path.

    Raises UsageError for a module that cannot be imported or lies elsewhere, and for what is no function in it.
    """
    name, folder = _parts(reference)
    module_name, _, function_name = name.partition(":")
    _append_to_path(folder)
    module = _imported(module_name, reference)
    home = _home(module, reference)
    if folder and home.parent.resolve() != Path(folder).resolve():
        raise UsageError(
            f"cleaner {reference}: Python takes {module_name} from {home}; give the module another name"
        )
    try:
        function = attrgetter(function_name)(module)
    except AttributeError as error:
        raise UsageError(f"cleaner {reference}: {module.__file__} has no {function_name}") from error
    if not callable(function):
        raise UsageError(f"cleaner {reference}: a {type(function).__name__}, not a function of a document")
    return OwnCleaner(name, function, home)


def portable(reference: str) -> str:
    """A reference that means the same in every process and folder: one to a user's file gets its folder.

    A module is looked for in the current folder, too, after all others. Raises UsageError as `load_cleaner` does.
    """
    match = _match(reference)
    if match and match["module"] == "__main__":
        raise UsageError(f"cleaner {reference}: other processes have another __main__; put it in a module")
    if match and match["folder"]:
        reference = f"{match['module']}:{match['function']}@{Path(match['folder']).absolute()}"
    elif match:
        _append_to_path(str(Path.cwd()))
    cleaner = load_cleaner(reference)
    if not match or match["folder"] or cleaner.is_installed:
        return reference
    return f"{reference}@{cleaner.home.parent.absolute()}"


def _parts(reference: str) -> tuple[str, str]:
    """Module and function with a colon between them, and the folder, which may be empty."""
    if match := _match(reference):
        return f"{match['module']}:{match['function']}", match["folder"] or ""
    offered = entry_points(group=GROUP)
    values = {point.value for point in offered if point.name == reference}
    if len(values) > 1:
        raise UsageError(f"cleaner {reference}: installed packages give that name to {sorted(values)}")
    for value in values:
        return value.replace(" ", ""), ""
    names = ", ".join(sorted(offered.names)) or "none"
    raise UsageError(f"cleaner {reference!r}: no installed package has it (there are: {names}); {EXPECTED}")


def _match(reference: str) -> re.Match[str] | None:
    """The parts of a reference; None for the name of an entry point."""
    if not isinstance(reference, str):
        raise UsageError(f"{reference!r}: settings take references to cleaners; {EXPECTED}")
    return FORM.fullmatch(reference)


def _append_to_path(folder: str) -> None:
    """Let modules of a folder be imported that are nowhere else: it is last, so that it hides nothing."""
    if folder and folder not in sys.path:
        sys.path.append(folder)


def _imported(module_name: str, reference: str) -> ModuleType:
    try:
        return import_module(module_name)
    except (Exception, SystemExit) as error:  # whatever code of other people raises, at its import
        raise UsageError(f"cleaner {reference}: {type(error).__name__}: {error}; {EXPECTED}") from error


def _home(module: ModuleType, reference: str) -> Path:
    """The file of a module, or the folder of the package that it belongs to."""
    top = sys.modules[module.__name__.partition(".")[0]]
    for place in [*getattr(top, "__path__", ()), getattr(top, "__file__", None)]:
        if place:
            return Path(place)
    raise UsageError(f"cleaner {reference}: {module.__name__} has no file; define the function in one")


def _checked(name: str, function: Cleaner) -> Cleaner:
    """A cleaner under its full name; it raises CleanerError for any error, and for a removal that makes no sense."""

    def checked(document: Document) -> list[Removal]:
        """What the cleaner gives, once it has been looked through."""
        try:
            removals = [*function(document)]
        except MemoryError:
            raise
        except (Exception, SystemExit) as error:
            raise CleanerError(f"cleaner {name} raised {type(error).__name__}: {error}") from error
        for removal in removals:
            if fault := _fault(removal, len(document.text)):
                raise CleanerError(f"cleaner {name} gave {removal!r}: {fault}")
        return removals

    checked.__name__ = name
    return checked


def _fault(removal: Removal, chars: int) -> str:
    """What is wrong with a removal from a text of so many characters; "" where nothing is."""
    if not isinstance(removal, Removal):
        return "a cleaner gives winnow.Removal objects"
    if not (type(removal.start) is int and type(removal.end) is int):
        return "start and end are of type int"
    if not 0 <= removal.start < removal.end <= chars:
        return f"a span has 0 <= start < end <= {chars}, the characters of the text"
    if removal.kind not in KINDS:
        return f"the kind is one of {', '.join(KINDS)}"
    if not (isinstance(removal.rule, str) and removal.rule):
        return "the rule is a name"
    if not (isinstance(removal.score, int | float) and 0 <= removal.score <= 1):
        return "the score is a number from 0 to 1"
    return ""
