"""Generated identities: coincidences, their weights, and what must never raise an alarm."""

import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.models.identity.detector import FORM_LIMIT, THRESHOLD, find_identities, weigh
from winnow.models.identity.dummy import dummy_evidence
from winnow.models.identity.evidence import line_evidence
from winnow.models.identity.evidence_weights import evidence_kinds, kind_tables
from winnow.models.identity.fields import fields, label_of
from winnow.models.identity.names import handle_names, is_full_name

ROOM = Path(__file__).parents[1] / "winnow" / "models" / "identity"
NOISE = Path(__file__).parents[1].parent / "shared" / "data" / "noise"

FORM = [
    "Detail Author:",
    "Name : Ona Kuhn DVM",
    "Email : mraz.lelia@gmail.com",
    "Birthdate : 1991-02-15",
    "Address : 905 Kling Run Port Enrico, MO 81669",
    "Company : Hoppe and Sons",
    "Bio : Voluptas et dolores quia eveniet consequatur omnis. Aut sunt itaque repellat.",
]
STORY = ["Rain fell on the hills for three days.", "The board met on Tuesday, Ada Moss said."]

EVIDENCE = {
    "Birthdate : 1991-02-15": {"birth_iso", "date_iso"},
    "Address : 905 Kling Run Port Enrico, MO 81669": {"zip_wrong"},
    "Address : 12 Elm Street, Springfield, MO 65801": {"zip_right"},
    "Company : Hoppe and Sons": {"company_sons"},
    "Company : Kuhn, Mraz and Hoppe": {"company_three"},
    "Company : Hoppe-Kuhn": {"company_pair"},
    "Firma: Hartmann GmbH & Co. KG": {"company_local"},
    "会社: 株式会社山田建設": {"company_local"},
    "公司: 佳禾科技有限公司": {"company_headed"},
    "Phone : 1-364-625-4188 x301": {"phone_extension"},
    "Email : lelia@kuhn.com": {"mail_surname"},
    "Email : someone@example.org": {"mail_example"},
    "Website: https://strange-transom.biz/": {"web_made", "ending_rare"},
    "Job: Legacy Markets Orchestrator": {"job_built"},
    "Job: Senior Research Engineer": {"job_ordinary"},
    "Slogan: Multi-layered client-server neural-net": {"slogan"},
    "住所: 福井県品川区四区町30丁目10番3号": {"ward_wrong"},
    "ID: 8b169b13-f434-488b-88b1-7348adb3b5c0": {"machine_number"},
    "INSERT INTO t VALUES ('2019-03-04 11:22:33')": {"sql_stamp"},
    "Consequatur nihil esse laudantium dolores quidem ipsam.": {"latin"},
    "Nie wissen Frage gern Brot. Schlagen Leben nur sieben Ferien.": {"salad_run"},
    "Ona Kuhn works as a Civil engineer, contracting at Kuhn Ltd.": {"name_in", "job_in", "company_in"},
}
ORDINARY = (
    "The ferry leaves at 5.50am, the operator said.",
    "Redaktion Hafenblatt, Lindenweg 4, DE 80331 München",
    "She was born in 1964 and has worked at the harbour since 1990.",
)


@pytest.mark.parametrize("line", EVIDENCE)
def test_a_line_shows_its_coincidence(line: str) -> None:
    assert line_evidence(line, fields(line)) >= EVIDENCE[line]


@pytest.mark.parametrize("line", ORDINARY)
def test_an_ordinary_line_shows_nothing_that_generators_leave(line: str) -> None:
    assert {
        name for name in line_evidence(line, fields(line)) if evidence_kinds()[name].side != "form"
    } == set()


def test_every_kind_of_evidence_is_known_to_the_code_and_measured() -> None:
    code = " ".join(path.read_text(encoding="utf8") for path in ROOM.glob("*.py"))
    kinds_in_code = {name for name in kind_tables() if re.search(rf'"{name}"', code)}
    assert kinds_in_code | {"labels_3", "labels_5"} == set(kind_tables()) == set(evidence_kinds())


def test_a_filled_form_is_found_whole_with_its_heading() -> None:
    [identity] = find_identities([*STORY, *FORM])
    assert (identity.first, identity.last) == (len(STORY), len(STORY) + len(FORM) - 1)
    assert identity.probability > 0.99
    assert identity.evidence[0].weight >= identity.evidence[-1].weight


@pytest.mark.parametrize("field_number", range(1, len(FORM)))
def test_a_form_is_found_with_any_one_field_left_out(field_number: int) -> None:
    assert find_identities([line for number, line in enumerate(FORM) if number != field_number])


def test_what_any_contact_form_shows_never_suffices() -> None:
    total, _ = weigh(name for name, kind in evidence_kinds().items() if kind.side == "form")
    assert total <= FORM_LIMIT < THRESHOLD


def test_what_real_people_have_too_never_suffices_with_a_full_form() -> None:
    total, _ = weigh(name for name, kind in evidence_kinds().items() if kind.side in {"form", "shared"})
    assert total < THRESHOLD


@pytest.mark.parametrize("name", evidence_kinds())
def test_one_coincidence_never_suffices(name: str) -> None:
    assert weigh([name])[0] < THRESHOLD


def test_user_names_that_agree_with_the_name_are_no_strangers() -> None:
    form = [
        "Name: Ona Kuhn",
        "Username: lakin.chance",
        "Email: mraz.lelia@gmail.com",
        "Phone: 364-625-4188",
    ]
    form_of_one_person = [
        "Name: Ona Kuhn",
        "Username: okuhn",
        "Email: ona.kuhn@gmail.com",
        "Phone: 364-625-4188",
    ]
    slogan = ["Slogan: Multi-layered client-server neural-net"]
    kinds = {kind.name for identity in find_identities(form + slogan) for kind in identity.evidence}
    assert "strangers" in kinds
    kinds = {
        kind.name for identity in find_identities(form_of_one_person + slogan) for kind in identity.evidence
    }
    assert "strangers" not in kinds


def test_a_label_is_known_in_any_spelling() -> None:
    assert {label_of(text) for text in ("Birthdate", "DATE_OF_BIRTH:", "Geburtsdatum", "生日")} == {"birth"}


@pytest.mark.parametrize(
    "name",
    ["Ona Kuhn", "Dr. Ona Kuhn DVM", "Jan van den Berg", "Иванова Анна", "山田 太郎", "Anna Weber-Keller"],
)
def test_a_listed_name_is_known_in_its_locale(name: str) -> None:
    assert is_full_name(name)


@pytest.mark.parametrize("handle", ["harbour-news", "info", "redaktion", "x1", "the.board"])
def test_a_user_name_that_names_nobody_is_not_read_as_one(handle: str) -> None:
    assert handle_names(handle) == ()


def test_ordinary_sentences_are_not_words_drawn_from_a_list() -> None:
    text = "The rain fell on the hills for days. She said that they had to leave the town at once."
    assert dummy_evidence(text) == set()


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
    line_evidence(line, fields(line))


HOSTILE = (
    "a",
    "a@",
    "1-",
    "x: ",
    "| ",
    ", ",
    " ",
    "'a',",
    '"a":"b",',
    "A b, ",
    "1 ",
    "a.",
    "@a.",
    "号",
    "[",
    "{",
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_lines_take_linear_time(piece: str) -> None:
    line = piece * (10**6 // len(piece))
    began = time.process_time()
    find_identities([line, "Email : a@example.org", line[:2500], line[:1200], line[:400]])
    assert time.process_time() - began < 2


def test_the_seed_is_found_whole() -> None:
    labels = next(iter(NOISE.glob("seeds/003*.json")), None)
    if labels is None:
        pytest.skip("the labelled texts of ../shared are not here")
    lines = labels.with_suffix(".txt").read_text(encoding="utf8").split("\n")
    numbered_lines = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    expected = {line["line"] for line in json.loads(labels.read_text(encoding="utf8"))["lines"]
              if line["category"] == "fake_author_block"}  # fmt: skip
    identities = find_identities([line for _, line in numbered_lines])
    assert {
        numbered_lines[at][0] for identity in identities for at in range(identity.first, identity.last + 1)
    } == expected


@pytest.mark.slow
def test_the_word_lists_are_made_again_to_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("faker", reason="the lists are made from the Faker package")
    from winnow.training.identity.generator_words import make_lists

    assert make_lists(tmp_path / "a.gz").read_bytes() == make_lists(tmp_path / "b.gz").read_bytes()


def test_training_blocks_are_the_same_for_the_same_seed() -> None:
    pytest.importorskip("faker", reason="blocks are made with the Faker package")
    from winnow.training.identity.generated_blocks import sample_blocks

    assert [*sample_blocks(20, 5)] == [*sample_blocks(20, 5)] != [*sample_blocks(20, 6)]


def test_weights_are_measured_again_to_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("faker", reason="blocks are made with the Faker package")
    pandas = pytest.importorskip("pandas", reason="articles are read with pandas")
    from winnow.training.identity.train_identity import train

    articles = tmp_path / "articles.parquet"
    pandas.DataFrame({"text": [f"{story} {number}" for number in range(9) for story in STORY]}).to_parquet(
        articles
    )
    first, second = (
        train(articles, tmp_path / name, blocks=60).read_bytes() for name in ("a.json", "b.json")
    )
    assert first == second
    assert set(json.loads(first)["evidence"]) == set(kind_tables())
