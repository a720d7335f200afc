"""Settings from a file of the current folder and from variables of the environment, with where each comes from.

A file may lie in a folder that somebody else made, so it sets nothing that runs code, writes, or reads elsewhere
(docs/security.md). Variables are set by who calls, and may set what options may.
"""

import os
import shlex
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from winnow.corpus.errors import UsageError

FILE: Final = "winnow.toml"
PROJECT: Final = "pyproject.toml"  # with a table [tool.winnow]
PREFIX: Final = "WINNOW_"
MAX_FILE_BYTES: Final = 1_000_000


class Shares(dict[str, float]):
    """The type of a table of shares by name."""


# Setting: name of an option of `winnow clean`, without dashes -> type of its value; a table for KIND=ACTION.
TYPES: Final[Mapping[str, type]] = {
    "kind": dict,
    "policy": str,
    "comments": bool,
    "markdown": bool,
    "contacts": str,
    "text_field": str,
    "html_field": str,
    "url_field": str,
    "title_field": str,
    "date_field": str,
    "domain_field": str,
    "encoding": str,
    "min_chars": int,
    "max_document_bytes": int,
    "document_seconds": float,
    "document_memory_bytes": int,
    "ratings": list,
    "overrides": list,
    "as_of": str,
    "calibration": str,
    "name_prior": bool,
    "workers": int,
    "keep_hours": float,
    "fail_under": Shares,
}
FILES: Final = ("ratings", "overrides", "calibration")  # which hold paths
# Settings that only who calls may give, by option or variable -> why.
CALLERS: Final[Mapping[str, str]] = {
    "cleaner": "runs code",
    "engine": "sends documents to other machines",
    "publish": "sends the output elsewhere",
    "output": "writes files",
    "lock": "writes files",
    "log": "writes files",
    "decisions": "reads files elsewhere",
}
FROM_VARIABLES: Final[Mapping[str, type]] = {
    **TYPES,
    "cleaner": list,
    "engine": str,
    "publish": str,
    "lock": str,
    "log": str,
    "decisions": str,
}
TYPE_NAMES: Final = {
    dict: "a table of KIND = ACTION",
    Shares: "a table of NAME = SHARE, as in kept = 0.6",
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list of texts",
}
TRUTHS: Final = dict.fromkeys(("1", "true", "yes", "on"), True) | dict.fromkeys(
    ("0", "false", "no", "off"), False
)


@dataclass(frozen=True, slots=True)
class GivenSetting:
    """The value of a setting as an option would have it, and where it was given: a file or a variable."""

    value: Any
    origin: str


def given_settings(folder: Path, environment: Mapping[str, str]) -> dict[str, GivenSetting]:
    """The settings that a folder and an environment give, by name; variables win over the file.

    Raises UsageError for a file that cannot be read, a name that is none, and a value of another type.
    """
    return {**_from_file(folder), **_from_variables(environment)}


def _from_file(folder: Path) -> dict[str, GivenSetting]:
    """The settings of `FILE`, or else of `PROJECT`; those of the folders above do not count."""
    for name, tables in ((FILE, ()), (PROJECT, ("tool", "winnow"))):
        values = _toml(folder / name)
        for table in tables:
            values = values.get(table, {})
        if values:
            return {
                key: GivenSetting(value, name)
                for given, each in values.items()
                for key, value in [_checked(given.replace("-", "_"), each, name, folder)]
            }
    return {}


def _toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file; nothing where there is none."""
    if not path.is_file():
        return {}
    if path.stat().st_size > MAX_FILE_BYTES:
        raise UsageError(f"{path.name}: longer than {MAX_FILE_BYTES:,} bytes")
    try:
        return tomllib.loads(path.read_text(encoding="utf8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{path.name}: not TOML that can be read: {error}") from error


def _checked(name: str, value: object, file: str, folder: Path) -> tuple[str, object]:
    """The name and the value of a setting in a file, as the option has it."""
    if name in CALLERS:
        raise UsageError(f"{file}: {name} {CALLERS[name]}, so no file may set it; give --{name}")
    if name not in TYPES:
        raise UsageError(f"{file}: no setting is called {name}{_nearest(name, TYPES)}")
    if not _is_of_type(value, TYPES[name]):
        raise UsageError(f"{file}: {name} = {value!r}: give {TYPE_NAMES[TYPES[name]]}")
    if name in FILES:
        for path in [value] if isinstance(value, str) else value:  # type: ignore[attr-defined]  # a list of texts
            _check_inside(path, name, file, folder)
    if isinstance(value, dict):
        return name, [f"{key}={each}" for key, each in value.items()]
    return name, value


def _is_of_type(value: object, wanted: type) -> bool:
    if wanted is list:
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    if wanted is dict:
        return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
    if wanted is Shares:
        return isinstance(value, dict) and all(type(each) in (int, float) for each in value.values())
    if wanted is float:
        return type(value) in (int, float)
    return type(value) is wanted  # True is an int, too


def _check_inside(path: str, name: str, file: str, folder: Path) -> None:
    """Raise UsageError for a path that leads out of the folder, also by a link."""
    root = folder.resolve()
    if "://" in path or not (root / path).resolve().is_relative_to(root):
        raise UsageError(
            f"{file}: {name}: {path!r} is not in this folder; give --{name} for files elsewhere"
        )


def _from_variables(environment: Mapping[str, str]) -> dict[str, GivenSetting]:
    settings = {}
    for variable in sorted(name for name in environment if name.startswith(PREFIX)):
        name = variable.removeprefix(PREFIX).lower()
        if name in FROM_VARIABLES:
            value = _parsed(environment[variable], FROM_VARIABLES[name], variable)
            settings[name] = GivenSetting(value, variable)
        elif nearest := _nearest(name, FROM_VARIABLES, PREFIX):
            raise UsageError(f"{variable}: no setting is called so{nearest}")
    return settings


def _parsed(text: str, wanted: type, variable: str) -> object:
    """The value of a variable; numbers stay texts, which the option reads. Lists are words as in a shell."""
    if wanted is bool:
        if text.lower() not in TRUTHS:
            raise UsageError(f"{variable}={text}: give one of {', '.join(TRUTHS)}")
        return TRUTHS[text.lower()]
    if wanted in (list, dict, Shares):
        try:
            return shlex.split(text)
        except ValueError as error:
            raise UsageError(f"{variable}={text}: {error}") from error
    return text


def _nearest(name: str, names: Mapping[str, type], prefix: str = "") -> str:
    """``; did you mean policy?``, or nothing where no name is near."""
    near: Iterator[str] = iter(get_close_matches(name, names, n=1))
    return next((f"; did you mean {prefix}{each.upper() if prefix else each}?" for each in near), "")


def settings_here() -> dict[str, GivenSetting]:
    """The settings of the current folder and of the environment."""
    return given_settings(Path(), os.environ)
