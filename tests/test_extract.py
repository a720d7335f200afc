"""`winnow.extract`: it accepts what `trafilatura.extract` accepts, and says where it returns something else."""

import inspect
import json
from typing import Any

import pytest
import trafilatura
import yaml
from packaging.version import Version

import winnow
from winnow.corpus.document import CONTENT_SHARE, Block, Document
from winnow.drop_in import UNSUPPORTED, Options, with_content

STORY = "The harbour board voted on Tuesday to dredge the inner basin before the autumn storms, a spokeswoman said. "
PAGE = f"""<html lang="en"><head><title>Basin to be dredged</title><meta name="author" content="Ada Byron">
<meta property="og:site_name" content="Harbour Ledger"><meta property="article:published_time" content="2025-03-14">
<link rel="canonical" href="https://ledger.example/basin"></head>
<body><nav><a href="/">Home</a> <a href="/news">News</a></nav>
<article><h1>Basin to be dredged</h1><p>{STORY * 2}</p><h2>What it costs</h2><p>{STORY}</p>
<table><tr><th>Year</th><th>Cost</th></tr><tr><td>2024</td><td>812</td></tr></table>
<p>Advertisement</p><p>{STORY}</p></article>
<section id="comments"><h2>Comments</h2><div class="comment"><p>I saw the dredger from my window, and it is big.</p></div></section>
<footer>© Harbour Ledger. All rights reserved.</footer></body></html>"""

like_2_2 = pytest.mark.skipif(
    Version(trafilatura.__version__) < Version("2.2"),
    reason="winnow.extract is like trafilatura 2.2 and later",
)


@like_2_2
def test_it_takes_every_option_of_trafilatura() -> None:
    theirs = list(inspect.signature(trafilatura.extract).parameters)
    ours = [name for name in inspect.signature(winnow.extract).parameters if name != "options"]
    assert {*ours, *Options.__annotations__} == set(theirs)
    assert ours == theirs[: len(ours)]


@pytest.mark.parametrize("page", [None, "", b"", "<html><body></body></html>", " \n"])
def test_where_nothing_is_left_it_is_none_for_both(page: str | None) -> None:
    assert winnow.extract(page) is None
    assert trafilatura.extract(page) is None


def test_the_text_is_the_cleaned_text() -> None:
    text = winnow.extract(PAGE)
    assert text is not None and "dredge the inner basin" in text
    assert "Advertisement" not in text and "All rights reserved" not in text
    assert text == text.strip()
    assert winnow.extract(PAGE.encode()) == text


def test_comments_follow_the_text_unless_they_are_not_wanted() -> None:
    text = winnow.extract(PAGE) or ""
    assert "saw the dredger" in text.splitlines()[-1]
    assert "saw the dredger" not in (winnow.extract(PAGE, include_comments=False) or "")


def test_tables_are_left_out_when_they_are_not_wanted() -> None:
    assert "2024" in (winnow.extract(PAGE) or "")
    assert "2024" not in (winnow.extract(PAGE, include_tables=False) or "")


@like_2_2
def test_metadata_stands_in_a_header_that_both_write() -> None:
    headers = []
    for extract in (winnow.extract, trafilatura.extract):
        _, header, _ = (extract(PAGE, with_metadata=True) or "").split("---\n", 2)
        headers.append(yaml.safe_load(header))
    ours, theirs = headers
    assert ours == {name: theirs[name] for name in ours}
    assert set(ours) == {"title", "author", "url", "hostname", "sitename", "date"}


def test_json_has_the_keys_of_trafilatura() -> None:
    for wants_metadata in (False, True):
        ours, theirs = (
            json.loads(
                extract(PAGE, output_format="json", with_metadata=wants_metadata, record_id="7") or ""
            )
            for extract in (winnow.extract, trafilatura.extract)
        )
        assert set(ours) == set(theirs)
    assert {n: ours[n] for n in ("title", "author", "date", "source", "id")} == {
        n: theirs[n] for n in ("title", "author", "date", "source", "id")
    }
    assert "saw the dredger" in ours["comments"] and "saw the dredger" not in ours["text"]


def test_markdown_marks_headings_and_tables() -> None:
    text = winnow.extract(PAGE, output_format="markdown") or ""
    assert "## What it costs" in text and "| 2024 | 812 |" in text
    assert winnow.extract(PAGE, include_formatting=True) == text
    assert winnow.extract(PAGE, output_format="markdown", include_formatting=False) == winnow.extract(PAGE)


@pytest.mark.parametrize(
    "options",
    [
        {"target_language": "de"},
        {"url_blacklist": {"https://ledger.example/basin"}},
    ],
)
def test_a_page_that_an_option_rules_out_is_none(options: dict[str, object]) -> None:
    assert winnow.extract(PAGE, **options) is None  # type: ignore[arg-type]  # cases
    assert winnow.extract(PAGE, target_language="en", only_with_metadata=True)
    assert winnow.extract(f"<p>{STORY}</p>", only_with_metadata=True) is None


def test_unwanted_authors_are_left_out() -> None:
    assert "Ada" not in (winnow.extract(PAGE, with_metadata=True, author_blacklist={"Ada Byron"}) or "Ada")


def test_precision_gives_less_than_recall() -> None:
    options: list[dict[str, Any]] = [{"favor_precision": True}, {"favor_recall": True}]
    lines = [set((winnow.extract(PAGE, **option) or "").splitlines()) for option in options]
    assert lines[0] <= set((winnow.extract(PAGE) or "").splitlines()) <= lines[1]


SHARES = [0.05, 0.1, 0.6, 0.74]


@pytest.mark.parametrize(
    ("shares", "options", "kept"),
    [
        (SHARES, {}, [0.6, 0.74]),
        (SHARES, {"favor_recall": True}, [0.1, 0.6, 0.74]),
        (SHARES, {"favor_precision": True}, [0.74]),
        ([*SHARES, 0.8], {"favor_precision": True}, [0.8]),
        (SHARES, {"favor_precision": True, "favor_recall": True}, [0.74]),
        ([0.1, 0.4], {"favor_precision": True}, []),
        ([0.6, 0.6], {"favor_precision": True}, [0.6, 0.6]),
        ([], {"favor_precision": True}, []),
    ],
)
def test_precision_takes_the_surest_blocks_and_recall_all_that_are_not_ruled_out(
    shares: list[float], options: Options, kept: list[float]
) -> None:
    blocks = tuple(Block(2 * i, 2 * i + 2, content=share) for i, share in enumerate(shares))
    judged = with_content(Document("a\n" * len(shares), blocks), options)
    is_kept = [block.content >= CONTENT_SHARE for block in judged.blocks]
    assert [share for share, keep in zip(shares, is_kept, strict=True) if keep] == kept


@pytest.mark.parametrize("name", sorted(UNSUPPORTED))
def test_what_winnow_cannot_do_is_refused_by_name(name: str) -> None:
    with pytest.raises(winnow.UsageError, match=name):
        winnow.extract(PAGE, **{name: True})  # type: ignore[arg-type]  # one of many
    assert winnow.extract(PAGE, **{name: None}) == winnow.extract(PAGE)  # type: ignore[arg-type]  # a default


@pytest.mark.parametrize("form", ["xml", "xmltei", "html", "csv", "python", "pdf"])
def test_a_format_that_winnow_does_not_write_is_refused(form: str) -> None:
    with pytest.raises(winnow.UsageError, match=form):
        winnow.extract(PAGE, output_format=form)


def test_a_misspelt_option_is_refused() -> None:
    with pytest.raises(TypeError, match="favour_precision"):
        winnow.extract(PAGE, favour_precision=True)  # type: ignore[call-arg]  # wrong on purpose


def test_a_page_that_is_no_text_is_refused() -> None:
    with pytest.raises(winnow.UsageError, match="int"):
        winnow.extract(7)  # type: ignore[arg-type]  # wrong on purpose
