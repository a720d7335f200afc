"""Natural labels: lines of extracted text, judged by the reference of their page, kept without their text."""

import gzip
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from winnow.corpus.document import Document
from winnow.corpus.layout import lay_out_text
from winnow.training.lines.dump_excerpts import dump_excerpts, dump_labels
from winnow.training.lines.line_examples import UNKNOWN
from winnow.training.lines.natural_labels import WHOLE_PAGES, main, natural_labels, read_natural
from winnow.training.lines.page_texts import texts_of
from winnow.training.lines.prepared_lines import prepare, read_prepared

TITLE = "Lower bridge closed after a night of rain"
STANDFIRST = "People were asked to stay at home until the river falls again."
BODY = [
    f"On day {day} the river stood {day} metres above its usual mark, and the ferry at gate {day} did not leave "
    f"before the {day} boats of the night shift had come back with their nets and their tired crews on board."
    for day in range(3, 9)
]
CONTENT = "\n".join(BODY)
LABELS = [
    ("Share this page", 1),
    (TITLE, 0),  # at the top, where references leave it out
    (f"{TITLE} | Harbour Post", 0),
    (STANDFIRST, UNKNOWN),
    ("The river above its usual mark", UNKNOWN),  # a heading that says what the text says
    ("By our own reporter", 1),
    (BODY[0], 0),
    (BODY[1], 0),
    ("Subscribe to the letter", 1),
    (TITLE, UNKNOWN),  # repeated below
    ("Tide tables for sailors", 1),
]


def document_of(*lines: str) -> Document:
    return Document(*lay_out_text("".join(f"{line}\n" for line in lines)))


def test_a_line_is_judged_by_the_reference_and_the_title_by_its_place() -> None:
    document = document_of(*(line for line, _ in LABELS))
    labels = natural_labels(document, CONTENT, TITLE)
    assert labels.tolist() == [label for _, label in LABELS]


def record(number: int, kind: str, texts: dict[str, list[str]]) -> str:
    lines = {extractor: "\n".join(text) for extractor, text in texts.items()}
    page = {
        "page": f"{number}",
        "site": f"https://www.site{number}.example/a",
        "kind": kind,
        "title": TITLE,
    }
    return json.dumps(page | {"language": "en", "content": CONTENT, "texts": lines})


NOISY = [TITLE, *BODY, "Subscribe to the letter", "Tide tables for sailors"]


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    path = tmp_path / "texts.jsonl.gz"
    records = [
        record(1, "article", {"trafilatura": NOISY, "resiliparse": NOISY, "goose": BODY}),
        record(2, "product", {"trafilatura": NOISY}),
        record(3, "article", {"trafilatura": ["Zanzibar", "Another text"] * 9}),
        record(4, "article", {"trafilatura": [*NOISY, "Oystercatchers seldom telephone"]}),
        record(5, "article", {"trafilatura": NOISY, "unknown_extractor": NOISY}),
    ]
    with gzip.open(path, "wt", encoding="utf8") as file:
        file.write("\n".join(records) + "\n")
    return path


def test_texts_of_a_page_are_read_that_differ_and_are_about_its_reference(texts: Path) -> None:
    examples = {example.name: example.labels for example in read_natural(texts)}
    assert list(examples) == [
        *("1/trafilatura", "2/trafilatura", "2/reference", "4/trafilatura", "5/trafilatura"),
    ]
    assert (examples["1/trafilatura"] == 1).sum() == 2
    assert set(examples["2/trafilatura"].tolist()) == {0, UNKNOWN}  # a shop leaves out what is content


def test_the_file_gives_back_the_examples_and_keeps_rare_words_as_hashes(
    texts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "first.npz", tmp_path / "second.npz"
    for target in (first, second):
        main(["python", str(texts), str(target), "pages.parquet"])
    assert first.read_bytes() == second.read_bytes()
    assert "5 texts of 4 sites: 7 lines of noise" in capsys.readouterr().out
    with np.load(first) as arrays:
        tokens = arrays["tokens"].tobytes().decode().split("\n")
    assert "subscribe" in tokens
    assert not any("zanzibar" in token or "oystercatchers" in token for token in tokens)
    for kept, example in zip(read_prepared(first), read_natural(texts), strict=True):
        made = prepare(example)
        assert (kept.name, kept.site, kept.source) == (made.name, made.site, made.source)
        assert kept.labels.tolist() == made.labels.tolist()
        assert kept.removed.tolist() == made.removed.tolist()
        assert np.allclose(kept.features, made.features)
        assert [len(tokens) for tokens in kept.tokens] == [len(tokens) for tokens in made.tokens]


def test_the_command_names_the_files_that_it_needs() -> None:
    with pytest.raises(SystemExit, match="give EXTRACTORS_PYTHON TEXTS"):
        main(["python"])


def test_every_article_is_read_by_some_extractors_and_what_fails_is_counted() -> None:
    html = (
        f"<html><body><nav><p>Menu</p></nav><article>{''.join(f'<p>{line}</p>' for line in BODY)}</article>"
    )
    failures: Counter[str] = Counter()
    texts = texts_of(html, "en", "page", is_article=True, failures=failures)
    assert texts["paragraphs"].split("\n") == ["Menu", *BODY]
    assert BODY[3] in texts["trafilatura"]
    assert all(": " in failure for failure in failures)


def test_pages_of_other_kinds_are_read_by_fewer_extractors() -> None:
    names = [set(texts_of("<p>Rain.</p>", "en", f"{n}", False, Counter())) for n in range(9)]
    assert set().union(*names) <= {"trafilatura", "resiliparse", *WHOLE_PAGES}


MENU = ["Home", "About us", "Contact", "Boats for hire", "Sign in to your account"]
FOOTER = [f"Footer line {word}" for word in ("oak", "elm", "ash", "fir", "yew", "bay", "box", "fig")]
DUMP = [TITLE, *MENU, "The river above its usual mark", *BODY, *["Another boat for hire"] * 14, *FOOTER]


def labels_of_dump(*, is_article: bool) -> list[int]:
    labels = dump_labels(document_of(*DUMP), CONTENT, TITLE, is_article=is_article)
    assert labels is not None
    return [int(label) for label in labels]


def test_menus_of_a_whole_page_are_noise_and_headings_of_the_content_unknown() -> None:
    labels = labels_of_dump(is_article=True)
    assert labels[: len(MENU) + 2] == [UNKNOWN, *[1] * len(MENU), UNKNOWN]
    assert labels[len(MENU) + 2 :] == [0] * len(BODY) + [1] * (14 + len(FOOTER))


def test_of_a_page_that_is_no_article_only_its_head_and_its_foot_are_noise() -> None:
    labels = labels_of_dump(is_article=False)
    assert labels[1:3] == [1, 1]
    assert labels[-len(FOOTER) :] == [1] * len(FOOTER)
    assert labels[-len(FOOTER) - 14 : -len(FOOTER) - 10] == [UNKNOWN] * 4  # more of what the shop sells


def test_a_whole_page_that_lacks_its_reference_has_no_labels() -> None:
    assert dump_labels(document_of(*MENU, BODY[0]), CONTENT, TITLE, is_article=True) is None


def test_an_excerpt_keeps_the_labels_of_its_lines_and_is_the_same_each_time() -> None:
    document = document_of(*DUMP)
    labels = np.arange(len(document.lines)) % 2
    for number in range(40):
        [example] = dump_excerpts(f"{number}/page", "site", document, labels)
        [again] = dump_excerpts(f"{number}/page", "site", document, labels)
        assert example.document.text == again.document.text
        of_line = dict(zip((line.text for line in document.lines), labels.tolist(), strict=True))
        for line, label in zip(example.document.lines, example.labels.tolist(), strict=True):
            assert line.text == "Another boat for hire" or of_line[line.text] == label
