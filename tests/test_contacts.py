"""Contacts of people: which are found, masks that keep all offsets, and the effect of each setting on a run's output."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.runs import OTHER, STORY, rows, run
from winnow.corpus.contacts.mask import find_contacts, mask_contacts
from winnow.corpus.errors import UsageError
from winnow.corpus.settings import Settings

FOUND = [
    ("email", "Write to {}, please.", "ada.moss+news@post.example"),
    ("email", "{}", "ada(at)post.example"),
    ("email", "Mail: {}", "ada [at] post [dot] example"),
    ("email", "Correo: {}", "ada[ARROBA]post.example"),
    ("phone", "Ring {} by noon.", "(212) 555-0143"),
    ("phone", "Ring {}", "1-800-555-0199 x12"),
    ("phone", "or {}.", "+44 20 7946 0958"),
    ("phone", "unter {}", "+49 (0)30 123456-78"),
    ("phone", "au {} ou", "01 23 45 67 89"),
    ("phone", "Büro: {}", "030/1234567"),
    ("phone", "Tel.: {}", "5550143"),
    ("address", "Post: {}.", "12 Harbour Lane, Springfield, IL 62704"),
    ("address", "{}", "Hauptstraße 12a\n10115 Berlin"),
    ("address", "{}", "12 rue de la Paix, 75002 Paris"),
    ("address", "{}", "Calle Mayor 3, 28013 Madrid"),
    ("address", "{}", "ul. Długa 5/7, 00-238 Warszawa"),
    ("address", "{}", "221 Baker Street, London NW1 6XE"),
]
NOT_FOUND = [
    "On 2024-05-01 12:30 it rained.",
    "01.02.2024 10:30, 01/02/2024 1000 people",
    "ISBN 978-3-16-148410-0 and 0-306-40615-2",
    "It won 6-3 6-4 7-5 before 10 000 000 viewers.",
    "It costs 1.234.567,00 € or $212-555 or 1,250,000.",
    "At 40.7128, -74.0060 and +40.7128 -74.0060",
    "2024 2023 2022 2021 2020 and 1914-1918",
    "doi:10.1000/182.2123334444 from 192.168.100.200",
    "01 02 03 04 05 06 07 08 09 10 11 12",
    "In 2005 Coors Street 5 flooded; 12 High Street did not.",
    "Write to newsroom@paper.example or press.office@council.example.",
    "Follow @ada at 5 @ 3 dollars.",
]


@pytest.mark.parametrize(("kind", "around", "contact"), FOUND)
def test_a_contact_is_found_whole(kind: str, around: str, contact: str) -> None:
    text = around.format(contact)
    start = text.index(contact)
    [match] = find_contacts(text)
    assert (match.kind, match.start, match.end) == (kind, start, start + len(contact))


@pytest.mark.parametrize("text", NOT_FOUND)
def test_numbers_places_and_mailboxes_of_roles_are_no_contacts_of_people(text: str) -> None:
    assert find_contacts(text) == ()


PIECES = st.sampled_from(
    [c for _, _, c in FOUND] + [*NOT_FOUND, "\n", " ", "[email...]", "@", "0", "+", "(", "x"]
)


@given(st.lists(PIECES | st.text(max_size=8), max_size=8).map("".join))
def test_a_mask_keeps_length_and_lines_and_leaves_the_rest_alone(text: str) -> None:
    masked = mask_contacts(text)
    assert len(masked) == len(text)
    assert [i for i, c in enumerate(masked) if c == "\n"] == [i for i, c in enumerate(text) if c == "\n"]
    covered = {i for c in find_contacts(text) for i in range(c.start, c.end)}
    assert all(masked[i] == text[i] for i in range(len(text)) if i not in covered)


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "a",
            "a.",
            "1 ",
            "0",
            "@",
            "a@",
            "a@b.",
            "(0",
            "12 Aa ",
            "rue a ",
            "Aa ",
            "1a ",
            "+1",
            "[at]",
            "1-",
        ),
        *("10115 Berlin ", "A-A-A-10115 Aa ", "NW1 6XE ", "1000 A ", "calle 10115 Aa "),
    ],
)
def test_a_quarter_of_a_megabyte_in_one_line_takes_linear_time(piece: str) -> None:
    began = time.process_time()
    find_contacts(piece * (250_000 // len(piece)))
    assert time.process_time() - began < 5  # needs one; with the square it takes minutes


def test_an_address_is_found_behind_a_table_of_numbers() -> None:
    table = "".join(f"{number} Berlin\n" for number in range(10115, 10145))
    [match] = find_contacts(f"{table}Hauptstraße 12a\n10115 Berlin")
    assert match.kind == "address"


def test_contacts_are_found_all_in_a_row() -> None:
    contacts = find_contacts("ada@post.example,bob@post.example cy@x.example@ @dee 030/1234567")
    assert [contact.kind for contact in contacts] == ["email", "email", "phone"]


NOTE = "Ada Moss is a reporter. Email her at ada.moss@post.example or call (212) 555-0143."
TEXT = f"Rain\nBy Ada Moss\n{STORY} Call Bob on (212) 555-0177.\n{OTHER}\n\n{NOTE}\n"


def emitted(folder: Path, contacts: str = "mask") -> dict[str, Any]:
    run(folder, {"site.example/1.txt": TEXT}, contacts=contacts)
    [row] = rows(folder, "documents")
    assert "author_bio" in {span["kind"] for span in row["metadata"]["removed"]}
    return {"text": row["text"], "rest": json.dumps({**row, "text": ""}), "tags": row["tags"]}


def test_by_default_contacts_are_masked_outside_the_text_only(tmp_path: Path) -> None:
    out = emitted(tmp_path)
    assert "ada.moss@" not in out["rest"] and "555-0143" not in out["rest"]
    assert mask_contacts("ada.moss@post.example") in out["rest"] and "(212) 555-0177" in out["text"]
    assert "contacts_masked" not in out["tags"]


def test_all_contacts_are_masked_on_demand_and_counted(tmp_path: Path) -> None:
    out = emitted(tmp_path, contacts="mask-all")
    assert "555-0177" not in out["text"] and "Call Bob on [phone.......]." in out["text"]
    assert "contacts_masked" in out["tags"]
    report = json.loads((tmp_path / "clean" / "report.json").read_text())
    assert report["contacts_masked"] == {"email": 1, "phone": 2, "address": 0}
    assert "e-mail addresses 1, telephone numbers 2" in (tmp_path / "clean" / "README.md").read_text()


def test_contacts_are_kept_on_demand(tmp_path: Path) -> None:
    out = emitted(tmp_path, contacts="keep")
    assert "ada.moss@post.example" in out["rest"] and "(212) 555-0143" in out["rest"]


@pytest.mark.parametrize("contacts", ["keep", "mask", "mask-all"])
def test_what_was_removed_and_kept_still_adds_up(tmp_path: Path, contacts: str) -> None:
    run(tmp_path, {"site.example/1.txt": TEXT}, contacts=contacts)
    [row] = rows(tmp_path, "documents")
    text, at = row["text"], 0
    for span in row["metadata"]["removed"]:
        assert len(span["text"]) == span["end"] - span["start"]
        text = text[: span["start"]] + span["text"] + text[span["start"] :]
        at = span["end"]
    assert at <= len(text) == len(TEXT) == row["n_chars_in"]
    texts = {"keep": TEXT, "mask-all": mask_contacts(TEXT)}
    assert text == texts.get(contacts, mask_contacts(TEXT).replace("[phone.......]", "(212) 555-0177", 1))


def test_the_setting_is_part_of_what_shapes_a_cleaned_document() -> None:
    prints = {Settings(contacts=c).cleaning_fingerprint() for c in ("keep", "mask", "mask-all")}
    assert len(prints) == 3


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(UsageError, match="keep, mask, mask-all"):
        Settings(contacts="some")  # type: ignore[arg-type]  # as a file might say
