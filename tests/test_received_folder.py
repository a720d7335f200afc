"""What an output folder says of its last run is not trusted to run code or to send documents elsewhere."""

import contextlib
import io
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from tests.runs import STORY, run
from winnow.cli.main import main
from winnow.corpus.output import MARK
from winnow.pipeline.state.manifest import read_manifest, write_manifest

STORE: Final = "s3://somebody-elses/corpus"
CLUSTER: Final = "tcp://192.0.2.7:8786"
CLEANER: Final = "evil:f"


def _received(folder: Path, **settings: Any) -> None:
    """An output of one document and one in quarantine, whose last run is said to have had some settings."""
    run(folder, {"1.txt": STORY, "2.txt": ""})
    (folder / "evil.py").write_text("raise AssertionError('executed')\n")
    manifest = read_manifest(folder / "clean") or pytest.fail("no manifest")
    changed = replace(manifest, settings={**manifest.settings, **settings})
    write_manifest(folder / "clean" / MARK / "current", changed)


def _told(*command: str) -> tuple[int | str | None, str]:
    """Exit code and standard error of a command."""
    with contextlib.redirect_stderr(io.StringIO()) as told, pytest.raises(SystemExit) as stop:
        main([*command])
    return stop.value.code, told.getvalue()


@pytest.mark.parametrize(
    ("act", "settings", "options"),
    [
        ("status", {"cleaners": [CLEANER]}, f"--cleaner {CLEANER}"),
        ("retry", {"cleaners": [CLEANER]}, f"--cleaner {CLEANER}"),
        ("retry", {"engine": CLUSTER}, f"--engine {CLUSTER}"),
        ("retry", {"publish": STORE}, f"--publish {STORE}"),
        ("retry", {"engine": CLUSTER, "publish": STORE}, f"--engine {CLUSTER} --publish {STORE}"),
    ],
)
def test_what_runs_code_or_sends_documents_has_to_be_named_again(
    act: str, settings: dict[str, Any], options: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _received(tmp_path, **settings)
    monkeypatch.chdir(tmp_path)
    code, told = _told(act, "clean")
    assert code == 2
    assert f"name them again: {options}\n" in told


def test_a_status_asks_for_neither_engine_nor_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _received(tmp_path, engine=CLUSTER, publish=STORE)
    monkeypatch.chdir(tmp_path)
    assert _told("status", "clean")[0] == 0
    assert "a run would do nothing" in capsys.readouterr().out


def test_a_retry_takes_the_engine_and_the_store_that_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _received(tmp_path, engine=CLUSTER, publish=STORE)
    monkeypatch.chdir(tmp_path)
    assert _told("retry", "clean", "--engine", "threads", "--publish", "")[0] == 3
    settings = (read_manifest(tmp_path / "clean") or pytest.fail("no manifest")).settings
    assert (settings["engine"], settings["publish"]) == ("threads", "")
