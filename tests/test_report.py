"""The report of a run: its charts and counts are right, nothing in it is executed, and its lists are bounded."""

import itertools
import json
import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.runs import OTHER, STORY, run
from winnow.pipeline.report.charts import flow, histogram, log_shares
from winnow.pipeline.report.report import OPEN_SOURCES
from winnow.pipeline.report.source_table import SHOWN_SOURCES
from winnow.pipeline.report.tally import SAMPLES_PER_KIND

HOSTILE = "<script>alert(1)</script>"


@given(st.lists(st.integers(0, 10**6), max_size=12))
def test_ribbons_hold_all_that_came_in_and_do_not_overlap(counts: list[int]) -> None:
    chart = flow((str(n), "kept", count) for n, count in enumerate(counts))
    assert chart.total == sum(ribbon.count for ribbon in chart.ribbons) == sum(counts)
    ends = [(r.top, r.top + r.height) for r in chart.ribbons]
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(ends))
    assert all(end <= chart.height for _, end in ends)


def test_each_score_is_in_one_bin() -> None:
    assert histogram([0.0, 0.04, 0.05, 0.999, 1.0]) == (2, 1, *[0] * 16, 0, 2)


def test_nothing_in_the_report_runs_or_loads_and_every_value_is_escaped(tmp_path: Path) -> None:
    run(
        tmp_path,
        {f"a.example/{n}.txt": f"{STORY} {n}\n\nADVERTISEMENT\n\nBy {HOSTILE}\n" for n in range(3)}
        | {"x.bin": b""},
    )
    page = (tmp_path / "clean" / "report.html").read_text()
    assert "<script" not in page and "@import" not in page
    assert not re.findall(r"""(?:src|href)\s*=\s*["'](?!#)""", page)
    assert page.count("<svg") == 2


def test_samples_are_drawn_from_all_documents_and_ten_at_most(tmp_path: Path) -> None:
    lines = "\n\nADVERTISEMENT\n\nAdvertisement\n"
    run(tmp_path, {f"a.example/{n}.txt": f"{STORY} {n}{lines}{OTHER}{lines}" for n in range(30)})
    report = json.loads((tmp_path / "clean" / "report.json").read_text())
    [ads] = [kind for kind in report["removals"] if kind["kind"] == "ad_marker"]
    assert len(ads["samples"]) == SAMPLES_PER_KIND
    assert len({sample["raw_path"] for sample in ads["samples"]}) > SAMPLES_PER_KIND / 2


def test_a_report_says_what_the_corpus_cost_and_a_run_that_takes_it_over_the_same(tmp_path: Path) -> None:
    files = {f"a.example/{n}.txt": f"{STORY} {n}" for n in range(3)}
    run(tmp_path, files)
    clean = tmp_path / "clean"
    cost = json.loads((clean / "report.json").read_text())["cost"]
    parts = [*(clean / "documents").glob("part-*")]  # of the rejected there is an empty one
    kept = [path for path in (clean / ".winnow" / "shards").iterdir() if path.suffix != ".json"]
    assert cost["shards"] == 1 and 0 < cost["cleaning_seconds"] < 60
    assert cost["bytes_read"] == sum(len(text) for text in files.values())
    assert cost["bytes_written"] == sum(path.stat().st_size for path in parts)
    assert cost["bytes_kept"] == sum(path.stat().st_size for path in kept)
    run(tmp_path, files, name_prior=False)  # cleans nothing again
    assert (
        json.loads((clean / "report.json").read_text())["cost"]["cleaning_seconds"]
        == cost["cleaning_seconds"]
    )
    assert "processor time of cleaning" in (clean / "report.html").read_text()


def test_a_run_with_many_sources_shows_some_and_counts_all(tmp_path: Path) -> None:
    records = (
        json.dumps({"text": f"{STORY} {n}", "url": f"https://s{n}.example/"})
        for n in range(SHOWN_SOURCES + 50)
    )
    run(tmp_path, {"records.jsonl": "\n".join(records)})
    report = json.loads((tmp_path / "clean" / "report.json").read_text())
    assert (report["counts"]["sources"], len(report["sources"])) == (SHOWN_SOURCES + 50, SHOWN_SOURCES)
    page = (tmp_path / "clean" / "report.html").read_text()
    assert "50 more in sources.parquet" in page
    folded = page[page.index('<details class="more">') :].partition("Slowest documents")[0]
    assert f"{SHOWN_SOURCES - OPEN_SOURCES} more sources, by documents" in folded
    assert page.count('id="source-') - folded.count('id="source-') == OPEN_SOURCES
    by_name = page[page.index('<details id="by-name">') : page.index('<details id="by-score">')]
    assert (
        by_name.count("<li>") == SHOWN_SOURCES + 50
        and by_name.count('<li><a href="#source-') == SHOWN_SOURCES
    )
    targets = re.findall(r'href="#([^"]+)"', page)
    assert set(targets) <= set(re.findall(r'id="([^"]+)"', page))


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=9))
def test_bars_of_a_log_scale_fit_keep_their_order_and_have_marks_on_it(counts: list[int]) -> None:
    lengths, marks = log_shares(counts)
    assert all(0 <= length <= 1 for length in lengths)
    ordered = [length for _, length in sorted(zip(counts, lengths, strict=True))]
    assert ordered == sorted(ordered)
    assert marks[0] == (0.0, "1") and marks[-1][0] <= 1.0


def test_a_step_of_a_log_scale_is_ten_times_the_last() -> None:
    assert log_shares([10, 100, 10_000])[0] == [0.25, 0.5, 1.0]
    assert [label for _, label in log_shares([2_000_000])[1]] == [
        "1",
        "10",
        "100",
        "1k",
        "10k",
        "100k",
        "1M",
    ]
    assert log_shares([]) == ([], [(0.0, "1"), (1.0, "10")])
