"""The settings of a run, made of the values of options."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, cast

from winnow.cli.options import DEFAULT_FIELDS, DEFAULTS
from winnow.corpus.engine_names import THREADS
from winnow.corpus.errors import UsageError
from winnow.corpus.own_cleaners import portable
from winnow.corpus.run_thresholds import read_thresholds
from winnow.corpus.settings import POLICIES, Contacts, Fields, Settings
from winnow.corpus.taxonomy import Action

WALL_TIMES: Final = 5  # times the CPU time, for a busy machine


def make_settings(
    kinds: Sequence[str] = (),
    fields: Fields = DEFAULT_FIELDS,
    encoding: str = "",
    max_document_bytes: int = DEFAULTS.max_document_bytes,
    workers: int = 0,
    *,
    document_seconds: float = DEFAULTS.document_seconds,
    document_memory_bytes: int = DEFAULTS.document_memory_bytes,
    policy: str = POLICIES[0],
    comments: bool = False,
    markdown: bool = False,
    contacts: str = DEFAULTS.contacts,
    ratings: Sequence[str] = (),
    overrides: Sequence[str] = (),
    as_of: str = "",
    calibration: Path | None = None,
    engine: str = THREADS,
    publish: str = "",
    name_prior: bool = DEFAULTS.name_prior,
    cleaners: Sequence[str] = (),
    min_chars: int = DEFAULTS.min_chars,
    limit: int = 0,
    sample: int = 0,
    fail_under: Sequence[str] = (),
) -> Settings:
    """Settings from the values of options. Raises UsageError for an invalid value."""
    if comments:
        kinds = ["reader_comment=keep", *kinds]
    return Settings(
        actions=cast(dict[str, Action], _pairs("--kind", "KIND=ACTION", kinds)),
        fields=fields,
        policy=policy,
        text_format="markdown" if markdown else "plain",
        contacts=cast(Contacts, contacts),
        encoding=_checked_encoding(encoding),
        ratings=tuple(ratings),
        overrides=tuple(overrides),
        as_of=as_of,
        max_document_bytes=max_document_bytes,
        min_chars=min_chars,
        limit=limit,
        sample=sample,
        workers=workers,
        engine=engine,
        publish=publish,
        document_seconds=document_seconds,
        document_wall_seconds=WALL_TIMES * document_seconds,
        document_memory_bytes=document_memory_bytes,
        recalibration=_recalibration(calibration),
        name_prior=name_prior,
        cleaners=tuple(map(portable, cleaners)),
        fail_under=read_thresholds(fail_under),
    )


def _pairs(option: str, form: str, values: Sequence[str]) -> dict[str, str]:
    """``KEY=VALUE`` texts as a mapping."""
    pairs = [value.partition("=") for value in values]
    for key, sign, value in pairs:
        if not (key and sign and value):
            raise UsageError(f"{option} {key}{sign}{value}: give it as {form}")
    return {key: value for key, _, value in pairs}


def _recalibration(calibration: Path | None) -> tuple[float, float, float]:
    from winnow.models.reliability.calibration import read_recalibration

    return read_recalibration(calibration).values if calibration else DEFAULTS.recalibration


def _checked_encoding(name: str) -> str:
    from winnow.corpus.encoding_labels import is_text_encoding

    if name and not is_text_encoding(name):
        raise UsageError(f"--encoding {name}: no such encoding; examples: utf-8, windows-1252, shift_jis")
    return name
