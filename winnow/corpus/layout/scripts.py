"""The content of pages that only scripts would show, for pages whose visible text has none."""

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Final

from winnow.corpus.layout.embedded import embedded_values
from winnow.corpus.layout.html import PageTree
from winnow.corpus.layout.page import lay_out_page
from winnow.corpus.layout.prose import is_prose, state_strings, text_lines
from winnow.corpus.layout.written import write_page
from winnow.corpus.page_metadata.json_ld import Thing, is_kind, read_json_ld
from winnow.corpus.word_breaks import has_words, word_count

# Set on WCXB dev: on 48 of the 61 pages with two sources, what these take is within .02 F1 of the best one.
MIN_WORDS: Final = 40  # that make a source the page's content; with fewer, the one with most words is taken
MIN_ARTICLE_WORDS: Final = 150  # of JSON-LD that is all of the content, no teaser or first post
MAX_CHARS: Final = 2_000_000  # of all paragraphs together
MAX_DEPTH: Final = 8  # of things inside things: replies to replies
MAX_PARTS: Final = 1_000  # of one property
ASKING_CHARS: Final = 400  # of a line that only asks for scripts or cookies
ASKS: Final = re.compile(r"java\s?script|cookies?\b", re.IGNORECASE)  # the same words in most languages
POSTS: Final = frozenset({"cooked", "contentHtml"})  # names of a post's body: Discourse, Flarum
BODIES: Final = ("articleBody", "text", "reviewBody")
DESCRIBED: Final = (  # ends of kinds whose `description` is the content; that of an article is a summary
    "Product", "ProductGroup", "Recipe", "JobPosting", "Course", "Event", "HowTo", "Book", "Movie", "Application",
)  # fmt: skip
NAMED: Final = ("Question", "HowToSection")  # kinds whose name is a line of the content
PARTS: Final = (
    "mainEntity", "hasPart", "acceptedAnswer", "suggestedAnswer", "comment",
    "recipeIngredient", "recipeInstructions", "step", "itemListElement",
)  # fmt: skip
DESCRIPTIONS: Final = frozenset({"og:description", "description", "twitter:description"})


@dataclass(frozen=True, slots=True)
class ScriptContent:
    """Paragraphs that a reader would see once scripts have run, and where they stood."""

    paragraphs: tuple[str, ...] = ()
    origin: str = ""  # "posts", "json-ld", "state", "noscript" or "description"; "" where there are none


def script_content(tree: PageTree) -> ScriptContent:
    """The content that a page embeds for scripts, from the first source with 40 words, or from the one with most.

    The sources: posts of a forum; JSON-LD or other state that the server sent along, whichever says
    more; `noscript` and `template`; the page's description of itself. Only for pages that show next to
    nothing: much of it repeats what is visible. Linear in the page; 6 ms on average, 400 ms for a state of MBs.
    """
    best = ScriptContent()
    for content in _candidates(tree):
        if _words(content) >= MIN_WORDS:
            return content
        best = max(best, content, key=_words)
    return best


def _words(content: ScriptContent) -> int:
    return sum(map(word_count, content.paragraphs))


def _candidates(tree: PageTree) -> Iterator[ScriptContent]:
    """The content of each source, the best sources first."""
    strings = state_strings(embedded_values(tree))
    yield _content("posts", _lines(text for name, text in strings if name in POSTS))
    yield _structured_content(tree, strings)
    yield _fallback(tree)
    yield _description(tree)


def _structured_content(tree: PageTree, strings: Iterable[tuple[str, str]]) -> ScriptContent:
    """JSON-LD, or the prose of the page's state if that says more than a short JSON-LD does."""
    texts = (text for thing in read_json_ld(tree) for text in _thing_texts(thing, MAX_DEPTH))
    declared = _content("json-ld", _lines(texts))
    if _words(declared) >= MIN_ARTICLE_WORDS:
        return declared
    state = _content("state", _lines(text for _, text in strings if is_prose(text)))
    return max(declared, state, key=_words)


def _fallback(tree: PageTree) -> ScriptContent:
    """Lines of `noscript` and `template` elements that hold prose."""
    inner: set[PageTree] = set()
    lines: list[str] = []
    for element in tree.iter("noscript", "template"):
        if element not in inner:
            inner.update(element.iter("noscript", "template"))
            element_lines = _inner_lines(element)
            lines += element_lines if any(map(is_prose, element_lines)) else []
    return _content("noscript", lines)


def _inner_lines(element: PageTree) -> list[str]:
    """The lines of an element as if it were an ordinary one, without those that ask for scripts."""
    copy = deepcopy(element)
    copy.tag, copy.tail = "div", None
    lines = write_page(lay_out_page(copy, with_hidden=True)).text.splitlines()
    return [line for line in lines if len(line) > ASKING_CHARS or not ASKS.search(line)]


def _description(tree: PageTree) -> ScriptContent:
    """The longest of the page's descriptions of itself, as one paragraph."""
    named_metas = ((meta.get("property") or meta.get("name") or "", meta) for meta in tree.iter("meta"))
    values = [meta.get("content") or "" for name, meta in named_metas if name.lower() in DESCRIPTIONS]
    lines = [" ".join(text_lines(value)) for value in values]
    return _content("description", sorted(lines, key=len)[-1:])


def _lines(texts: Iterable[str]) -> Iterator[str]:
    return (line for text in texts for line in text_lines(text))


def _content(origin: str, lines: Iterable[str]) -> ScriptContent:
    """Lines in their order, each once, within bounds; those without a letter or digit are left out."""
    unique_lines: dict[str, None] = {}
    room = MAX_CHARS
    for line in lines:
        if line in unique_lines or not has_words(line, 1):
            continue
        room -= len(line) + 1
        if room < 0:
            break
        unique_lines[line] = None
    return ScriptContent(tuple(unique_lines), origin if unique_lines else "")


def _thing_texts(thing: Thing, depth: int) -> Iterator[str]:
    """The content of a thing and its parts, in the order of reading."""
    names = [*(["name"] if is_kind(thing, NAMED) else []), *BODIES]
    names += ["description"] if is_kind(thing, DESCRIBED) else []
    yield from (text for name in names if isinstance(text := thing.get(name), str))
    for part in _parts(thing) if depth else ():
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict):
            yield from _thing_texts(part, depth - 1)


def _parts(thing: Thing) -> Iterator[object]:
    for name in PARTS:
        parts = thing.get(name)
        yield from parts[:MAX_PARTS] if isinstance(parts, list) else [parts]
