"""Quotations: a passage of a named document for every feature that moves a source's score."""

import json
import time
from collections import Counter
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.runs import OTHER, STORY, distinct, rows, run
from winnow.corpus.output import MARK
from winnow.models.reliability.passages import QUOTED_CHARS, best_passages, holds, is_quotable
from winnow.models.reliability.source_score import NAME_SIGNAL
from winnow.models.reliability.style_features import feature_names
from winnow.models.reliability.wording import WORDING_NAMES
from winnow.pipeline.sources.quotation_cache import QUOTATIONS

ARTICLES = Path(__file__).parents[2] / "shared" / "data" / "reliability" / "articles.parquet"
PLAIN = "The board met on Monday in the old town hall by the quay."
LONGER = (
    "Nobody came to the second meeting of the month, which the board had moved to a Friday in the rain."
)
SAID = "“It was the best of the offers that we had,” said Ada Moss of the board."
LISTED = "Ropes, nets, oars, sails, lamps and anchors, all of them old, were sold there."
HUGE = f"{'The quay is long and the rain is cold and the sea is grey and ' * 12}it is a DISGRACE"
# Feature, title, text, quotation.
CASES = [
    ("quoted_statements", "", f"{PLAIN} {SAID} {PLAIN}", SAID),
    ("mark_comma", "", f"{PLAIN}\n{LISTED}\n{LONGER}", LISTED),
    ("insults", "", f"{PLAIN} {HUGE}", "DISGRACE"),
    ("rights", "", f"Photo by Ada\n{PLAIN}", "Photo by Ada"),
    ("title_shouted", "They LIED about EVERYTHING", PLAIN, "They LIED about EVERYTHING"),
    ("title_small_capitalised", "They Lied To Us All", PLAIN, "They Lied To Us All"),
]
NONE = [
    ("mark_money", "", PLAIN),
    ("title_number", "", PLAIN),
    ("title_exclamation", "Board meets", PLAIN),
    ("title_small_capitalised", "Board approves harbour repair", PLAIN),  # without short words
    ("mark_comma", "", ""),
]


@pytest.mark.parametrize(("name", "title", "text", "quoted"), CASES)
def test_a_feature_is_shown_by_the_passage_with_most_of_it(
    name: str, title: str, text: str, quoted: str
) -> None:
    passages = best_passages(title, text, [name])
    assert quoted in passages[name] and holds(name, passages[name])


@pytest.mark.parametrize(("name", "title", "text"), NONE)
def test_nothing_is_quoted_for_what_is_not_there(name: str, title: str, text: str) -> None:
    assert best_passages(title, text, [name]) == {}


def test_features_that_are_equally_frequent_are_shown_by_different_sentences() -> None:
    text = f"{LISTED}\n{LISTED.replace('Ropes', 'Hooks')}"
    assert len({*best_passages("", text, ["mark_comma", "past_tense"]).values()}) == 2


@given(st.text(max_size=60), st.text(max_size=900))
def test_a_quotation_is_short_and_from_the_document_and_holds_its_feature(title: str, text: str) -> None:
    words = " ".join(title.split()), " ".join(text.split())
    for name, quote in best_passages(title, text, filter(is_quotable, feature_names())).items():
        assert 0 < len(quote) <= QUOTED_CHARS
        assert any(quote in part for part in words) and holds(name, quote)


def test_lengths_shares_and_sums_over_all_words_have_rates_and_no_quotation() -> None:
    assert not any(
        map(is_quotable, [*WORDING_NAMES, "words", "variety", "hedge_share", "long_sentence_share"])
    )


@pytest.mark.parametrize("text", ["a" * 10**6, "a. " * 300_000, "\n" * 10**6, "." * 10**6, " " * 10**6])
def test_hostile_text_takes_little_time(text: str) -> None:
    began = time.process_time()
    best_passages(text, text, ["mark_comma", "scare_quotes", "title_shouted"])
    assert time.process_time() - began < 2


def records(site: str, *texts: str, title: str = "Basin {n}", date: str = "") -> str:
    lines = (
        {"url": f"https://{site}/{n}", "title": title.format(n=n), "text": text, "date": date}
        for n, text in enumerate(texts)
    )
    return "".join(json.dumps(record) + "\n" for record in lines)


def source(folder: Path, files: Mapping[str, str | bytes], **settings: Any) -> dict[str, Any]:
    run(folder, files, **settings)
    return rows(folder, "sources")[0]


TEXTS = [distinct(f"{STORY} {SAID}", n) for n in range(3)] + [
    distinct(f"{OTHER} {LISTED}", n) for n in range(3)
]


def test_what_is_there_is_quoted_from_documents_that_are_named_and_what_is_not_has_its_rate(
    tmp_path: Path,
) -> None:
    source_row = source(tmp_path, {"a.jsonl": records("ledger.example", *TEXTS)})
    documents = {row["id"]: row for row in rows(tmp_path, "documents")}
    strong = [s for s in source_row["signals"] if s["contribution"] and s["name"] != NAME_SIGNAL]
    assert len(strong) >= 8
    for signal in strong:
        assert signal["meaning"].endswith((": more than usual", ": less than usual"))
        assert (signal["rate"] > signal["usual_rate"]) is signal["meaning"].endswith("more than usual")
        assert signal["unit"] and signal["group"]
    quoted = [signal for signal in strong if signal["evidence"]]
    assert len(quoted) >= 3 and len({signal["document_id"] for signal in quoted}) >= 3
    for signal in quoted:
        document = documents[signal["document_id"]]
        assert signal["meaning"].endswith("more than usual") and holds(signal["name"], signal["evidence"])
        assert signal["document"] == document["url"]
        assert signal["evidence"] in " ".join(f"{document['metadata']['title']} {document['text']}".split())


@pytest.mark.slow
@pytest.mark.skipif(not ARTICLES.exists(), reason="needs ../shared, which is not part of the repository")
def test_quotations_of_a_hundred_sources_hold_what_their_features_count(tmp_path: Path) -> None:
    table = pd.read_parquet(ARTICLES)
    table = table[(table.language == "en") & (table.text.str.len() > 500)]
    table = table.groupby("domain").head(6)
    chosen = table.domain.value_counts().loc[lambda n: n >= 3].sort_index().index[:100]
    table[table.domain.isin(chosen)][["url", "domain", "title", "text"]].to_parquet(
        tmp_path / "some.parquet"
    )
    run(tmp_path, {"some.parquet": (tmp_path / "some.parquet").read_bytes()})
    sources = [row for row in rows(tmp_path, "sources") if row["model_score"] is not None]
    assert len(sources) >= 95
    texts = {row["id"]: f"{row['metadata']['title']} {row['text']}" for row in rows(tmp_path, "documents")}
    quoted = 0
    for row in sources:
        evidence = [s for s in row["signals"] if s["contribution"] and s["evidence"]]
        quoted += len(evidence)
        for signal in evidence:
            assert holds(signal["name"], signal["evidence"]) and signal["rate"] > signal["usual_rate"]
            assert signal["evidence"] in " ".join(texts[signal["document_id"]].split())
        # Of one document no more than its even share, but for features that no other document shows.
        documents = Counter(signal["document_id"] for signal in evidence)
        assert not documents or max(documents.values()) <= max(3, len(evidence) / 2)
        steps = row["model_steps"]
        assert sum(step["change"] for step in steps) == pytest.approx(row["model_score"], abs=1e-4)
    assert quoted >= 300


def test_the_order_of_shards_changes_no_quotation(tmp_path: Path) -> None:
    lines = records("ledger.example", *TEXTS).splitlines()
    forth = {f"{n}.jsonl": line for n, line in enumerate(lines)}
    back = {f"{n}.jsonl": line for n, line in enumerate(reversed(lines))}
    assert source(tmp_path / "a", forth, shard_documents=1) == source(
        tmp_path / "b", back, shard_documents=4
    )


def test_quotations_that_a_run_kept_are_those_that_it_would_find(tmp_path: Path) -> None:
    others = [distinct(f"{STORY} {LISTED}", n) for n in range(10, 17)]
    before = {
        "a.jsonl": records("ledger.example", *TEXTS),
        "b.jsonl": records("second.example", *others[:6]),
    }
    after = {**before, "b.jsonl": records("second.example", *others[1:])}
    run(tmp_path, before)
    assert (tmp_path / "clean" / MARK / "current" / QUOTATIONS).stat().st_size
    run(tmp_path, after)
    run(tmp_path / "fresh", after)
    sources = rows(tmp_path, "sources")
    assert any(s["evidence"] for s in sources[0]["signals"])
    assert sources == rows(tmp_path / "fresh", "sources")


def test_a_copy_of_another_site_is_not_quoted(tmp_path: Path) -> None:
    copied = f"{LISTED} {LISTED} {LISTED}"
    files = {
        "a.jsonl": records("first.example", copied, date="2020-01-01"),
        "b.jsonl": records("second.example", copied, *TEXTS, date="2024-01-01"),
    }
    run(tmp_path, files)
    [copy] = [row for row in rows(tmp_path, "documents") if "duplicate" in row["tags"]]
    [_, second] = rows(tmp_path, "sources")
    assert copy["url"] == "https://second.example/0"
    assert copy["id"] not in {signal["document_id"] for signal in second["signals"]}


def test_the_report_quotes_hostile_passages_as_text(tmp_path: Path) -> None:
    attack = '<script>alert(1)</script><img src=x onerror=alert(2)> & the "board"'
    texts = [distinct(f"{STORY} {SAID}", n) for n in range(4)]
    row = source(tmp_path, {"a.jsonl": records("ledger.example", *texts, title=attack + " {n}")})
    assert any(attack in s["evidence"] for s in row["signals"])
    page = (tmp_path / "clean" / "report.html").read_text(encoding="utf8")
    assert escape("<script>alert(1)</script><img src=x onerror=alert(2)> & the ") in page
    assert "<script" not in page and "<img" not in page
