"""`winnow review` as a command, and the pieces of a text that a page shows."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deciding import span
from tests.reviewing import make_desk
from winnow.corpus.decisions.applying import decide
from winnow.corpus.document import Block, Cleaned, Document, Removal
from winnow.corpus.visible import visible
from winnow.review import view
from winnow.review.view import pieces, runs

ROOT = Path(__file__).parents[1]


def start(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "winnow", "review", str(folder / "clean"), *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_the_command_says_its_address_answers_there_and_stops_without_a_word(tmp_path: Path) -> None:
    make_desk(tmp_path)
    with start(tmp_path, "--port", "0", "--reviewer", "bo") as process:
        assert process.stdout and process.stderr
        output = process.stdout.readline()
        address = output.split()[0]
        assert address.startswith("http://127.0.0.1:")
        page = urlopen(address).read().decode()
        process.send_signal(signal.SIGINT)
        process.wait(60)
        assert "Traceback" not in process.stderr.read()
    assert "ledger.example" in page and ">bo<" in page
    assert (tmp_path / "decisions.db").is_file()


def test_a_port_that_is_taken_is_a_mistake_in_one_line(tmp_path: Path) -> None:
    make_desk(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        process = start(tmp_path, "--port", str(listener.getsockname()[1]))
        _, message = process.communicate(timeout=120)
    assert process.returncode == 2 and "is taken" in message and "Traceback" not in message


def test_a_folder_that_is_no_corpus_is_a_mistake_in_one_line(tmp_path: Path) -> None:
    process = start(tmp_path)
    _, message = process.communicate(timeout=120)
    assert process.returncode == 2 and "no corpus" in message and "Traceback" not in message
    assert not list(tmp_path.iterdir())


@given(st.text(st.sampled_from("ab \n"), min_size=1, max_size=50), st.data())
def test_the_pieces_of_all_windows_are_the_text(text: str, data: st.DataObject) -> None:
    edge = st.integers(0, len(text))
    edges = sorted(data.draw(st.lists(edge, max_size=8, unique=True)))
    spans = zip(edges[::2], edges[1::2], strict=False)
    removals = tuple(Removal(a, b, "promo", "drawn") for a, b in spans)
    words = [word for word in text.split() if word]
    events = [span("restore_span", text, words[0])] if words else []
    decided = decide(Cleaned(Document(text, (Block(0, len(text)),)), removals), events)
    for window in (0, len(text)):
        text_pieces = list(pieces(decided, window))
        assert "".join(piece.text for piece in text_pieces) == text[window : window + view.WINDOW_CHARS]
        assert all(text[piece.start : piece.end] == piece.text for piece in text_pieces)
        assert [piece for run in runs(text_pieces) for piece in run.pieces] == text_pieces


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("a\u202eb", "a␦b"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a\nb\tc", "a\nb\tc"),
        ("\x00\x1b", "␦␦"),
    ],
)
def test_hidden_characters_get_a_sign_and_offsets_stay(text: str, expected: str) -> None:
    assert visible(text) == expected
