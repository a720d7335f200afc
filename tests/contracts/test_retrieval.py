"""LangChain and LlamaIndex load a corpus of text and Markdown files, and rows as documents."""

import gzip
import json
import warnings
from pathlib import Path

import pytest

FILES = 2_000  # ten documents of each source


def test_langchain_loads_the_files_of_a_corpus(corpora: Path) -> None:
    pytest.importorskip(
        "langchain_community", reason="LangChain is not installed here: run `make contracts`"
    )
    with warnings.catch_warnings():  # the package says on import that it is no longer developed
        warnings.simplefilter("ignore", DeprecationWarning)
        from langchain_community.document_loaders import DirectoryLoader, TextLoader
    for form, suffix in (("text", "txt"), ("markdown", "md")):
        loader = DirectoryLoader(
            str(corpora / form),
            f"*/*/*.{suffix}",
            loader_cls=TextLoader,
            loader_kwargs={"encoding": "utf-8"},
        )
        documents = loader.load()
        assert len(documents) == FILES
        assert all("in two lines" in document.page_content for document in documents)


def test_langchain_loads_json_lines(corpora: Path, tmp_path: Path) -> None:
    pytest.importorskip(
        "langchain_community", reason="LangChain is not installed here: run `make contracts`"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from langchain_community.document_loaders import JSONLoader
    unpacked = tmp_path / "test.jsonl"
    files = sorted((corpora / "jsonl.gz" / "data").glob("test-*"))
    unpacked.write_bytes(b"".join(gzip.decompress(file.read_bytes()) for file in files))
    loader = JSONLoader(
        str(unpacked),
        ".",
        content_key="text",
        json_lines=True,
        metadata_func=lambda row, _: {"tags": row["tags"]},
    )
    documents = loader.load()
    assert len(documents) == unpacked.read_bytes().count(b"\n") > 1000
    assert documents[-1].metadata["tags"][0] == "lang:en"


def test_langchain_documents_are_made_of_rows(corpora: Path) -> None:
    core = pytest.importorskip(
        "langchain_core.documents", reason="LangChain is not installed here: run `make contracts`"
    )
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = parquet.read_table(corpora / "parquet" / "data").to_pylist()
    documents = [core.Document(page_content=row.pop("text"), metadata=row, id=row["id"]) for row in rows]
    assert len(documents) == 100_000


@pytest.mark.parametrize(("form", "suffix"), [("text", ".txt"), ("markdown", ".md")])
def test_llama_index_loads_the_files_of_a_corpus(corpora: Path, form: str, suffix: str) -> None:
    core = pytest.importorskip(
        "llama_index.core", reason="LlamaIndex is not installed here: run `make contracts`"
    )
    reader = core.SimpleDirectoryReader(
        str(corpora / form / "train"), recursive=True, required_exts=[suffix], exclude_hidden=False
    )
    documents = reader.load_data()
    files = list((corpora / form / "train").rglob(f"*{suffix}"))
    assert {Path(document.metadata["file_path"]) for document in documents} == set(files)
    assert any("in two lines" in document.text for document in documents)


def test_llama_index_documents_are_made_of_rows(corpora: Path) -> None:
    core = pytest.importorskip(
        "llama_index.core", reason="LlamaIndex is not installed here: run `make contracts`"
    )
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = parquet.read_table(corpora / "parquet" / "data").slice(0, 30_000).to_pylist()
    documents = [
        core.Document(
            text=row["text"], id_=row["id"], metadata={"domain": row["domain"], "tags": row["tags"]}
        )
        for row in rows
    ]
    nodes = core.node_parser.SentenceSplitter().get_nodes_from_documents(documents[:100])
    assert {node.metadata["domain"] for node in nodes} == {row["domain"] for row in rows[:100]}
    assert json.loads(documents[-1].to_json())["id_"] == rows[-1]["id"]
