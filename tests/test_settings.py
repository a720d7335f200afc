"""Settings refuse what makes no sense, before anything is read or written."""

from typing import Any

import pytest

from winnow.corpus.errors import UsageError
from winnow.corpus.settings import Settings


@pytest.mark.parametrize("day", ["", "2025-02-28", "2024-02-29"])
def test_a_day_of_the_calendar_is_taken(day: str) -> None:
    assert Settings(as_of=day).as_of == day


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"as_of": "2025-02-29"}, "'2025-02-29': no such day"),
        ({"as_of": "2025-2-28"}, "'2025-2-28': no such day"),
        ({"as_of": "yesterday"}, "'yesterday': no such day"),
        ({"ratings": "lists.csv"}, "ratings='lists.csv': give a tuple"),
        ({"overrides": "ours.csv"}, "overrides='ours.csv': give a tuple"),
        ({"cleaners": "mine:f"}, "cleaners='mine:f': give a tuple"),
        ({"policy": "all"}, "policy='all': there are: main, article"),
        ({"text_format": "html"}, "text_format='html': there are: plain, markdown"),
        ({"contacts": "drop"}, "contacts='drop': there are: keep, mask, mask-all"),
        ({"actions": {"advert": "drop"}}, "no kind of noise is called 'advert'"),
        ({"actions": {"counter": "hide"}}, "counter=hide: the action is one of drop, keep, meta"),
        ({"engine": "spark"}, "'spark': the engine is"),
        ({"publish": "/srv/corpus"}, "'/srv/corpus': an output is published below a URL"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(setting: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as refused:
        Settings(**setting)
    assert message in str(refused.value)


def test_paths_of_settings_hold_in_any_folder(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings(ratings=("a.csv",), overrides=("s3://ours/b.csv",)).with_absolute_paths()
    assert settings.ratings == (str(tmp_path / "a.csv"),)
    assert settings.overrides == ("s3://ours/b.csv",)


def test_settings_that_are_equal_have_the_same_hash() -> None:
    settings = [Settings(actions={"ad_marker": "keep", "byline_date": "keep"}) for _ in range(2)]
    settings.append(Settings(actions={"byline_date": "keep", "ad_marker": "keep"}))
    assert len({*settings, Settings(), Settings()}) == 2
