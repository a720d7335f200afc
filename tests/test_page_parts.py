"""The labelled parts of pages: the label file is valid, paragraphs are found again, and judged alike for all systems."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence

import pyarrow.parquet as pq
import pytest

from bench.page_labels import (
    HASH_DIGITS,
    LABELS,
    PAGES,
    ROLES,
    Labelled,
    LabelledFile,
    block_texts,
    find_paragraphs,
    labelled_files,
    letters_hash,
    letters_of,
    record_line,
    trained_sites,
)
from bench.page_parts import (
    LANGUAGE_PAGES,
    OUTSIDE,
    Part,
    figures_of,
    judged_parts,
    language_groups,
    page_layout,
)
from winnow.corpus.domains import registered_domain

HEX = re.compile(r"[0-9a-f]{16}")
TEXTS = [
    "Start Harbour Weather",
    "The harbour opens again",
    "After nine months of repairs the first ferry may dock on Monday.",
    "Crowds had waited on the pier since the early morning, some of them with flags.",
    "Read also: How the old pier was saved from the winter storms",
    "The mayor thanked the divers, who had worked at night as well.",
    "Photo: A. Nobody",
]
PARTS = ["outside", "headline", "standfirst", "body", "promotion", "body", "credit"]


def label(number: int, text: str, role: str = "body") -> Labelled:
    letters = letters_of(text)
    return Labelled(number, letters_hash(letters), len(letters), role)


def labels_of(texts: Sequence[str], roles: Sequence[str]) -> LabelledFile:
    pairs = enumerate(zip(texts, roles, strict=True))
    return LabelledFile("page", "en", tuple(label(n, t, role) for n, (t, role) in pairs if role != OUTSIDE))


def shares(output: str) -> Mapping[str, float]:
    """The share of each role's words in an output, the words outside for what is outside."""
    parts = judged_parts(labels_of(TEXTS, PARTS), TEXTS, output)
    words = {role: sum(part.words for part in parts if part.role == role) for role in PARTS}
    stayed = {role: sum(part.words * part.share for part in parts if part.role == role) for role in PARTS}
    return {role: words[role] if role == OUTSIDE else stayed[role] / words[role] for role in words}


def test_the_label_file_holds_files_numbers_hashes_and_roles_and_no_text() -> None:
    for line in LABELS.read_text(encoding="utf8").splitlines():
        record = json.loads(line)
        assert record.keys() == {"file", "language", "paragraphs"}
        assert re.fullmatch(r"[\w./-]{10,120}\.html?", record["file"])
        assert re.fullmatch("[a-z]{2}", record["language"])
        for number, sha, letters, role in record["paragraphs"]:
            assert isinstance(number, int)
            assert isinstance(letters, int)
            assert HEX.fullmatch(sha)
            assert role in ROLES


def test_a_line_of_the_label_file_is_read_as_it_was_written() -> None:
    first = labelled_files()[0]
    line = LABELS.read_text(encoding="utf8").splitlines()[0]
    assert record_line(first.file, first.language, first.paragraphs) == line


def test_enough_pages_and_leads_are_labelled_each_page_once() -> None:
    files = labelled_files()
    assert len({file.file for file in files}) == len(files) >= 120
    roles = Counter(paragraph.role for file in files for paragraph in file.paragraphs)
    assert set(roles) == set(ROLES)
    assert roles["standfirst"] >= 90


def test_paragraphs_are_in_the_order_of_the_page_and_have_letters() -> None:
    for file in labelled_files():
        numbers = [paragraph.number for paragraph in file.paragraphs]
        assert numbers == sorted(set(numbers))
        assert all(paragraph.letters for paragraph in file.paragraphs)


def test_every_page_has_a_headline_and_most_have_a_body() -> None:
    roles = [{paragraph.role for paragraph in file.paragraphs} for file in labelled_files()]
    assert all("headline" in page for page in roles)
    assert sum("body" in page for page in roles) >= len(roles) - 1


@pytest.mark.skipif(not PAGES.exists(), reason="the pages do not ship")
def test_no_labelled_page_is_of_a_site_that_models_are_trained_on() -> None:
    rows = pq.read_table(PAGES, columns=["file", "url", "domain"]).to_pylist()
    site_of = {row["file"]: registered_domain(row["url"] or "") or row["domain"] for row in rows}
    labelled = {site_of[file.file] for file in labelled_files()}
    assert "" not in labelled
    assert not labelled & trained_sites()


@pytest.mark.skipif(not PAGES.exists(), reason="the pages do not ship")
def test_todays_layout_has_nearly_every_labelled_paragraph() -> None:
    files = labelled_files()[::20]
    table = pq.read_table(PAGES, filters=[("file", "in", [file.file for file in files])])
    html = {row["file"]: row["html"] for row in table.to_pylist()}
    found = [
        len(find_paragraphs(file.paragraphs, block_texts(page_layout(html[file.file])))) for file in files
    ]
    assert sum(found) >= 0.99 * sum(len(file.paragraphs) for file in files)


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Rain fell, 3 mm.", "rainfell3mm"),
        ("  RAIN\u00a0fell – 3\u202fmm", "rainfell3mm"),
        ("**Rain** fell, 3 mm", "rainfell3mm"),
        ("港の市場が、再び開いた。", "港の市場が再び開いた"),
        ("— * —", ""),
    ],
)
def test_letters_do_not_depend_on_spaces_punctuation_and_case(text: str, letters: str) -> None:
    assert letters_of(text) == letters
    assert len(letters_hash(letters_of(text))) == HASH_DIGITS


def test_a_paragraph_is_found_where_the_layout_numbers_its_blocks_anew() -> None:
    labels = [label(2, TEXTS[3])]
    assert find_paragraphs(labels, ["A banner", *TEXTS]) == {2: TEXTS[3]}


def test_a_paragraph_is_found_where_the_layout_joins_or_splits_blocks() -> None:
    labels = [label(3, TEXTS[3])]
    joined = [*TEXTS[:2], f"{TEXTS[2]} {TEXTS[3]} {TEXTS[4]}"]
    split = [*TEXTS[:3], *re.split(r"(?<=,) ", TEXTS[3]), *TEXTS[4:]]
    for texts in (joined, split):
        assert find_paragraphs(labels, texts) == {3: letters_of(TEXTS[3])}


def test_of_equal_blocks_the_nearest_is_meant() -> None:
    labels = [label(0, "Rain."), label(3, "RAIN")]
    assert find_paragraphs(labels, ["Rain.", "fell", "again", "RAIN"]) == {0: "Rain.", 3: "RAIN"}


def test_a_paragraph_that_the_page_lost_is_not_found() -> None:
    assert find_paragraphs([label(1, "Snow fell on the pier.")], TEXTS) == {}


def test_all_text_of_a_page_keeps_all_parts_and_what_is_outside() -> None:
    assert shares("\n".join(TEXTS)) == {
        OUTSIDE: 3, "headline": 1.0, "standfirst": 1.0, "body": 1.0, "promotion": 1.0, "credit": 1.0,
    }  # fmt: skip


def test_an_empty_output_keeps_nothing() -> None:
    assert set(shares("").values()) == {0}


def test_bodies_alone_lose_the_lead_and_leave_no_promotion() -> None:
    found = shares(f"{TEXTS[3]}\n{TEXTS[5]}")
    assert found["body"] == 1.0
    assert found["standfirst"] == found["promotion"] == found[OUTSIDE] == 0


@pytest.mark.parametrize(
    "output",
    [
        "".join(TEXTS[1:4]) + TEXTS[5],
        "\n\n".join(f"- **{text}**" for text in [*TEXTS[1:4], TEXTS[5]]),
        "\n".join([TEXTS[3], TEXTS[5], TEXTS[1], TEXTS[2]]),
        "\n".join([*TEXTS[1:4], TEXTS[5]]).replace(" ", "\n"),
    ],
    ids=["without line breaks", "Markdown", "another order", "a word a line"],
)
def test_layout_and_order_of_an_output_change_no_verdict_on_what_should_stay(output: str) -> None:
    found = shares(output)
    assert found["standfirst"] == found["body"] == found["headline"] == 1.0
    assert found["promotion"] < 0.2


def test_half_of_a_paragraph_counts_as_half() -> None:
    half = " ".join(TEXTS[3].split()[:8])
    found = shares(f"{half}\n{TEXTS[5]}")
    assert 0.6 < found["body"] < 0.8


def test_a_short_paragraph_inside_a_sentence_is_not_kept_but_a_line_is() -> None:
    texts = [
        "Sea News",
        "Divers",
        "The divers had worked at night, as the mayor said in her speech on the pier.",
    ]
    labels = labels_of(texts, ["outside", "subhead", "body"])
    inside, line = (judged_parts(labels, texts, output) for output in (texts[2], "\n".join(texts[1:])))
    assert [part.share for part in inside if part.role == "subhead"] == [0.0]
    assert [part.share for part in line if part.role == "subhead"] == [1.0]


def test_promotion_that_repeats_a_sentence_of_the_body_is_not_left_by_the_body() -> None:
    texts = [*TEXTS[1:4], TEXTS[3]]
    labels = labels_of(texts, ["headline", "standfirst", "body", "promotion"])
    once, twice = (judged_parts(labels, texts, "\n".join([TEXTS[3]] * times)) for times in (1, 2))
    assert [part.share for part in once if part.role == "body"] == [1.0]
    assert sum(part.share for part in once if part.role == "promotion") < sum(
        part.share for part in twice if part.role == "promotion"
    )


def test_figures_count_paragraphs_from_four_fifths_of_their_words() -> None:
    parts = [Part("standfirst", 10, 0.79), Part("standfirst", 10, 0.8), Part("body", 80, 1.0)]
    assert figures_of([parts])["kept"] == {
        "standfirst": {"paragraphs": 2, "share": 0.5, "share_of_words": 0.795},
        "body": {"paragraphs": 1, "share": 1.0, "share_of_words": 1.0},
    }


def test_figures_give_what_is_left_as_a_share_of_the_output() -> None:
    pages = [
        [Part("body", 90, 1.0), Part("promotion", 10, 0.5)],
        [Part("promotion", 10, 0.0), Part(OUTSIDE, 5, 1.0)],
    ]
    assert figures_of(pages)["left"] == {
        "promotion": {"paragraphs": 2, "share_of_words": 0.25, "share_of_output": 0.05},
        "outside": {"share_of_output": 0.05},
    }


def test_languages_of_few_pages_share_their_figures() -> None:
    languages = ["en"] * LANGUAGE_PAGES + ["ja"] * (LANGUAGE_PAGES - 1) + ["it"]
    groups = language_groups([LabelledFile("page", language, ()) for language in languages])
    assert {name: len(numbers) for name, numbers in groups.items()} == {
        "all": 2 * LANGUAGE_PAGES,
        "en": LANGUAGE_PAGES,
        "other": LANGUAGE_PAGES,
    }
