"""Sources in a run that people and rating lists judge: basis, flags, subdomains, drift."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.runs import OTHER, STORY, output_bytes, rows, run
from winnow.corpus.errors import UsageError
from winnow.pipeline.ending import RunResult

GENERATED = (Path(__file__).parents[1] / "raw" / "globetopics.example" / "best-travel-mug.txt").read_text(
    encoding="utf8"
)  # prints an author that nobody is
SITE = "ledger.example"


def articles(*urls: str, text: str = STORY) -> str:
    """A document for each URL, each with a different text."""
    records = (
        {"url": url, "title": f"Basin {number} to be dredged", "text": f"{text}\nPart {number} of {url}."}
        for number, url in enumerate(urls)
    )
    return "".join(json.dumps(record) + "\n" for record in records)


SHORT = "Herring landed in Port Ellen fetched nine pounds a box on Monday, half of what buyers paid in May."
FOUR = articles(*(f"https://www.{SITE}/{n}" for n in range(4)))


def file(folder: Path, name: str, content: str) -> tuple[str]:
    path = folder / name
    path.write_text(content, encoding="utf8")
    return (str(path),)


def sources(folder: Path) -> dict[str, dict[str, Any]]:
    return {row["domain"]: row for row in rows(folder, "sources")}


def judged(folder: Path, documents: str = FOUR, **settings: Any) -> dict[str, Any]:
    run(folder, {"records.jsonl": documents}, **settings)
    return sources(folder)[SITE]


def decisions(folder: Path, **fields: str) -> tuple[str]:
    defaults = {"domain": SITE, "label": "unreliable", "by": "Ada", "at": "2025-03-14", "why": "copies"}
    return file(folder, "decisions.jsonl", json.dumps(defaults | fields))


def test_a_list_goes_before_the_model_whose_numbers_stay_visible(tmp_path: Path) -> None:
    alone = judged(tmp_path)
    assert alone["reliability_basis"] == "model"
    ratings = file(tmp_path, "watchers.csv", f"domain,rating,scale,date\n{SITE},20,0-100,2024-05-01\n")
    source = judged(tmp_path, ratings=ratings)
    assert (source["reliability_basis"], source["reliability_label"]) == ("list", "unreliable")
    assert source["reliability_score"] == pytest.approx(0.2)
    assert source["reliability_probability"] is None
    numbers = ("score", "low", "high", "probability")
    assert [source[f"model_{n}"] for n in numbers] == [alone[f"reliability_{n}"] for n in numbers]
    assert source["signals"] == alone["signals"]
    [rating] = source["ratings"]
    assert rating == {
        "list": "watchers",
        "rating": "20 of 0-100",
        "date": "2024-05-01",
        "score": pytest.approx(0.2),
        "label": "unreliable",
    }
    assert {row["reliability_label"] for row in rows(tmp_path, "documents")} == {"unreliable"}


def test_a_person_goes_before_the_list(tmp_path: Path) -> None:
    ratings = file(tmp_path, "watchers.csv", f"domain,rating\n{SITE},reliable\n")
    source = judged(tmp_path, ratings=ratings, overrides=decisions(tmp_path))
    assert (source["reliability_basis"], source["reliability_label"]) == ("human", "unreliable")
    assert source["reliability_score"] is None
    assert (source["reviewed_by"], source["reviewed_at"], source["note"]) == ("Ada", "2025-03-14", "copies")
    assert [rating["label"] for rating in source["ratings"]] == ["reliable"]


def test_a_source_that_a_person_found_mixed_needs_no_review(tmp_path: Path) -> None:
    judged(tmp_path, overrides=decisions(tmp_path, label="mixed"))
    assert {row["status"] for row in rows(tmp_path, "documents")} == {"kept"}


def test_lists_that_contradict_each_other_stay_both_visible(tmp_path: Path) -> None:
    ratings = (
        *file(tmp_path, "b.csv", f"domain,rating\n{SITE},reliable\n"),
        *file(tmp_path, "a.csv", f"domain,rating\nwww.{SITE},unreliable\n"),
    )
    source = judged(tmp_path, ratings=ratings)
    assert [(r["list"], r["label"]) for r in source["ratings"]] == [("a", "unreliable"), ("b", "reliable")]
    assert source["reliability_label"] == "mixed"
    assert "ratings_conflict" in source["flags"]


def test_satire_is_a_flag_and_a_tag_and_no_score(tmp_path: Path) -> None:
    alone = judged(tmp_path)
    source = judged(tmp_path, ratings=file(tmp_path, "mbfc.csv", f"domain,bias\n{SITE},satire\n"))
    assert source["flags"] == ["satire_listed"]
    assert source["reliability_score"] == alone["reliability_score"]
    assert source["reliability_basis"] == "model"
    assert all("satire_listed" in row["tags"] for row in rows(tmp_path, "documents"))


def test_two_lists_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    ratings = (
        *file(tmp_path, "watchers.csv", f"domain,rating\n{SITE},mixed\n"),
        *file(tmp_path / "old", "watchers.csv", f"domain,rating\n{SITE},mixed\n"),
    )
    with pytest.raises(UsageError, match="two rating lists are called watchers"):
        judged(tmp_path, ratings=ratings)


def run_id(folder: Path, **settings: Any) -> str:
    result: RunResult = run(folder, {"records.jsonl": FOUR}, **settings)
    return result.run_id


def test_a_changed_list_changes_the_run_and_a_moved_one_does_not(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    content = f"domain,rating\n{SITE},mixed\n"
    without = run_id(tmp_path)
    first = run_id(tmp_path, ratings=file(tmp_path, "watchers.csv", content))
    moved = run_id(tmp_path, ratings=file(tmp_path / "elsewhere", "watchers.csv", content))
    changed = run_id(tmp_path, ratings=file(tmp_path, "watchers.csv", content + "other.example,mixed\n"))
    assert first == moved
    assert len({without, first, changed}) == 3


def test_the_day_matters_only_where_a_decision_expires(tmp_path: Path) -> None:
    forever = decisions(tmp_path)
    assert run_id(tmp_path, overrides=forever, as_of="2025-04-01") == run_id(
        tmp_path, overrides=forever, as_of="2026-04-01"
    )
    expiring = decisions(tmp_path, expires="2025-12-31")
    days = ("2025-04-01", "2025-12-31", "2026-01-01")
    runs = {}
    for day in days:
        runs[day] = (
            run_id(tmp_path, overrides=expiring, as_of=day),
            sources(tmp_path)[SITE]["reliability_basis"],
        )
    assert runs[days[0]] == runs[days[1]] != runs[days[2]]
    assert [basis for _, basis in runs.values()] == ["human", "human", "model"]


def test_a_day_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="a day is written like"):
        judged(tmp_path, as_of="tomorrow")


SECTIONS = [
    f"https://{host}/{n}" for host in (SITE, f"www.{SITE}", f"politics.{SITE}", f"m.{SITE}") for n in (1, 2)
]


def test_sections_of_a_site_are_the_site_and_its_hosts_are_shown(tmp_path: Path) -> None:
    ratings = file(tmp_path, "watchers.csv", f"domain,rating\n{SITE},reliable\n")
    source = judged(tmp_path, articles(*SECTIONS), ratings=ratings)
    assert [*sources(tmp_path)] == [SITE]
    assert {at["host"]: at["documents"] for at in source["hosts"]} == {
        SITE: 4,
        f"m.{SITE}": 2,
        f"politics.{SITE}": 2,
    }
    assert source["reliability_basis"] == "list"


@pytest.mark.parametrize(
    ("host", "text", "flags"),
    [
        (f"staging.{SITE}", STORY, {"little_evidence", "seo_spam"}),
        (f"shop.{SITE}", GENERATED, {"little_evidence", "seo_spam", "suspected_persona"}),
    ],
    ids=["a host where nobody publishes", "generated authors"],
)
def test_a_planted_subdomain_is_not_its_parent(
    tmp_path: Path, host: str, text: str, flags: set[str]
) -> None:
    ratings = file(tmp_path, "watchers.csv", f"domain,rating\n{SITE},reliable\n")
    planted = articles(f"https://{host}/iran-wars.html", text=text)
    parent = judged(tmp_path, FOUR + planted, ratings=ratings)
    child = sources(tmp_path)[host]
    assert (parent["reliability_basis"], parent["documents"], parent["flags"]) == ("list", 4, [])
    assert (child["reliability_basis"], child["ratings"], set(child["flags"])) == ("model", [], flags)
    [document] = (row for row in rows(tmp_path, "documents") if row["domain"] == host)
    assert document["metadata"]["domain"] == SITE
    assert document["reliability_basis"] == "model"


def test_a_planted_page_in_a_folder_named_for_its_host_is_not_its_parent(tmp_path: Path) -> None:
    ratings = file(tmp_path, "watchers.csv", f"domain,rating\n{SITE},reliable\n")
    run(tmp_path, {f"staging.{SITE}/a.txt": STORY, f"{SITE}/a.txt": OTHER}, ratings=ratings)
    assert {key: row["reliability_basis"] for key, row in sources(tmp_path).items()} == {
        SITE: "list",
        f"staging.{SITE}": "model",
    }


def test_a_subdomain_that_a_list_or_a_person_names_is_a_source_of_its_own(tmp_path: Path) -> None:
    ratings = file(
        tmp_path, "watchers.csv", f"domain,rating\n{SITE},reliable\npolitics.{SITE},unreliable\n"
    )
    judged(tmp_path, articles(*SECTIONS), ratings=ratings)
    labels = {key: row["reliability_label"] for key, row in sources(tmp_path).items()}
    assert labels == {SITE: "reliable", f"politics.{SITE}": "unreliable"}
    judged(tmp_path, articles(*SECTIONS), overrides=decisions(tmp_path, domain=f"politics.{SITE}"))
    bases = {key: row["reliability_basis"] for key, row in sources(tmp_path).items()}
    assert bases == {SITE: "model", f"politics.{SITE}": "human"}


def test_a_rating_of_a_subdomain_is_not_said_of_its_parent(tmp_path: Path) -> None:
    ratings = file(tmp_path, "watchers.csv", f"domain,rating\npolitics.{SITE},unreliable\n")
    assert judged(tmp_path, ratings=ratings)["ratings"] == []


def test_a_rating_of_a_hosting_service_is_not_said_of_its_customers(tmp_path: Path) -> None:
    ratings = file(tmp_path, "services.csv", "domain,rating\ngithub.io,reliable\nwordpress.com,reliable\n")
    customers = ("https://blog.ada.github.io/1", "https://rain.wordpress.com/1")
    run(tmp_path, {"records.jsonl": articles(*customers)}, ratings=ratings)
    bases = {key: row["reliability_basis"] for key, row in sources(tmp_path).items()}
    assert bases == {"ada.github.io": "model", "rain.wordpress.com": "model"}


def dated(site: str, texts: Mapping[str, str]) -> str:
    records = ({"url": f"https://{site}/{at}", "text": text, "date": at} for at, text in texts.items())
    return "".join(json.dumps(record) + "\n" for record in records)


def test_a_source_of_copies_is_flagged_and_one_that_is_copied_is_not(tmp_path: Path) -> None:
    texts = {f"2024-05-0{n}": f"{STORY} Part {n}." for n in range(1, 4)}
    later = {at.replace("2024", "2025"): text for at, text in texts.items()}
    twice = {f"2026-05-0{n}": f"{STORY} Part 1." for n in range(1, 4)}
    records = dated(SITE, texts) + dated("copier.example", later) + dated("once.example", twice)
    run(tmp_path, {"records.jsonl": records})
    flagged = {key: "syndicated_majority" in row["flags"] for key, row in sources(tmp_path).items()}
    assert flagged == {SITE: False, "copier.example": True, "once.example": False}


def test_a_source_in_another_language_is_flagged_and_not_scored(tmp_path: Path) -> None:
    german = (
        "Der Hafenrat stimmte am Dienstag dafür, das innere Becken vor den Herbststürmen auszubaggern, sagte "
        "eine Sprecherin auf dem Kai."
    )
    source = judged(tmp_path, articles(*(f"https://{SITE}/{n}" for n in range(4)), text=german))
    assert (source["flags"], source["reliability_score"]) == (["not_english"], None)


def test_a_phrase_in_half_of_the_documents_is_a_flag_and_in_one_it_is_none(tmp_path: Path) -> None:
    phrase = " The best travel mug ever made keeps coffee hot." * 8
    urls = [f"https://{SITE}/{n}" for n in range(6)]
    stuffed = [
        articles(url, text=text + phrase) for url, text in zip(urls[3:], (STORY, OTHER, SHORT), strict=True)
    ]
    once = judged(tmp_path, articles(*urls[:5]) + stuffed[2])
    often = judged(tmp_path, articles(*urls[:3]) + "".join(stuffed))
    assert (once["flags"], often["flags"]) == ([], ["seo_spam"])


def report(folder: Path) -> dict[str, Any]:
    numbers: dict[str, Any] = json.loads((folder / "clean" / "report.json").read_text(encoding="utf8"))
    return numbers


def test_a_source_that_moved_further_than_its_interval_is_listed(tmp_path: Path) -> None:
    judged(tmp_path)
    assert report(tmp_path)["drift"] == []
    low = file(tmp_path, "watchers.csv", f"domain,rating,scale\n{SITE},0,0-100\n")
    judged(tmp_path, ratings=low)
    [move] = report(tmp_path)["drift"]
    assert (move["domain"], move["before"]["basis"], move["now"]["basis"]) == (SITE, "model", "list")
    assert move["now"]["score"] < move["before"]["low"]
    assert "Moved since the last run" in (tmp_path / "clean" / "report.html").read_text(encoding="utf8")
    first = output_bytes(tmp_path / "clean")
    judged(tmp_path, ratings=low)
    assert report(tmp_path)["drift"] == []
    assert output_bytes(tmp_path / "clean") == first


def test_a_small_move_is_not_listed(tmp_path: Path) -> None:
    judged(tmp_path)
    score = sources(tmp_path)[SITE]["reliability_score"]
    near = file(tmp_path, "watchers.csv", f"domain,rating,scale\n{SITE},{score - 0.05:.3f},0-1\n")
    judged(tmp_path, ratings=near)
    assert report(tmp_path)["drift"] == []


def test_a_broken_table_of_the_last_run_stops_nothing(tmp_path: Path) -> None:
    judged(tmp_path)
    (tmp_path / "clean" / "sources.parquet").write_bytes(b"PAR1 cut off")
    assert judged(tmp_path)["reliability_basis"] == "model"


def test_the_report_says_what_each_list_had(tmp_path: Path) -> None:
    content = f"domain,rating\n{SITE},reliable\nother.example,mixed\nThe Ledger,mixed\n"
    judged(tmp_path, ratings=file(tmp_path, "watchers.csv", content))
    [listed] = report(tmp_path)["rating_lists"]
    assert listed | {"sha256": ""} == {
        "list": "watchers",
        "sha256": "",
        "sites": 2,
        "passed_over": 1,
        "sources": 1,
        "of": 1,
        "kind": "columns of your own",
        "reasons": {"no_site": 1},
        "examples": ["watchers.csv:4: The Ledger"],
        "contradictions": 0,
    }
    page = (tmp_path / "clean" / "report.html").read_text(encoding="utf8")
    assert "1 of 1" in page and "1 without a site" in page and "watchers.csv:4: The Ledger" in page


def test_the_report_says_what_each_decision_changed(tmp_path: Path) -> None:
    ratings = file(tmp_path, "watchers.csv", f"domain,rating\n{SITE},reliable\n")
    elsewhere = file(
        tmp_path, "more.csv", "domain,label,by,at\nnowhere.example,mixed,<b>Ada</b>,2025-03-14\n"
    )
    judged(tmp_path, ratings=ratings, overrides=(*decisions(tmp_path, why="<i>copies</i>"), *elsewhere))
    [changed] = report(tmp_path)["decisions"]
    assert (changed["domain"], changed["label"], changed["by"]) == (SITE, "unreliable", "Ada")
    assert changed["without"] == {"score": 0.8, "label": "reliable", "basis": "list"}
    assert report(tmp_path)["unused_decisions"] == ["nowhere.example"]
    page = (tmp_path / "clean" / "report.html").read_text(encoding="utf8")
    assert "&lt;i&gt;copies" in page and "<i>copies" not in page


def test_one_generated_author_among_many_documents_marks_that_document_alone(tmp_path: Path) -> None:
    urls = [f"https://{SITE}/{n}" for n in range(12)]
    source = judged(tmp_path, articles(*urls[:11]) + articles(urls[11], text=GENERATED))
    assert source["flags"] == []
    tagged = [row["url"] for row in rows(tmp_path, "documents") if "suspected_persona" in row["tags"]]
    assert tagged == [urls[11]]
