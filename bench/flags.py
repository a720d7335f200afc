"""How many sources of rated collections get each flag: the background rate that the flags' rules rest on.

Most of these sources are ordinary sites, so that a flag which many of them get says nothing.
"""

from collections import Counter
from typing import Final

from bench.results import SHARED, require, write_results
from winnow.corpus.settings import Fields, Settings
from winnow.models.reliability.flags import FLAGS, PERSONA, STUFFED
from winnow.pipeline.in_memory import score_inputs
from winnow.pipeline.sources.scores import ScoredSource
from winnow.pipeline.workers.isolation import clean_here

ARTICLES: Final = SHARED / "data" / "reliability" / "articles.parquet"
SHOWN: Final = 12  # sources by name, for each flag
MIN: Final = 3  # documents of a source that is also counted apart


def main() -> None:
    """Score the sources of the articles, each by the host of its URL, and count their flags."""
    require(ARTICLES)
    settings = Settings(fields=Fields(domain=""))  # the URL's host, so that subdomains are seen
    sources, quarantined = score_inputs([str(ARTICLES)], settings, clean=clean_here, tick=lambda _: None)
    sites = [source for source in sources if source.hosts]
    figures = {
        "documents": sum(source.documents for source in sites),
        "quarantined": quarantined,
        "sources": len(sites),
        f"sources_of_{MIN}": sum(source.sums.documents >= MIN for source in sites),
        "documents_with": {name: _documents_with(name, sites) for name in (PERSONA, STUFFED)},
        "subdomains": sum(len(source.hosts) > 1 or source.hosts[0][0] != source.key for source in sites),
        "flags": {flag: _flag_figures(flag, sites) for flag in FLAGS},
    }
    write_results("flags", [ARTICLES], figures)


def _documents_with(signal: str, sources: list[ScoredSource]) -> int:
    return sum(s.sums.signals[signal].documents for s in sources if signal in s.sums.signals)


def _flag_figures(flag: str, sources: list[ScoredSource]) -> dict[str, object]:
    with_flag = [source for source in sources if flag in source.flags]
    sizes = Counter(source.sums.documents >= MIN for source in with_flag)
    first = sorted(with_flag, key=lambda source: (-source.documents, source.key))[:SHOWN]
    return {
        "sources": len(with_flag),
        f"of_{MIN}": sizes[True],
        "first": [f"{s.key} {s.documents}" for s in first],
    }


if __name__ == "__main__":
    main()
