"""Which parts of articles survive extraction: leads, captions, subheads, bodies; and what promotion stays in them.

Usage: python -m bench.page_parts [--errors FILE]

Pages are those of ``bench/labels/page_parts.jsonl``, labelled paragraph by paragraph; none is of a site that Winnow's
block model was trained on. Winnow's rows: ``winnow`` and ``winnow article`` with all cleaners, ``winnow blocks`` and
``winnow article blocks`` extraction alone. Rivals get the same bytes, at their default and at their other settings.

How a paragraph is judged is the same for all, and forgives what is not content: spaces, punctuation, marks of
Markdown, bullets, and breaks between lines, which some put elsewhere or leave out between elements.

- What should stay has stayed whole if its letters and digits stand in the output's, side by side. So words that an
  extractor writes without the space between them count, and so does a paragraph that it moves. Letters of few
  words stand side by side by chance, or in a sentence of the body: fewer than `MIN_LETTERS` must be a whole line.
- Otherwise its share is that of its words that stand in the output in the page's order (`matched_words`, which
  labels the training data, too). So half of a paragraph counts as half.
- A paragraph of few words counts as kept with `KEPT` of its words: a glued word or a missing drop cap is no loss.
- What should go is judged by words in order alone, unless its letters stand in the output more often than in the
  parts that should stay: a pull quote is not there because the sentence is that it repeats.
- Words of the output that belong to no labelled paragraph are "outside": menus, footers, teasers of other pages.
  Whatever the conventions differ on ("aside", "credit") is neither asked for nor held against anybody.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from bench.page_labels import (
    LABELS,
    PAGES,
    LabelledFile,
    block_texts,
    find_paragraphs,
    labelled_files,
    letters_of,
)
from bench.results import require, write_results
from bench.rivals import rivals
from winnow.api import raw_document
from winnow.cleaners import CLEANERS
from winnow.cleaners.boilerplate import boilerplate
from winnow.corpus.decode import decode
from winnow.corpus.document import Cleaner, clean
from winnow.corpus.errors import UnreadableError
from winnow.corpus.layout import Page, parse_page
from winnow.corpus.raw import HTML
from winnow.corpus.settings import Settings
from winnow.corpus.word_breaks import words_of
from winnow.models.blocks.rendered_layout import read_page
from winnow.models.extraction import read_document
from winnow.training.blocks.block_labels import matched_words

MIN_LETTERS: Final = 20  # of a paragraph that is looked for inside lines: about four words
KEPT: Final = 0.8  # share of its words from which a paragraph counts as kept
WANTED: Final = ("headline", "standfirst", "body", "subhead", "caption", "byline")
UNWANTED: Final = ("promotion", "embed", "comment")
OUTSIDE: Final = "outside"
RIVALS: Final = (
    "trafilatura",
    "trafilatura for precision",
    "trafilatura for recall",
    "resiliparse",
    "readability-lxml",
)
ALL_LANGUAGES, OTHER_LANGUAGES = "all", "other"
LANGUAGE_PAGES: Final = 10  # of a language that has figures of its own


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph of a page and what a system's output has of it."""

    role: str
    words: int
    share: float  # of them
    number: int = -1  # of the block, -1 for what is outside


def judged_parts(labels: LabelledFile, texts: Sequence[str], output: str) -> list[Part]:
    """The labelled paragraphs of a page, then what the output has besides them as one part of share 1.

    ``texts`` are the blocks of the page's layout.
    """
    paragraphs = find_paragraphs(labels.paragraphs, texts)
    roles = {label.number: label.role for label in labels.paragraphs if label.number in paragraphs}
    words, in_order = _in_order(paragraphs, texts, output)
    letters = letters_of(output)
    lines = set(map(letters_of, output.splitlines()))
    wanted = "\n".join(letters_of(paragraphs[n]) for n, role in roles.items() if role not in UNWANTED)
    parts = []
    for number, role in roles.items():
        own = letters_of(paragraphs[number])
        times = wanted.count(own) if role in UNWANTED else 0
        is_whole = letters.count(own) > times if len(own) >= MIN_LETTERS else own in lines and not times
        parts.append(Part(role, words[number], 1.0 if is_whole else in_order[number], number))
    explained = sum(part.words * part.share for part in parts)
    outside = max(0, round(len(words_of(output)) - explained))
    return [*parts, Part(OUTSIDE, outside, 1.0)]


def _in_order(
    paragraphs: Mapping[int, str], texts: Sequence[str], output: str
) -> tuple[dict[int, int], dict[int, float]]:
    """The words of each labelled paragraph, and the share of them that the output has in the page's order."""
    numbers = range(max(len(texts), *(number + 1 for number in paragraphs)))
    blocks = [
        paragraphs.get(number) or (texts[number] if number < len(texts) else "") for number in numbers
    ]
    words, hits = matched_words(blocks, output)
    shares = {n: hits[n] / words[n] if words[n] else 0.0 for n in paragraphs}
    return {n: words[n] for n in paragraphs}, shares


def figures_of(pages: Sequence[Sequence[Part]]) -> dict[str, object]:
    """What is kept of each wanted role and left of each unwanted one, over all paragraphs of some pages."""
    by_role: defaultdict[str, list[Part]] = defaultdict(list)
    for part in (part for parts in pages for part in parts):
        by_role[part.role].append(part)
    output_words = sum(map(_words_left, by_role.values()))
    kept = {role: _kept(by_role[role]) for role in WANTED if by_role[role]}
    left = {role: _left(by_role[role], output_words) for role in (*UNWANTED, OUTSIDE) if by_role[role]}
    return {"kept": kept, "left": left}


def _words_left(parts: Iterable[Part]) -> float:
    return sum(part.words * part.share for part in parts)


def _kept(parts: Sequence[Part]) -> dict[str, float]:
    """Share of the paragraphs, and of their words, that stayed."""
    words = sum(part.words for part in parts)
    return {
        "paragraphs": len(parts),
        "share": round(sum(part.share >= KEPT for part in parts) / len(parts), 4),
        "share_of_words": round(_words_left(parts) / words, 4) if words else 1.0,
    }


def _left(parts: Sequence[Part], output_words: float) -> dict[str, float]:
    """Share of the words that stayed, and of all that stayed how much that is."""
    left, words = _words_left(parts), sum(part.words for part in parts)
    of_output = {"share_of_output": round(left / output_words, 4) if output_words else 0.0}
    if parts[0].role == OUTSIDE:
        return of_output
    return {
        "paragraphs": len(parts),
        "share_of_words": round(left / words, 4) if words else 0.0,
        **of_output,
    }


def winnow_systems() -> dict[str, Callable[[bytes], str]]:
    """Winnow by policy, with all cleaners and with extraction alone."""
    return {
        "winnow": partial(_winnow, policy="main", cleaners=CLEANERS),
        "winnow article": partial(_winnow, policy="article", cleaners=CLEANERS),
        "winnow blocks": partial(_winnow, policy="main", cleaners=(boilerplate,)),
        "winnow article blocks": partial(_winnow, policy="article", cleaners=(boilerplate,)),
    }


def _winnow(html: bytes, policy: str, cleaners: Sequence[Cleaner]) -> str:
    try:
        document = read_document(raw_document(html, content_type=HTML), Settings(policy=policy))
    except UnreadableError:
        return ""
    return clean(document, cleaners).text


def page_layout(html: bytes) -> Page:
    """The layout that the numbers of labels count in."""
    return read_page(parse_page(decode(html, html=True)))[0]


def error_lines(labels: LabelledFile, page: Page, parts: Iterable[Part]) -> list[str]:
    """A line for each lost or left paragraph: page, number, role, share, path of its element; never its text."""
    wrong = (
        p
        for p in parts
        if (p.role in WANTED and p.share < KEPT) or (p.role in UNWANTED and p.share > 1 - KEPT)
    )
    return [
        f"{labels.file}\t{part.number}\t{part.role}\t{part.share:.2f}\t{page.blocks[part.number].path}"
        for part in wrong
        if part.number < len(page.blocks)
    ]


def main() -> None:
    """Measure every labelled page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--errors", type=Path, help="write what `winnow` loses and leaves to this file")
    errors = parser.parse_args().errors
    require(PAGES)
    labels = labelled_files()
    html = {row["file"]: row["html"] for row in pq.read_table(PAGES, columns=["file", "html"]).to_pylist()}
    pages = {file.file: page_layout(html[file.file]) for file in labels}
    others = {name: run for name, run in rivals().items() if name in RIVALS}
    parts = {
        name: [judged_parts(file, block_texts(pages[file.file]), run(html[file.file])) for file in labels]
        for name, run in (winnow_systems() | others).items()
    }
    if errors:
        wrong = (error_lines(f, pages[f.file], p) for f, p in zip(labels, parts["winnow"], strict=True))
        errors.write_text("\n".join(line for lines in wrong for line in lines) + "\n", encoding="utf8")
    write_results("page_parts", [PAGES, LABELS], figures(labels, pages, parts))


def figures(
    labels: Sequence[LabelledFile], pages: Mapping[str, Page], parts: Mapping[str, Sequence[Sequence[Part]]]
) -> dict[str, object]:
    """The figures of each system, of all pages and by language."""
    found = (len(find_paragraphs(file.paragraphs, block_texts(pages[file.file]))) for file in labels)
    return {
        "pages": dict(sorted(Counter(file.language for file in labels).items())),
        "paragraphs": sum(len(file.paragraphs) for file in labels),
        "paragraphs_found": sum(found),
        "systems": {
            name: {
                group: figures_of([judged[number] for number in numbers])
                for group, numbers in language_groups(labels).items()
            }
            for name, judged in parts.items()
        },
    }


def language_groups(labels: Sequence[LabelledFile]) -> dict[str, list[int]]:
    """The indices of all pages, of those in each language of many, and of those in the others."""
    sizes = Counter(file.language for file in labels)
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for number, file in enumerate(labels):
        is_common = sizes[file.language] >= LANGUAGE_PAGES
        groups[file.language if is_common else OTHER_LANGUAGES].append(number)
    return {ALL_LANGUAGES: [*range(len(labels))], **dict(sorted(groups.items()))}


if __name__ == "__main__":
    main()
