"""Generated identities: coincidences, their weights, and what must never raise an alarm."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.identity.detector import FORM_LIMIT, THRESHOLD, evidence_kinds, find_identities, weigh
from models.identity.evidence import FIELD_EVIDENCE, TEXT_PATTERNS, line_evidence
from models.identity.fields import fields, label_of
from models.identity.train import train

FORM = [
    "Detail Author:",
    "Name : Ona Kuhn DVM",
    "Email : mraz.lelia@gmail.com",
    "Birthdate : 1991-02-15",
    "Address : 905 Kling Run Port Enrico, MO 21669",
    "Company : Hoppe and Sons",
    "Bio : Voluptas et dolores quia eveniet consequatur omnis. Aut sunt itaque repellat.",
]
STORY = ["Rain fell on the hills for three days.", "The board met on Tuesday, Ada Moss said."]

EVIDENCE = {
    "Birthdate : 1991-02-15": {"birth_iso", "date_iso"},
    "Address : 905 Kling Run Port Enrico, MO 21669": {"zip_wrong"},
    "Address : 12 Elm Street, Springfield, MO 65801": {"zip_right"},
    "Company : Hoppe and Sons": {"company_sons"},
    "Company : Kuhn, Mraz and Hoppe": {"company_three"},
    "Company : Hoppe-Kuhn": {"company_dash"},
    "Phone : 1-364-625-4188 x301": {"phone_extension"},
    "Email : lelia@kuhn.com": {"mail_surname"},
    "Email : someone@example.org": {"mail_example"},
    "INSERT INTO t VALUES ('2019-03-04 11:22:33')": {"sql_stamp"},
    "Consequatur nihil esse laudantium dolores quidem ipsam.": {"latin"},
    "The ferry leaves at 5.50am, the operator said.": set(),
}


@pytest.mark.parametrize("line", EVIDENCE)
def test_a_line_shows_its_coincidence(line: str) -> None:
    shown = {name for name in line_evidence(line) if evidence_kinds()[name].side == "specific"}
    assert shown >= {n for n in EVIDENCE[line] if evidence_kinds()[n].side == "specific"}
    assert line_evidence(line) >= EVIDENCE[line]


def test_every_kind_of_evidence_can_be_found_and_is_weighed() -> None:
    from_mail = {"mail", "mail_free", "mail_free_name", "mail_surname", "mail_example"}
    elsewhere = {"zip_right", "zip_wrong", "social_url", "social_name", "latin", "labels_3", "labels_5"}
    assert set(FIELD_EVIDENCE) | set(TEXT_PATTERNS) | from_mail | elsewhere == set(evidence_kinds())


def test_a_filled_form_is_found_whole_with_its_heading() -> None:
    [identity] = find_identities([*STORY, *FORM])
    assert (identity.first, identity.last) == (len(STORY), len(STORY) + len(FORM) - 1)
    assert identity.probability > 0.99
    assert identity.evidence[0].weight >= identity.evidence[-1].weight


@pytest.mark.parametrize("gone", range(1, len(FORM)))
def test_a_form_is_found_with_any_one_field_left_out(gone: int) -> None:
    assert find_identities([line for number, line in enumerate(FORM) if number != gone])


def test_what_any_contact_form_shows_never_suffices() -> None:
    form = [name for name, kind in evidence_kinds().items() if kind.side == "form"]
    total, _ = weigh(form)
    assert total <= FORM_LIMIT < THRESHOLD


@pytest.mark.parametrize("name", [n for n, kind in evidence_kinds().items() if kind.side == "specific"])
def test_one_coincidence_never_suffices(name: str) -> None:
    assert weigh([name])[0] < THRESHOLD


def test_a_label_is_known_in_any_spelling() -> None:
    assert {label_of(text) for text in ("Birthdate", "DATE_OF_BIRTH:", "Geburtsdatum", "生日")} == {"birth"}


@given(
    st.lists(st.sampled_from([*FORM, *STORY, "", "|", "a | b | c", "\t", "'a', 'b', 'c', '"]), max_size=12)
)
def test_identities_lie_in_order_inside_the_lines(lines: list[str]) -> None:
    at = -1
    for identity in find_identities(lines):
        assert at < identity.first <= identity.last < len(lines)
        at = identity.last


@given(st.text(max_size=200))
def test_any_line_can_be_read_as_fields(line: str) -> None:
    assert all(field.value for field in fields(line))
    line_evidence(line)


@pytest.mark.parametrize(
    "line", ["a" * 10**6, "a@" * 400_000, "1-" * 500_000, "x: " * 300_000, "| " * 500_000, ", " * 500_000]
)
def test_hostile_lines_take_linear_time(line: str) -> None:
    began = time.process_time()
    find_identities([line, line[:1200], line[:400]])
    assert time.process_time() - began < 10


def test_the_word_lists_are_made_again_to_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("faker", reason="the lists are made from the Faker package")
    assert train(tmp_path / "a.gz").read_bytes() == train(tmp_path / "b.gz").read_bytes()
