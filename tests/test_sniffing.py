"""HTML told from text by its markup: pages, pieces of pages, and texts that hold or mention tags."""

import json
import time
from pathlib import Path

import pytest

import winnow
from tests.runs import rows, run
from winnow.corpus.raw import HTML, TEXT
from winnow.corpus.readers.sniffing import SNIFFED_BYTES, sniffed_type

SENTENCE = "The harbour office said on Tuesday that the market would open again after two years of silence."
PARAGRAPHS = f"<p>{SENTENCE}</p>\n<p>{SENTENCE}</p>"

PAGES = {
    "a doctype": f"<!DOCTYPE html><p>{SENTENCE}",
    "a comment before the page": f"<!-- saved from the web -->\n<!-- twice -->\n<html><body>{PARAGRAPHS}",
    "nothing but comments": "<!-- nothing here -->",
    "an XML declaration": f'<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><p>{SENTENCE}</p></html>',
    "10 kB of white space": " \r\n\t" * 3_000 + f"<html><body>{PARAGRAPHS}",
    "a long comment": f"<!--{'licence ' * 2_000}--><div>{PARAGRAPHS}</div>",
    "a form": f'<form action="/go"><p>{SENTENCE}</p></form>',
    "a section": f'<section class="story"><h2>Market</h2>{PARAGRAPHS}</section>',
    "an article": f"<article>\n{PARAGRAPHS}\n</article>",
    "a header in capitals": f"<HEADER><H1>Market</H1></HEADER><MAIN>{PARAGRAPHS}</MAIN>",
    "one paragraph": f"<p>{SENTENCE}</p>",
    "a paragraph that is not closed": f"<p>{SENTENCE}",
    "paragraphs that are not closed": f"{SENTENCE}<p>{SENTENCE}<p>{SENTENCE}<p>{SENTENCE}",
    "text before the first paragraph": f"Note of the day: {PARAGRAPHS}",
    "text with line breaks": f"{SENTENCE}<br><br>{SENTENCE}<br/>{SENTENCE}",
    "one line with a link": f'{SENTENCE} See <a href="/more">the plan</a>.',
    "one line with bold words": f"{SENTENCE} <b>Rain</b> is expected.",
    "a list": "<ul><li>Cod</li><li>Herring</li></ul>",
    "a table": "<table><tr><td>Cod</td><td>120</td></tr></table>",
    "a custom element": f"<story-body><p>{SENTENCE}</p></story-body>",
    "a byte order mark": f"\ufeff<html><p>{SENTENCE}</p></html>",
}

TEXTS = {
    "no tag": SENTENCE,
    "a comparison": "If 1 < 2 and 3 > 2, then a<b and c>d.",
    "a sentence about a tag": "Use <p> for paragraphs and close it with </p>. A <div> is a box.",
    "a sentence that begins with a tag": "<p> is the element of paragraphs; <div> and </div> make a box.",
    "tags in quotes": "The element \"<p>\" holds text, '<b>' makes it bold, and `<div>` ends with `</div>`.",
    "titles about tags": "The <p> Element\nHolds paragraphs.\n\nThe <div> Element\nHolds anything.",
    "C++ templates": "std::vector<int> a;\nstd::map<std::string, std::vector<double>> b;\ntemplate <class T> T f(T x);",
    "Rust and Java": "fn f<T>(x: Vec<T>) -> Option<i32> {}\nMap<String, List<Integer>> m = new HashMap<>();",
    "log lines like XML": '<event id="1"><time>12:00</time><level>warn</level></event>\n' * 4,
    "one log line like XML": "<record><time>12:00</time><code>5</code><state>ok</state></record>",
    "another kind of XML": "<note><to>Orla</to><from>Ines</from><body>Bring the lamp.</body></note>",
    "Markdown with HTML inside": f"# Market\n\n{SENTENCE}\n\n<details><summary>More</summary>\nCod.\n</details>\n\n{SENTENCE}",
    "Markdown with a centred head": f'<p align="center"><img src="logo.png"></p>\n\n# Market\n\n{SENTENCE}\n\n- cod\n- herring',
    "Markdown with line breaks": "| fish | price |\n|---|---|\n| cod<br>herring | 120<br>90 |\n",
    "code that writes HTML": 'def head(title):\n    return "<h1>" + title + "</h1>"\n\nprint(head("Market"))',
    "addresses in angle brackets": "From: Orla <orla@harbour.example>\nSee <https://harbour.example/a>.",
    "placeholders": "git push <remote> <branch>\ncp <source> <target>",
    "arrows and hearts": "I <3 cod -> herring <- salmon <<>>",
    "lines with bold words": f"{SENTENCE}\n{SENTENCE} <b>Rain</b> is expected.\n{SENTENCE}",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_or_a_piece_of_one_is_html(name: str) -> None:
    assert sniffed_type(PAGES[name].encode()) == HTML


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_with_tags_in_it_is_text(name: str) -> None:
    assert sniffed_type(TEXTS[name].encode()) == TEXT


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1252"])
def test_markup_is_found_in_any_encoding(encoding: str) -> None:
    assert sniffed_type(PAGES["a section"].encode(encoding)) == HTML


@pytest.mark.parametrize("name", [name for name in PAGES if name != "nothing but comments"])
def test_no_markup_of_a_page_comes_out_as_text(name: str) -> None:
    text = winnow.clean(PAGES[name]).text
    assert "<" not in text and ">" not in text


@pytest.mark.parametrize("name", TEXTS)
def test_the_lines_of_a_text_with_tags_come_out_as_they_are(name: str) -> None:
    document = winnow.clean(TEXTS[name]).document
    assert document.text.strip() == TEXTS[name].strip()


def test_extract_takes_everything_for_a_page() -> None:
    assert winnow.extract(f"Use {SENTENCE}<wbr>\n{SENTENCE}") == f"Use {SENTENCE} {SENTENCE}"


def test_texts_of_records_that_are_markup_are_pages(tmp_path: Path) -> None:
    texts = [PAGES["text before the first paragraph"], TEXTS["C++ templates"]]
    run(tmp_path, {"records.jsonl": "\n".join(json.dumps({"text": text}) for text in texts)})
    types = {row["metadata"]["content_type"]: row["text"] for row in rows(tmp_path, "documents")}
    assert types.keys() == {HTML, TEXT}
    assert "<p>" not in types[HTML] and "std::vector<int>" in types[TEXT]


@pytest.mark.parametrize("piece", ["<", "<p ", "<!--", "<p a='", "<a b=c ", "<p>", " <b> ", "<a\n"])
def test_hostile_markup_takes_linear_time(piece: str) -> None:
    began = time.process_time()
    sniffed_type(piece.encode() * (2 * SNIFFED_BYTES // len(piece)))
    assert time.process_time() - began < 1
