"""Scheduled runs: times, the watch, notices, Prefect's page, and the files for deployment."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.runs import STORY, run, write_inputs
from tests.test_cli import winnow
from winnow.cli.main import main
from winnow.cli.serve import span
from winnow.corpus.errors import UsageError
from winnow.corpus.settings import Settings
from winnow.flows.artifacts import report_text, tables
from winnow.flows.job import JOB_FILE, Job, read_job, write_job
from winnow.flows.notices import check_target, send_notice
from winnow.flows.serve import Timetable
from winnow.pipeline.state.watch import NOTHING, appearance, watch

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "schedule.md").read_text(encoding="utf8")
NOTICE = {"text": "Winnow: clean: Failed: no space", "state": "Failed"}


@pytest.mark.parametrize(("text", "seconds"), [("10s", 10), ("30m", 1800), ("6h", 21600), ("1d", 86400)])
def test_a_span_of_time_is_a_number_and_a_unit(text: str, seconds: int) -> None:
    assert span(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "6", "h", "1.5h", "0m", "9s", "6 h", "1w", "-1h", "9999999h"])
def test_another_span_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="give a number and"):
        span(text)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--every", "6h", "--", "raw"], "needs files or folders, and an output folder"),
        (["--every", "6h", "--", "-", "-o", "out"], "needs files or folders"),
        (["--every", "6x", "--", "raw", "-o", "out"], "--every 6x"),
        (["--cron", "at night", "--", "raw", "-o", "out"], "Invalid cron string"),
        (["--every", "6h", "--timezone", "Moon/Sea", "--", "raw", "-o", "out"], "Moon/Sea"),
        (["--", "raw", "-o", "out"], "nothing begins a run"),
        (["--every", "6h", "--", "raw", "-o", "out", "--flow"], "--flow and --profile are for"),
        (["--every", "6h", "--notify", "say 'x", "--", "raw", "-o", "out"], "No closing quotation"),
        (["--write-job", "j", "--every", "6h", "--", "raw", "-o", "out"], "leave ours out"),
        (["--write-job", "no/j", "--", "raw", "-o", "out"], "no/j: cannot be written"),
        (["--every", "6h", "--", "raw", "-o", "out", "--kind", "promo=burn"], "drop, keep, meta"),
        (["--every", "6h", "--", "raw", "-o", "raw"], "holds files that Winnow did not write"),
    ],
)
def test_a_mistake_in_a_schedule_gets_one_line_and_exit_code_2(
    arguments: list[str],
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_inputs(tmp_path, {"a.txt": STORY})
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match="2"):
        main(["serve", *arguments])
    [line] = capsys.readouterr().err.splitlines()
    assert says in line
    assert not (tmp_path / "out").exists()


def test_a_schedule_survives_its_way_to_the_server() -> None:
    cron, interval = Timetable("0 3 * * 1", timedelta(hours=6), "Europe/Berlin").schedules()
    assert (cron.cron, cron.timezone) == ("0 3 * * 1", "Europe/Berlin")
    assert (interval.interval, interval.anchor_date.hour) == (timedelta(hours=6), 0)


def test_a_job_crosses_to_its_process_in_a_private_file_with_absolute_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(JOB_FILE, "job.json")
    Path("job.json").touch(mode=0o666)
    settings = Settings(actions={"promo": "keep"}, ratings=("lists.csv", "s3://ours/lists.csv"))
    write_job(Job(("raw", "s3://crawl/*.warc.gz"), "clean", settings, log="log.jsonl"), Path("job.json"))
    assert Path("job.json").stat().st_mode & 0o777 == 0o600
    here = Settings(actions={"promo": "keep"}, ratings=(str(tmp_path / "lists.csv"), "s3://ours/lists.csv"))
    inputs = (str(tmp_path / "raw"), "s3://crawl/*.warc.gz")
    assert read_job() == Job(inputs, str(tmp_path / "clean"), here, log=str(tmp_path / "log.jsonl"))


@pytest.mark.parametrize(
    ("mode", "text", "says"),
    [
        (0o620, "{}", "others can change it"),
        (0o602, "{}", "others can change it"),
        (0o600, "{}", "holds no job"),
        (0o600, "[]", "holds no job"),
        (0o600, "touch /", "holds no job"),
        (0o600, '{"inputs": [], "output": "", "settings": {"fields": {}}, "notfy": ""}', "notfy"),
        (None, "", "No such file"),
    ],
)
def test_a_job_that_is_none_or_that_others_can_change_is_refused(
    mode: int | None, text: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "job.json"
    if mode is not None:
        path.write_text(text)
        path.chmod(mode)
    monkeypatch.setenv(JOB_FILE, str(path))
    with pytest.raises(UsageError, match=says):
        read_job()


def test_a_process_without_a_job_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(JOB_FILE, raising=False)
    with pytest.raises(UsageError, match="winnow serve --write-job"):
        read_job()


def test_a_job_for_workers_is_written_from_the_arguments_of_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match="0"):
        main(["serve", "--write-job", "job.json", "--notify", "mail ops", "--", "raw", "-o", "clean"])
    monkeypatch.setenv(JOB_FILE, str(tmp_path / "job.json"))
    assert (read_job().inputs, read_job().notify) == ((str(tmp_path / "raw"),), "mail ops")


class Looks(Event):
    """A clock for the watch: a function is called before each look, and after the last look it stops."""

    def __init__(self, *happenings: Callable[[], object]) -> None:
        super().__init__()
        self.happenings = iter(happenings)

    def wait(self, timeout: float | None = None) -> bool:
        happening = next(self.happenings, None)
        if happening:
            happening()
        return happening is None


def quiet() -> None:
    """Nothing happens."""


class Begun(list[str]):
    """Records what the inputs looked like whenever a run began."""

    def of(self, inputs: list[str]) -> Callable[[], bool]:
        def begin() -> bool:
            self.append(appearance(inputs))
            return True

        return begin


def test_a_change_begins_one_run_once_it_is_quiet(tmp_path: Path) -> None:
    inputs = [write_inputs(tmp_path, {"a.txt": STORY})]
    begun = Begun()
    looks = Looks(
        quiet,
        lambda: write_inputs(tmp_path, {"b.txt": STORY}),
        lambda: write_inputs(tmp_path, {"b.txt": STORY * 2}),
        quiet,
        quiet,
        quiet,
    )
    watch(inputs, 30, begun.of(inputs), looks, seen=appearance(inputs))
    assert begun == [appearance(inputs)]


def test_a_change_during_a_run_waits_for_its_end(tmp_path: Path) -> None:
    inputs = [write_inputs(tmp_path, {"a.txt": STORY})]
    answers = iter([False, False, True])
    watch(inputs, 30, lambda: next(answers), Looks(*[quiet] * 9))
    assert next(answers, None) is None


def test_inputs_that_are_gone_for_a_while_begin_no_run(tmp_path: Path) -> None:
    inputs = [write_inputs(tmp_path, {"a.txt": STORY})]
    seen = appearance(inputs)
    shutil.move(tmp_path / "raw", tmp_path / "unmounted")
    assert appearance(inputs) == NOTHING
    begun = Begun()
    looks = Looks(quiet, quiet, lambda: shutil.move(tmp_path / "unmounted", tmp_path / "raw"), quiet, quiet)
    watch(inputs, 30, begun.of(inputs), looks, seen=seen)
    assert begun == []


@pytest.fixture
def webhook() -> Iterator[tuple[str, list[bytes]]]:
    """The address of a webhook, and what was posted to it."""
    posted: list[bytes] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library's name
            posted.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/hook", posted
        server.shutdown()
        thread.join()


def test_a_notice_is_posted_to_an_address(webhook: tuple[str, list[bytes]]) -> None:
    address, posted = webhook
    send_notice(address, **NOTICE)
    assert [json.loads(body) for body in posted] == [NOTICE]


def test_a_notice_is_read_by_a_command(tmp_path: Path) -> None:
    send_notice(f"tee {shlex.quote(str(tmp_path / 'a notice'))}", **NOTICE)
    assert json.loads((tmp_path / "a notice").read_text()) == NOTICE


def test_a_notice_that_nobody_takes_is_an_error() -> None:
    with pytest.raises(OSError, match="refused"):
        send_notice("http://127.0.0.1:9/", **NOTICE)
    with pytest.raises(subprocess.CalledProcessError):
        send_notice("false", **NOTICE)


@pytest.mark.parametrize("target", ["", "say 'x"])
def test_a_target_that_is_none_is_refused(target: str) -> None:
    with pytest.raises(UsageError, match="--notify"):
        check_target(target)


def test_prefects_page_shows_counts_and_no_text_of_documents(tmp_path: Path) -> None:
    run(tmp_path, {"a|b.example/1.txt": f"{STORY}\n\nADVERTISEMENT\n", "empty.txt": b""})
    report = json.loads((tmp_path / "clean" / "report.json").read_text())
    rows_by_key = tables(report)
    assert "ad_marker" in {row["kind"] for row in rows_by_key["removals"]}
    assert rows_by_key["quarantine"] == [{"reason": "empty", "documents": 1}]
    assert rows_by_key["moved-sources"] == []
    text = report_text(report, "cl|ean<b>")
    assert "# cl\\|ean\\<b\\>" in text
    assert "| documents | 1 |" in text
    assert "harbour" not in text + json.dumps(rows_by_key)


def test_a_source_that_moved_is_a_row(tmp_path: Path) -> None:
    run(tmp_path, {"a.txt": STORY})
    report = json.loads((tmp_path / "clean" / "report.json").read_text())
    standing = {"score": 0.8, "low": 0.7, "high": 0.9, "label": "reliable", "basis": "model"}
    now = standing | {"score": 0.4, "label": "mixed"}
    report["drift"] = [{"domain": "ledger.example", "before": standing, "now": now}]
    [row] = tables(report)["moved-sources"]
    assert (row["source"], row["before"], row["now"], row["label"]) == ("ledger.example", 0.8, 0.4, "mixed")


def test_systemd_takes_the_unit_of_the_docs(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not here")
    [unit] = re.findall(r"```ini\n(.*?)```", PAGE, re.DOTALL)
    file = tmp_path / "winnow.service"
    file.write_text(re.sub(r"^ExecStart=\S+", f"ExecStart={sys.executable}", unit, flags=re.MULTILINE))
    done = subprocess.run(
        ["systemd-analyze", "verify", str(file)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_commands_of_the_docs_are_ones_that_exist() -> None:
    help_text = winnow("serve", "--help").stdout + winnow("clean", "--help").stdout
    for line in re.findall(r"^winnow serve .*$", PAGE, re.MULTILINE):
        for option in re.findall(r"(?<= )--?[a-z][a-z-]*", re.sub(r"'[^']*'", "", line)):
            assert option in help_text


def test_the_image_copies_what_there_is_and_all_rooms() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf8").splitlines()
    copied = [name for line in lines if line.startswith("COPY") for name in line.split()[1:-1]]
    assert all((ROOT / name).exists() for name in copied)
    assert "winnow/" in copied
    [command] = [json.loads(line.removeprefix("CMD ")) for line in lines if line.startswith("CMD ")]
    assert command[0] == "serve"
