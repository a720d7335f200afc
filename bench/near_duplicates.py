"""Near-duplicates: edited copies that are found, and pages of one template and unrelated articles that are not.

Usage: python -m bench.near_duplicates [PYTHON]

PYTHON is that of an environment with the rival and its tokenizer: `pip install datatrove[io,processing] spacy`.
Originals are articles of every second source; the thresholds were set on copies of articles of the others, beside
these same templates and after reading pairs that were found among all articles, so that only recall is held out. What
is measured is what each system joins to the earliest document of a group: right if both come from the same original.
The rival's best settings are chosen on the same documents, which favours it.
"""

import json
import random
import subprocess
import sys
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from bench.edited import EDITS, edited, templated, templates
from bench.results import SHARED, require, write_results
from winnow.corpus.signature import MIN_WORDS, signature_of
from winnow.corpus.writers import write_parquet
from winnow.pipeline.shards.shards import ShardParts
from winnow.pipeline.sources.copies import READ_COLUMNS, find_copies, read_copies
from winnow.pipeline.sources.hosts import SeparateHosts
from winnow.pipeline.tables.intermediate import INTERMEDIATE
from winnow.pipeline.tables.keys import text_key

ARTICLES: Final = SHARED / "data" / "reliability" / "articles.parquet"
ORIGINALS: Final = 420  # each with two copies
SHARES: Final = (0.01, 0.05, 0.1, 0.2)  # of the words that are edited
PAGES: Final = 20  # of each template
RIVAL: Final = Path(__file__).with_name("minhash_rival.py")
RIVAL_SETTINGS: Final = {  # n-grams, buckets, hashes a bucket
    "datatrove, default": (5, 14, 8),
    "datatrove, pairs of words": (2, 20, 5),
    "datatrove, single words": (1, 20, 12),
}


@dataclass(frozen=True, slots=True)
class Text:
    """A document to find copies among."""

    text: str
    family: str  # of an original and its copies; a page of a template is alone in its own
    kind: str  # original, page, or how it was edited
    share: float = 0.0  # of the words that were


def held_out_articles() -> list[str]:
    """English articles of sources that no threshold has seen, one of each, long enough, in an order of their own."""
    of_source: dict[str, str] = {}
    for row in pq.read_table(ARTICLES, columns=["domain", "text", "language"]).to_pylist():
        is_held_out = row["language"] == "en" and zlib.crc32(row["domain"].encode()) % 2
        if (
            is_held_out and len((row["text"] or "").split()) >= MIN_WORDS * 5 // 4
        ):  # also when it is cut short
            of_source.setdefault(row["domain"], row["text"])
    return [of_source[domain] for domain in sorted(of_source, key=lambda d: zlib.crc32(d.encode()))]


def documents() -> list[Text]:
    """Originals, two copies of each, edited in one way and to one share of the words, and pages of templates."""
    draw, articles = random.Random(6), held_out_articles()
    ways = [(kind, share) for kind in EDITS for share in SHARES]
    originals = articles[:ORIGINALS]
    texts = [Text(text, str(n), "original") for n, text in enumerate(originals)]
    for n, text in enumerate(originals):
        for kind, share in (ways[2 * n % len(ways)], ways[(2 * n + 1) % len(ways)]):
            other = articles[(n + 1) % len(articles)]
            texts.append(Text(edited(text, kind, share, other, draw), str(n), kind, share))
    pages = (Text(templated(name, n), f"{name} {n}", "page") for name in templates() for n in range(PAGES))
    return [*texts, *pages]


def winnow_copies(texts: Sequence[Text], work: Path) -> tuple[dict[int, int], float]:
    """Copies that Winnow names, each with its original, by position; and seconds of CPU."""
    began = time.process_time()
    signed = [signature_of(text.text) for text in texts]
    rows = (
        {
            "id": str(n),
            "created": "",
            "added": f"{n:06d}",
            "source_key": "",
            "host": "",
            "sketch": s.sketch,
            "keys": s.keys,
        }
        | {"text_key": text_key(text.text)}
        for n, (text, s) in enumerate(zip(texts, signed, strict=True))
    )
    path = work / "shard.parquet"
    write_parquet(path, pa.schema([INTERMEDIATE.field(name) for name in READ_COLUMNS]), rows)
    find_copies([ShardParts(0, path, path, len(texts))], SeparateHosts(), work)
    copies = {row: int(copy.original) for (_, row), copy in read_copies(0, work).items()}
    return copies, time.process_time() - began


def datatrove_copies(
    python: str, settings: tuple[int, int, int], file: Path, work: Path
) -> tuple[dict[int, int], float]:
    """Copies that datatrove finds, each with the first document of its cluster; and seconds of CPU."""
    command = [python, str(RIVAL), str(file), str(work), *map(str, settings)]
    answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return clusters(answer["pairs"]), answer["seconds"]


def clusters(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Of each document in a cluster but the first, the first."""
    above: dict[int, int] = {}

    def top(n: int) -> int:
        while n in above:
            n = above[n]
        return n

    for one, other in pairs:
        low, high = sorted((top(one), top(other)))
        if low != high:
            above[high] = low
    return {n: top(n) for n in above}


def figures(texts: Sequence[Text], joined: Mapping[int, int], seconds: float) -> dict[str, object]:
    """Recall, precision, both by kind, and time."""
    right = {n for n, original in joined.items() if texts[n].family == texts[original].family}
    edits = [n for n, text in enumerate(texts) if text.kind in EDITS]
    wrong = Counter(texts[n].kind for n in joined.keys() - right)
    cells: dict[str, list[bool]] = defaultdict(list)
    for n in edits:
        cells[f"{texts[n].kind}, {texts[n].share:.0%}"].append(n in right)
        cells[f"all, {texts[n].share:.0%}"].append(n in right)
    return {
        "recall": round(sum(n in right for n in edits) / len(edits), 4),
        "precision": round(len(right) / max(1, len(joined)), 4),
        "wrong": dict(sorted(wrong.items())),
        "recall_by_edit": {name: round(sum(cell) / len(cell), 3) for name, cell in sorted(cells.items())},
        "cpu_ms_a_document": round(1000 * seconds / len(texts), 2),
    }


def main() -> None:
    """Measure Winnow and, where its Python is named, datatrove at its default and at other settings."""
    require(ARTICLES)
    python = sys.argv.pop(1) if len(sys.argv) > 1 else ""  # a path of this machine: not for the results
    texts = documents()
    results: dict[str, object] = {
        "documents": len(texts),
        "copies": sum(text.kind in EDITS for text in texts),
    }
    with TemporaryDirectory() as folder:
        results["Winnow"] = figures(texts, *winnow_copies(texts, Path(folder)))
        if python:
            file = Path(folder) / "documents.jsonl"
            lines = (json.dumps({"id": str(n), "text": text.text}) for n, text in enumerate(texts))
            file.write_text("\n".join(lines) + "\n", encoding="utf8")
            for name, settings in RIVAL_SETTINGS.items():
                joined = datatrove_copies(python, settings, file, Path(folder) / name)
                results[name] = figures(texts, *joined)
        else:
            print(
                "datatrove is NOT measured: name the Python of an environment that has it, see the top of this file"
            )
            results["datatrove"] = "not measured"
    write_results("near_duplicates", [ARTICLES], results)


if __name__ == "__main__":
    main()
