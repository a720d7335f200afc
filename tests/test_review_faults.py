"""The review page with files that are broken, locked, newer or missing: it says so, and nothing is lost."""

import re
import signal
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

import pytest
from starlette.testclient import TestClient

from tests.reviewing import events, make_desk
from tests.test_review_command import start
from winnow.corpus.errors import UsageError
from winnow.review.desk import Desk, open_desk

PATHS = ("/", "/documents", "/history", "/plots", "/source?name=ledger.example", "/export/decisions.csv")


def _later_schema(path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("pragma user_version = 99")
    other.close()


def _half_overwritten(path: Path) -> None:
    _later_schema(path)  # closes the last connection, so that all of the log is in the file
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xaa" * (len(content) - 4096))


def _a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "spoil",
    [_later_schema, _half_overwritten, _a_folder, lambda path: path.write_bytes(b"no database" * 500)],
)
def test_a_log_that_cannot_be_read_is_told_by_its_name(
    client: TestClient, desk: Desk, spoil: Callable[[Path], None]
) -> None:
    spoil(desk.log)
    for path in PATHS:
        answer = client.get(path)
        assert answer.status_code == 400 and "decisions.db" in answer.text, path
    assert (
        client.post("/rate", data={"token": desk.token, "seen": "0", "rate": "mixed a"}).status_code == 400
    )


@pytest.mark.parametrize(
    "spoil",
    [
        lambda clean: (clean / "report.json").write_text("{"),
        lambda clean: (clean / "report.json").write_text('{"run_id": "of an older version"}'),
        lambda clean: (clean / "report.json").unlink(),
        lambda clean: (clean / "sources.parquet").write_bytes(b"PAR1 and no more"),
    ],
)
def test_a_corpus_that_is_not_whole_is_told(
    client: TestClient, desk: Desk, spoil: Callable[[Path], object]
) -> None:
    (desk.clean / ".winnow" / "review.db").unlink()
    spoil(desk.clean)
    answer = client.get("/")
    assert answer.status_code == 400 and "clean again" in answer.text


def test_an_index_that_was_overwritten_is_built_again(client: TestClient, desk: Desk) -> None:
    (desk.clean / ".winnow" / "review.db").write_bytes(b"no database" * 500)
    assert client.get("/").status_code == 200


def _link_away(path: Path, elsewhere: Path) -> None:
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


@pytest.mark.parametrize("name", [".", "review.db", ".review.db.1-journal"])
def test_a_link_in_the_folder_of_the_index_is_refused_and_not_followed(
    client: TestClient, desk: Desk, tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "of a person"
    link = desk.clean / ".winnow" / name
    link.touch()
    _link_away(link, elsewhere)
    before = sorted(elsewhere.rglob("*")), elsewhere.stat().st_mtime_ns
    (desk.clean / "sources.parquet").touch()  # as after a new run, which needs a new index
    answer = client.get("/")
    assert answer.status_code == 400 and "is a link" in answer.text
    assert (sorted(elsewhere.rglob("*")), elsewhere.stat().st_mtime_ns) == before
    with pytest.raises(UsageError, match="is a link"):
        open_desk(desk.clean, desk.log, desk.raw, "ada")


def test_of_many_writers_at_once_all_are_heard_and_of_rivals_one(client: TestClient, desk: Desk) -> None:
    def rate(source: str) -> int:
        form = {"token": desk.token, "seen": "0", "rate": f"mixed {source}"}
        return int(client.post("/rate", data=form, follow_redirects=False).status_code)

    with ThreadPoolExecutor(16) as pool:
        assert {*pool.map(rate, [f"s{n}.example" for n in range(100)])} == {303}
        assert sorted(pool.map(rate, ["rival.example"] * 16)) == [303] + [409] * 15
    assert len(events(desk)) == 101


def test_every_decision_that_the_server_acknowledged_survives_its_kill(tmp_path: Path) -> None:
    make_desk(tmp_path)
    with start(tmp_path, "--port", "0") as process:
        assert process.stdout
        address = urlsplit(process.stdout.readline().split()[0])
        token = re.findall(
            r'name="token" value="([^"]+)', urlopen(f"{address.geturl()}help").read().decode()
        )[0]
        acknowledged = []
        for number in range(30):
            if number == 20:
                process.send_signal(signal.SIGKILL)
            form = urlencode({"token": token, "seen": "0", "rate": f"mixed s{number}.example"})
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            try:
                with closing(HTTPConnection(str(address.netloc), timeout=60)) as connection:
                    connection.request("POST", "/rate", form, kind)
                    acknowledged += [f"s{number}.example"] if connection.getresponse().status == 303 else []
            except (OSError, HTTPException):
                break
    log = sqlite3.connect(tmp_path / "decisions.db")
    sources_in_log = [row[0] for row in log.execute("select source from events order by number")]
    log.close()
    assert len(acknowledged) >= 20 and sources_in_log[: len(acknowledged)] == acknowledged
