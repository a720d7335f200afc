"""Winnow's steps run in a pipeline of datatrove."""

from pathlib import Path

import pytest

pytest.importorskip("datatrove", reason="datatrove is not installed here: run `make contracts`")
pytest.importorskip("ftfy", reason="what Winnow needs is not installed here: run `make contracts`")

from datatrove.data import Document  # after the skips
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter

import winnow
from winnow.integrations.datatrove import SourceFilter, WinnowExtractor

STORY = "The harbour board voted on Tuesday to dredge the inner basin before the autumn storms, a spokeswoman said."
PAGE = f"<html><body><nav><a href='/'>Home</a></nav><article><p>{STORY}</p><p>Advertisement</p></article></body></html>"
PERSON = "domain,label,by,at,why\nfoe.example,unreliable,ada,2025-01-01,Invents its sources.\n"


def test_a_pipeline_extracts_and_writes(tmp_path: Path) -> None:
    pages = [Document(text=page, id=str(n)) for n, page in enumerate([PAGE, "", PAGE])]
    steps = [pages, WinnowExtractor(timeout=300), JsonlWriter(str(tmp_path / "out"))]
    LocalPipelineExecutor(steps, logging_dir=str(tmp_path / "logs")).run()
    written = list(JsonlReader(str(tmp_path / "out")).run())
    assert [(document.id, document.text) for document in written] == [("0", STORY), ("2", STORY)]


def test_documents_of_sources_with_other_labels_are_left_out(tmp_path: Path) -> None:
    folder = _corpus(tmp_path)
    documents = [Document(text=STORY, id=url, metadata={"url": url}) for url in URLS]
    passed_documents = list(SourceFilter(folder).run(documents))
    assert [document.id for document in passed_documents] == [URLS[0], URLS[2]]
    [dropped] = SourceFilter(folder, labels=["unreliable"]).run(documents)
    assert dropped.id == URLS[1]


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
