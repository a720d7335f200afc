"""A user's script over the whole of `winnow.__all__`, held to ``mypy --strict`` against the installed package."""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event

import winnow
from winnow.integrations.datasets import clean_batch

SETTINGS = winnow.Settings(
    actions={"byline_date": "keep"},
    fields=winnow.Fields(text="body", url="link"),
    policy="article",
    text_format="markdown",
    contacts="mask-all",
    ratings=("ratings.csv",),
    min_chars=200,
    document_seconds=30.0,
    workers=2,
    engine="threads",
    name_prior=False,
)


def promises(document: winnow.Document) -> Iterator[winnow.Removal]:
    """A cleaner of the user's own: lines that promise something."""
    block: winnow.Block
    for block in document.blocks:
        if document.text[block.start : block.end].startswith("Coming soon"):
            yield winnow.Removal(block.start, block.end, "promo", "coming_soon", score=0.9)


OWN_CLEANERS: list[winnow.Cleaner] = [promises]


def cleaned_page(content: bytes, metadata: winnow.Metadata) -> tuple[str, list[tuple[str, str, float]]]:
    """A page's text, and what was removed from it."""
    try:
        cleaned: winnow.Cleaned = winnow.clean(
            content, url=metadata.url, title=metadata.title, settings=SETTINGS, cleaners=OWN_CLEANERS
        )
    except winnow.UnreadableError as error:
        return error.reason, []
    except winnow.CleanerError as error:
        return str(error), []
    return cleaned.text, [(removal.kind, removal.rule, removal.score) for removal in cleaned.removals]


def reasons(cleaned: winnow.Cleaned) -> list[str]:
    """Why each piece of a page goes."""
    explanation: winnow.PageExplanation = winnow.explain(cleaned, settings=SETTINGS)
    removed: tuple[winnow.ExplainedRemoval, ...] = explanation.removed
    return [f"{piece.excerpt}: {piece.meaning} ({piece.rule}, {piece.action})" for piece in removed]


def rows_in_memory(corpus: winnow.Corpus) -> dict[str, int]:
    """The number of rows of each table, and of one of them that was read."""
    table = corpus.to_arrow("sources", columns=["domain"])
    return {**corpus.counts(), "read": table.num_rows}


def counts(result: winnow.RunResult) -> dict[str, int]:
    """The counts of a run."""
    folder: Path = result.folder
    assert folder.is_dir() and result.run_id and not result.unchanged
    return {
        "documents": result.documents,
        "rejected": result.rejected,
        "quarantined": result.quarantined,
        "orphaned": result.orphaned,
    }


def texts(corpus: winnow.Corpus) -> Iterator[tuple[str, str, float | None]]:
    """The text of each document, with its source and its score."""
    row: winnow.DocumentRow
    for row in corpus.documents():
        yield row.text, row.domain, row.reliability_score


def faults(corpus: winnow.Corpus) -> Iterator[str]:
    """What went wrong with inputs, and with sources."""
    lost: winnow.QuarantineRow
    for lost in corpus.quarantine():
        yield f"{lost.path}: {lost.reason}"
    source: winnow.SourceRow
    for source in corpus.sources():
        yield from source.flags
    yield from (row.reason for row in corpus.rejected())


def label(documents: Sequence[winnow.Cleaned]) -> str:
    """The reliability label of one source."""
    score: winnow.SourceScore = winnow.score(documents)
    return score.label if score.probability is None else f"{score.label} {score.probability:.2f}"


def say(progress: winnow.RunProgress) -> None:
    """Say how far a run is."""
    share = progress.documents / progress.total if progress.total else 0.0
    logging.info(
        "%s: %.0f %% after %.0f seconds (%s)", progress.doing, 100 * share, progress.seconds, progress
    )


def corpus_of(raw: Path, clean: Path, selected: Path) -> list[str]:
    """Clean, read and select, and return the counts."""
    try:
        result = winnow.run(
            [raw, "more/*.html"],
            clean,
            settings=SETTINGS,
            decisions="decisions.db",
            progress=say,
            progress_seconds=30,
            cancel=Event(),
        )
    except winnow.CancelledError as error:
        return [f"cancelled: {error}"]
    except winnow.UsageError as error:
        return [f"usage: {error}"]
    except winnow.WinnowError as error:
        return [str(error)]
    lines = [winnow.__version__, *map(str, counts(result).values()), *faults(winnow.read(clean))]
    lines += [text for text, _, score in texts(winnow.read(clean)) if score is not None and score > 0.5]
    selection = winnow.Selection(
        where="language = 'en'", preset="balanced", split=(80, 10, 10), per_source=100
    )
    selected_corpus: winnow.Selected = winnow.select(clean, selected, selection)
    return [*lines, str(selected_corpus.documents), str(selected_corpus.splits["train"])]


def other_tools(html: str) -> str | None:
    """The same page by `winnow.extract`, and by the function for Hugging Face datasets."""
    texts = clean_batch({"html": [html], "url": ["https://site.example/1"]}, settings=SETTINGS)["text"]
    return winnow.extract(html, output_format="markdown", include_comments=False) or texts[0].strip()
