"""Winnow's steps run in a pipeline of datatrove, beside datatrove's own extractor and filters."""

from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

pytest.importorskip("datatrove", reason="datatrove is not installed here: run `make contracts`")
pytest.importorskip("ftfy", reason="what Winnow needs is not installed here: run `make contracts`")

from datatrove.data import Document  # after the skips
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter

import winnow
from winnow.integrations.datatrove import SourceFilter, WinnowExtractor

STORY = "The harbour board voted on Tuesday to dredge the inner basin before the autumn storms, a spokeswoman said."
PAGE = f"<html><body><nav><a href='/'>Home</a></nav><article><p>{STORY}</p><p>Advertisement</p></article></body></html>"
LATER = "Work begins in June, and the ferry to the islands will leave from the northern quay until the basin is deep enough."
FULL_PAGE = f"""<html lang="en"><head><title>Basin to be dredged</title><meta name="author" content="Ada Byron">
<meta property="article:published_time" content="2025-03-14"></head>
<body><article><h1>Basin to be dredged</h1><p>{STORY}</p><p>Advertisement</p><p>{LATER}</p>
</article></body></html>"""
PERSON = "domain,label,by,at,why\nfoe.example,unreliable,ada,2025-01-01,Invents its sources.\n"


def test_a_pipeline_extracts_and_writes(tmp_path: Path) -> None:
    pages = [Document(text=page, id=str(n)) for n, page in enumerate([PAGE, "", PAGE])]
    steps = [pages, WinnowExtractor(timeout=300), JsonlWriter(str(tmp_path / "out"))]
    LocalPipelineExecutor(steps, logging_dir=str(tmp_path / "logs")).run()
    written = list(JsonlReader(str(tmp_path / "out")).run())
    assert [(document.id, document.text) for document in written] == [("0", STORY), ("2", STORY)]


def test_the_metadata_holds_what_is_known_of_the_page_and_keeps_what_was_there(tmp_path: Path) -> None:
    page = Document(FULL_PAGE, "1", metadata={"url": "https://www.foe.example/b", "language": "xx"})
    steps = [[page], WinnowExtractor(300, corpus=_corpus(tmp_path)), JsonlWriter(str(tmp_path / "out"))]
    LocalPipelineExecutor(steps, logging_dir=str(tmp_path / "logs")).run()
    [document] = JsonlReader(str(tmp_path / "out")).run()
    metadata = document.metadata
    assert (metadata["url"], metadata["domain"]) == ("https://www.foe.example/b", "foe.example")
    assert (metadata["title"], metadata["authors"]) == ("Basin to be dredged", ["Ada Byron"])
    assert (metadata["published"], metadata["language"]) == ("2025-03-14", "xx")
    assert [
        (span["kind"], span["text"].strip()) for span in metadata["removed"] if "ad" in span["kind"]
    ] == [("ad_marker", "Advertisement")]
    assert metadata["reliability_label"] == "unreliable"
    assert type(document.text) is str and f"{STORY}\n{LATER}" in document.text


def test_documents_of_sources_with_other_labels_are_left_out(tmp_path: Path) -> None:
    folder = _corpus(tmp_path)
    documents = [Document(text=STORY, id=url, metadata={"url": url}) for url in URLS]
    passed_documents = list(SourceFilter(folder).run(documents))
    assert [document.id for document in passed_documents] == [URLS[0], URLS[2]]
    [dropped] = SourceFilter(folder, labels=["unreliable"]).run(documents)
    assert dropped.id == URLS[1]


def test_winnow_and_the_filters_of_datatrove_live_in_one_environment(tmp_path: Path) -> None:
    pytest.importorskip("inscriptis", reason="datatrove[processing] is not installed here")
    needed = [Requirement(text) for text in requires("datatrove") or ()]
    [bound] = [each.specifier for each in needed if each.name == "trafilatura"]
    import trafilatura

    assert trafilatura.__version__ in bound
    texts = _texts(tmp_path / "winnow", WinnowExtractor(timeout=300))
    assert len(texts) == len(_texts(tmp_path / "trafilatura", _trafilatura())) == 1
    assert f"{STORY}\n{LATER}" in texts[0]


def _trafilatura() -> PipelineStep:
    from datatrove.pipeline.extractors import Trafilatura

    return Trafilatura(timeout=300)


def _texts(folder: Path, extractor: PipelineStep) -> list[str]:
    """The texts that an extractor leaves, behind filters of datatrove, which drop one that is short."""
    from datatrove.pipeline.filters import GopherRepetitionFilter, LambdaFilter

    short = "<html><body><p>Rain fell on the town, said Ada Byron on Monday.</p></body></html>"
    pages = [Document(FULL_PAGE, "1"), Document(short, "2")]
    is_long = LambdaFilter(lambda document: len(document.text) > 100)
    steps = [pages, extractor, is_long, GopherRepetitionFilter(), JsonlWriter(str(folder / "out"))]
    LocalPipelineExecutor(steps, logging_dir=str(folder / "logs")).run()
    return [document.text for document in JsonlReader(str(folder / "out")).run()]


URLS = ["https://friend.example/a", "https://www.foe.example/b", "https://nobody.example/c"]


def _corpus(folder: Path) -> Path:
    """A corpus in which a person has called a source unreliable."""
    for host in ("friend.example", "foe.example"):
        page = folder / "raw" / host / "a.txt"
        page.parent.mkdir(parents=True)
        page.write_text(f"{STORY} {host}\n")
    (folder / "people.csv").write_text(PERSON)
    settings = winnow.Settings(overrides=(str(folder / "people.csv"),))
    return winnow.run(folder / "raw", folder / "clean", settings=settings).folder
