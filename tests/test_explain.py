"""`winnow explain`: it shows every character in its place and every reason, and nothing that controls a terminal."""

import io
import json
import re
import time
import unicodedata
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from winnow.cli.explanation import explanation, explanation_record
from winnow.cli.terminal import terminal_safe
from winnow.corpus.decisions.applying import ReviewedDocument
from winnow.corpus.document import Cleaned, Document, Metadata, Removal, clean
from winnow.corpus.settings import Settings
from winnow.corpus.taxonomy import KINDS

TEXT = "Rain fell on the town.\n\n  ADVERTISEMENT\n\nThe river rose.\nPhoto: Ada Moss\n"
AD = Removal(24, 40, "ad_marker", "ad_label", 0.97)
PHOTO = Removal(57, 73, "image_caption", "caption_label", 1.0)
PLAIN_LABEL = re.compile(r"\{[a-z_]+ rule \d?\.\d\d\}")
KINDS_AND_SHARE = re.compile(
    r"(?:[a-z_]+\t[a-z]+\t[\d,]+\t[\d,]+\n)*[\d,]+ of [\d,]+ characters stay\n\Z", re.ASCII
)
HOSTILE = [
    "\x1b[2J",
    "\x1b]0;title\x07",
    "\x9b31m",
    "\r",
    "\b",
    "\x7f",
    "\0",
    "\u202e",
    "\u2066",
    "\u200b",
    "\u2028",
    "\ud800",
    "\U000e0041",
]


def cleaned(text: str, removals: Sequence[Removal]) -> Cleaned:
    def given_removals(document: Document) -> Sequence[Removal]:
        return removals

    return clean(Document(text), [given_removals])


def shown(
    document: Cleaned, *, color: bool = False, terminal: bool = False, settings: Settings | None = None
) -> str:
    file = io.StringIO()
    console = Console(
        file=file,
        width=100,
        force_terminal=terminal or color,
        color_system="truecolor" if color else None,
        no_color=not color,
    )
    explanation(ReviewedDocument(document, ()), console, settings or Settings())
    return file.getvalue()


def body(output: str) -> str:
    """The output above the lines about kinds."""
    return KINDS_AND_SHARE.sub("", output)


def test_without_colour_removals_are_marked_with_kind_rule_and_score() -> None:
    output = shown(cleaned(TEXT, [AD, PHOTO]))
    assert "\n  [-ADVERTISEMENT-]{ad_marker ad_label .97}\n" in output
    assert "\n[-Photo: Ada Moss-]{image_caption caption_label 1.00}\n" in output
    assert "\x1b" not in output


def test_in_a_terminal_removals_are_struck_through_in_colour() -> None:
    output = shown(cleaned(TEXT, [AD, PHOTO]), color=True)
    assert re.search(r"\x1b\[9;\d+mADVERTISEMENT\x1b\[0m", output)
    assert "ad_marker ad_label .97" in output
    assert "[-" not in output.replace("\x1b[", "")


def test_a_terminal_without_colour_gets_marks() -> None:
    assert "[-ADVERTISEMENT-]" in shown(cleaned(TEXT, [AD]), terminal=True)


def test_text_that_stays_is_shown_whole_and_unmarked() -> None:
    long = "A very long paragraph, 1,000 times. " * 1000 + "[bold]Not markup[/bold] :smile:\n"
    assert body(shown(cleaned(long, []))) == long + "\n"


def test_the_table_counts_removals_and_characters_by_kind_and_says_what_becomes_of_them() -> None:
    output = shown(cleaned(TEXT, [AD, PHOTO]))
    assert re.search(r"^ad_marker\tdrop\t1\t16$", output, re.MULTILINE)
    assert re.search(r"^image_caption\tmeta\t1\t16$", output, re.MULTILINE)
    assert re.search(r"^layout\tdrop\t1\t1$", output, re.MULTILINE)
    assert output.endswith("40 of 73 characters stay\n")


def test_the_table_and_the_record_follow_the_settings() -> None:
    settings = Settings(actions={"image_caption": "drop"})
    document = cleaned(TEXT, [PHOTO])
    assert re.search(r"^image_caption\tdrop\t", shown(document, settings=settings), re.MULTILINE)
    assert explanation_record(ReviewedDocument(document, ()), settings)["removed"][0]["action"] == "drop"


@pytest.mark.parametrize("hostile", HOSTILE, ids=ascii)
@pytest.mark.parametrize("removed", [True, False])
def test_nothing_in_a_document_steers_the_terminal(hostile: str, removed: bool) -> None:
    text = f"Rain {hostile}fell.\n"
    document = cleaned(text, [Removal(0, len(text), "promo", "rule")] if removed else [])
    output = shown(document)
    assert hostile not in output
    assert hostile[0].encode("unicode_escape").decode() in output


def test_text_of_many_scripts_is_left_as_it_is() -> None:
    text = "Łódź, naïve café, 雨が降った, می‌خواهم, 👩‍👩‍👧\tend"
    assert terminal_safe(text) == text


def test_every_kind_has_a_colour() -> None:
    for kind in KINDS:
        assert "\x1b[9;" in shown(cleaned("A line that goes.", [Removal(0, 17, kind, "rule")]), color=True)


@given(st.text(st.characters(exclude_characters="[]{}┏"), max_size=60), st.data())
def test_kept_and_removed_text_appear_in_order(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    removals = [
        Removal(a, b, "promo", "rule", 0.5) for a, b in zip(cuts[::2], cuts[1::2], strict=False) if a < b
    ]
    output = body(shown(cleaned(text, removals)))
    unmarked = PLAIN_LABEL.sub("", output).replace("[-", "").replace("-]", "")
    assert unmarked.split() == terminal_safe(text).split()


@given(st.text(max_size=60))
def test_any_text_comes_out_without_characters_that_steer(text: str) -> None:
    output = shown(cleaned(text, []), terminal=True)
    assert {char for char in output if unicodedata.category(char) in {"Cc", "Cf", "Cs"}} <= set(
        "\n\u200c\u200d"
    )


def test_the_record_holds_the_text_and_each_removal_as_it_is() -> None:
    document = Document(TEXT, metadata=Metadata(title="Rain", authors=("Ada Moss",)))
    record = json.loads(
        json.dumps(explanation_record(ReviewedDocument(Cleaned(document, (AD,)), ()), Settings()))
    )
    assert record["text"] == TEXT
    assert record["removed"] == [
        {
            "start": 24,
            "end": 40,
            "kind": "ad_marker",
            "rule": "ad_label",
            "score": 0.97,
            "cleaner": "",
            "action": "drop",
            "text": "  ADVERTISEMENT\n",
        }
    ]
    assert record["metadata"]["title"] == "Rain"
    assert record["metadata"]["authors"] == ["Ada Moss"]


@pytest.mark.parametrize("text", ["a" * 10**6, " " * 10**6, "a " * 500_000, "[" * 10**6, "a\n" * 20_000])
def test_long_texts_are_shown_in_seconds(text: str) -> None:
    began = time.process_time()
    shown(cleaned(text, [Removal(0, 1, "promo", "rule")]), terminal=True)
    assert time.process_time() - began < 10
