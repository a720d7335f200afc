"""The expression of a selection: which expressions are allowed, and that they have no side effects."""

import json
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cleaned import document, write_clean
from winnow.corpus import schema
from winnow.corpus.errors import UsageError
from winnow.corpus.selection.choosing import choose, document_files
from winnow.corpus.selection.expression import FUNCTIONS, checked, locked_connection
from winnow.corpus.selection.selection_settings import PRESETS, Selection
from winnow.corpus.text_quality import TextQuality

CASE_FILE = Path(__file__).parent / "cases" / "where.jsonl"
CASES = [json.loads(line) for line in CASE_FILE.read_text(encoding="utf8").split("\n") if line]
DOCUMENTS: dict[str, dict[str, Any]] = {
    "a1": {
        "domain": "a.example",
        "reliability_label": "reliable",
        "reliability_score": 0.8,
        "created": "2025-03-14",
    },
    "a2": {
        "domain": "a.example",
        "reliability_label": "reliable",
        "reliability_score": 0.8,
        "n_chars_out": 1500,
    },
    "b1": {
        "domain": "b.example",
        "reliability_label": "reliable",
        "reliability_score": 0.5,
        "tags": ["duplicate"],
    },
    "b2": {"domain": "b.example", "reliability_score": 0.5, "language": "de", "text": "Regen fiel."},
    "c1": {"domain": "c.example", "reliability_label": "mixed", "text": "Rain fell on Monday."},
}
# What stands between the functions of an expression
WORDS = "text language tags metadata.title [ ] ( ( ) ) , 'a_' '%' 1 -1 null true and or not is in between like as :: = < . :: integer date case when then else end cast * ~ @ $1 ? select from {'a':1} lambda -> interval".split()
TITLES = {"a1": "Rain", "b1": "Rain again"}


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [
        document(name, **row, metadata={"title": TITLES.get(name, "")}) for name, row in DOCUMENTS.items()
    ]
    return write_clean(tmp_path_factory.mktemp("where") / "clean", rows[:2], [], rows[2:])


def taken(clean: Path, where: str, preset: str = "all") -> list[str]:
    chosen = choose(document_files(clean), Selection(where=where, preset=preset))
    names = [[*DOCUMENTS][:2], [], [*DOCUMENTS][2:]]
    return [names[number][row] for number, part in enumerate(chosen) for row in part.rows]


@pytest.mark.parametrize("case", [c for c in CASES if "takes" in c], ids=lambda case: case["label"])
def test_an_expression_takes_the_documents_that_it_describes(clean: Path, case: dict[str, Any]) -> None:
    assert taken(clean, case["where"]) == case["takes"]


@pytest.mark.parametrize("case", [c for c in CASES if "refused" in c], ids=lambda case: case["label"])
def test_what_is_no_such_expression_is_refused_with_the_reason(clean: Path, case: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as error:
        taken(clean, case["where"])
    assert case["refused"] in str(error.value)


@pytest.mark.parametrize(
    "expression",
    [
        "- " * 900 + "n_chars_in = 1",
        "not " * 2000 + "true",
        "(" * 4000 + "true" + ")" * 4000,
        "true or " * 5000 + "true",
    ],
    ids=["minus", "not", "parentheses", "or"],
)
def test_deep_and_long_expressions_end_soon_and_without_harm(expression: str) -> None:
    began = time.process_time()
    with suppress(UsageError):
        checked(expression)
    assert time.process_time() - began < 5


@pytest.mark.parametrize("text", ["a" * 1_000_000, "ab" * 500_000], ids=["a", "ab"])
@pytest.mark.parametrize(
    "where",
    ["text like '%a%a%a%a%a%a%a%b%c'", "regexp_matches(text, '(a*)*c')", "contains(text, 'aaaaaaaaaac')"],
)
def test_a_hostile_text_takes_linear_time(tmp_path: Path, text: str, where: str) -> None:
    clean = write_clean(tmp_path, [document("a", text=text)])
    began = time.process_time()
    choose(document_files(clean), Selection(where=where))
    assert time.process_time() - began < 5


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*sorted(FUNCTIONS), *WORDS]), max_size=12).map(" ".join))
def test_no_words_of_an_expression_crash(text: str) -> None:
    try:
        condition, columns = checked(text)
    except UsageError as error:
        assert str(error).startswith("--where: ")
    else:
        assert text in condition and columns <= {name.lower() for name in schema.DOCUMENTS.names}


@pytest.mark.parametrize(
    "where", ["~~(text, 'a_')", "~~()", "!~~(text)", "text ~~ 'a_'", "list_value()", "regexp_matches()"]
)
def test_a_function_without_its_arguments_is_refused_in_words(clean: Path, where: str) -> None:
    with pytest.raises(UsageError, match="--where"):
        taken(clean, where)


@settings(max_examples=60)
@given(st.text(st.sampled_from("ab'\"();-/*,.=<> \n%_$?#[]{}:|\\"), max_size=30))
def test_no_text_breaks_out_or_crashes(text: str) -> None:
    try:
        condition, _ = checked(text)
    except UsageError:
        return
    with locked_connection() as connection:
        connection.execute("CREATE TABLE documents (a BOOLEAN)")
        statements = connection.extract_statements(f"SELECT 1 FROM documents WHERE true AND {condition}")
    assert len(statements) == 1


def test_the_database_itself_reads_and_writes_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    refused = [
        f"SELECT * FROM read_csv('{secret}')",
        f"COPY (SELECT 1) TO '{tmp_path / 'out.csv'}'",
        f"ATTACH '{tmp_path / 'x.db'}'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET memory_limit = '10GB'",
    ]
    with locked_connection() as connection:
        for query in refused:
            with pytest.raises(Exception, match=r"disabled|locked|Permission|Cannot"):
                connection.execute(query)
    assert [*tmp_path.iterdir()] == [secret]


@pytest.mark.parametrize("name", sorted(name for name in FUNCTIONS if name[0].isalpha()))
def test_every_function_that_is_allowed_has_no_effect_and_gives_the_same_again(name: str) -> None:
    with locked_connection() as connection:
        rows = connection.execute(
            "SELECT DISTINCT has_side_effects, stability FROM duckdb_functions()"
            " WHERE function_name = ? AND function_type = 'scalar'",
            [name],
        ).fetchall()
    assert rows == [(False, "CONSISTENT")] or name == "nullif"  # a macro over CASE


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_is_an_expression_that_may_be_used(preset: str) -> None:
    condition, columns = checked(PRESETS[preset])
    assert condition == f"({PRESETS[preset]}\n)"
    assert columns <= {*schema.DOCUMENTS.names}


GOOD = asdict(
    TextQuality(
        words=50,
        mean_word_chars=3.0,
        stop_words=2,
        alphabetic_share=0.8,
        punctuated_line_share=0.12,
        c4_sentences=5,
    )
)
# Preset: a field of quality, the last value that it takes, and the first that it does not
BOUNDS: dict[str, list[tuple[str, float, float]]] = {
    "gopher": [
        ("words", 50, 49), ("words", 100_000, 100_001), ("mean_word_chars", 3.0, 2.9), ("mean_word_chars", 10.0, 10.1),
        ("hashes_per_word", 0.1, 0.11), ("ellipses_per_word", 0.1, 0.11), ("bullet_line_share", 0.9, 0.91),
        ("ellipsis_line_share", 0.3, 0.31), ("alphabetic_share", 0.8, 0.79), ("stop_words", 2, 1),
        ("repeated_line_share", 0.3, 0.31), ("repeated_line_char_share", 0.2, 0.21),
        ("repeated_paragraph_share", 0.3, 0.31), ("repeated_paragraph_char_share", 0.2, 0.21),
        ("top_2gram_share", 0.2, 0.21), ("top_3gram_share", 0.18, 0.181), ("top_4gram_share", 0.16, 0.161),
        ("repeated_5gram_share", 0.15, 0.151), ("repeated_6gram_share", 0.14, 0.141), ("repeated_7gram_share", 0.13, 0.131),
        ("repeated_8gram_share", 0.12, 0.121), ("repeated_9gram_share", 0.11, 0.111), ("repeated_10gram_share", 0.1, 0.101),
    ],
    "c4": [("c4_sentences", 5, 4)],
    "fineweb": [
        ("words", 1, 0), ("punctuated_line_share", 0.12, 0.1199), ("short_line_share", 0.67, 0.6701),
        ("repeated_line_char_share", 0.01, 0.0101), ("line_breaks_per_word", 0.3, 0.3001),
    ],
}  # fmt: skip


@pytest.mark.parametrize("preset", BOUNDS)
def test_presets_of_others_take_what_lies_within_their_bounds(tmp_path: Path, preset: str) -> None:
    values = [(name, value) for name, last, first in BOUNDS[preset] for value in (last, first)]
    rows = [
        document(f"{number}", quality=GOOD | {name: value}) for number, (name, value) in enumerate(values)
    ]
    files = document_files(write_clean(tmp_path, [*rows, document("of an earlier schema", quality=None)]))
    [chosen] = choose(files, Selection(preset=preset))
    assert chosen.rows.tolist() == [*range(0, len(values), 2)]


def test_a_field_of_quality_can_be_compared_and_a_misspelt_one_is_named(tmp_path: Path) -> None:
    files = document_files(write_clean(tmp_path, [document("a", quality=GOOD), document("b")]))
    [chosen] = choose(files, Selection(where="quality.words >= 50 and quality.link_share < .5"))
    assert chosen.rows.tolist() == [0]
    with pytest.raises(UsageError, match="wrods"):
        choose(files, Selection(where="quality.wrods > 5"))


def test_presets_take_less_the_stricter_they_are(tmp_path: Path) -> None:
    reliable = {"reliability_label": "reliable", "reliability_basis": "model"}
    rows = [
        document("good", **reliable),
        document("mixed", reliability_label="mixed", status="review"),
        document("model says bad", reliability_label="unreliable", reliability_basis="model"),
        document("person says bad", reliability_label="unreliable", reliability_basis="human"),
        document("list says bad", reliability_label="unreliable", reliability_basis="list"),
        document("copy", tags=["duplicate", "syndicated"], **reliable),
        document("planted", tags=["seo_spam"], **reliable),
        document("persona", tags=["suspected_persona"], **reliable),
        document("satire", tags=["satire_listed"], **reliable),
        document("no language", language="und", **reliable),
        document("unknown"),
    ]
    files = document_files(write_clean(tmp_path, rows))
    rows_by_preset = {
        preset: choose(files, Selection(preset=preset))[0].rows.tolist()
        for preset in ("all", "balanced", "strict")
    }
    assert rows_by_preset == {"all": [*range(11)], "balanced": [0, 1, 2, 8, 9, 10], "strict": [0]}


def test_the_expression_narrows_the_preset(clean: Path) -> None:
    assert taken(clean, "true or true", preset="strict") == ["a1", "a2"]
