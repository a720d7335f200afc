"""Parts of Winnow that not everybody needs, the packages each takes, and the line for who lacks one."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from typing import Final

from winnow.corpus.errors import UsageError

DISTRIBUTION: Final = "winnow-corpus"


@dataclass(frozen=True, slots=True)
class Extra:
    """What a part is for, and the module by which each of its packages shows."""

    purpose: str
    modules: Mapping[str, str]  # package as pip knows it -> module as Python does


EXTRAS: Final = {  # as pyproject.toml declares them
    "flow": Extra("runs and training as Prefect flows, and winnow serve", {"prefect": "prefect"}),
    "review": Extra(
        "the review page",
        {
            "fastapi": "fastapi",
            "starlette": "starlette",
            "uvicorn": "uvicorn",
            "python-multipart": "python_multipart",
        },
    ),
    "train": Extra(
        "training models again",
        {"scikit-learn": "sklearn", "scipy": "scipy", "pandas": "pandas", "faker": "faker"},
    ),
    "s3": Extra("inputs and outputs at s3://", {"boto3": "boto3"}),
    "dask": Extra("runs on several machines", {"distributed": "distributed"}),
    "ray": Extra("runs on several machines", {"ray": "ray"}),
    "pandas": Extra("a corpus as a DataFrame of pandas", {"pandas": "pandas"}),
    "polars": Extra("a corpus as a DataFrame of polars", {"polars": "polars"}),
    "datatrove": Extra("steps in datatrove's pipelines", {"datatrove": "datatrove"}),
    "datasets": Extra("loading a corpus into Hugging Face datasets", {"datasets": "datasets"}),
    "scrapy": Extra("the item pipeline for Scrapy", {"scrapy": "scrapy"}),
}


def missing_packages(extra: str) -> list[str]:
    """The packages of an extra that are not installed. Nothing is imported."""
    return [
        package for package, module in EXTRAS[extra].modules.items() if not _is_installed(package, module)
    ]


def _is_installed(package: str, module: str) -> bool:
    """Whether a package is installed: a folder of its name beside a script is none."""
    try:
        distribution(package)
    except PackageNotFoundError:
        return False
    return find_spec(module) is not None


def install_command(extra: str) -> str:
    """What installs an extra.

    >>> install_command("s3")
    "pip install 'winnow-corpus[s3]'"
    """
    return f"pip install '{DISTRIBUTION}[{extra}]'"


def require_extra(extra: str, needed_by: str) -> None:
    """Raise UsageError where packages of an extra are not installed: what needs them, and how to install them."""
    if missing := missing_packages(extra):
        are = "is" if len(missing) == 1 else "are"
        raise UsageError(
            f"{needed_by} needs {', '.join(missing)}, which {are} not installed: {install_command(extra)}"
        )
