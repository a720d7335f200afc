"""The tree of a page, however broken its markup is."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, TypeAlias

from lxml import etree

from winnow.corpus.errors import UnreadableError
from winnow.native import native_twin

INLINE: Final = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark math nobr q rp rt ruby"
    " s samp small span strike strong sub sup time tt u var wbr img picture source".split()
)
# Elements that begin and end lines; any that is in no list is inline, unless it holds one of these.
BLOCKS: Final = frozenset(
    "address article aside blockquote body button caption center col colgroup dd details dialog dir div dl dt fieldset"
    " figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li listing"
    " main marquee menu nav noframes noscript ol p plaintext pre search section summary table"
    " tbody td tfoot th thead tr ul xmp".split()
)
UNSEEN: Final = frozenset(  # not text, or not shown until something is clicked
    "script style template svg iframe object embed applet noframes noembed map audio video canvas select option"
    " datalist textarea link meta base param track area input progress meter noscript title".split()
)
PageTree: TypeAlias = etree._Element  # an element of a page with all below it; of the root, the whole page
TAG: Final = re.compile(r"</?([a-z][a-z0-9]{0,20})\b[^<>]{0,4000}>", re.IGNORECASE)
# Of a page that are read as such, and of one of them: what libxml2 takes for an element grows with what came before
# it, and each is kept in memory. The pages of WCXB dev have 22,000 tags at most.
MAX_TAGS: Final = 500_000
MAX_ATTRIBUTES: Final = 500
LONG_TAG_CHARS: Final = 2 * MAX_ATTRIBUTES  # no shorter tag has more attributes
ATTRIBUTE: Final = r"""[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>]*+))?+"""
OPENING: Final = re.compile(rf"<([a-zA-Z][^\s/>]*+)(?:[\s/]++|{ATTRIBUTE})*+")  # a tag without its ">"
FIRST_ATTRIBUTES: Final = re.compile(rf"<[a-zA-Z][^\s/>]*+(?:[\s/]*+{ATTRIBUTE}){{{MAX_ATTRIBUTES}}}")
UNREAD: Final = frozenset({"script", "style"})  # what is between such tags is no markup, and no text
UNREAD_END: Final = re.compile(r"</(?:script|style)", re.IGNORECASE)
LAST_TAG: Final = re.compile(r"</(?=[bhBH])(?i:body|html)\b[^<>]{0,80}>")


def parse_page(text: str) -> PageTree:
    """The tree of a page; broken markup is mended as libxml2 does. Raises UnreadableError where there is no markup.

    Of a page with more nested elements than libxml2 follows (2,048), only the lines are kept; behind its first
    `MAX_TAGS` tags, only the text; of an element with more attributes than `MAX_ATTRIBUTES`, the first ones.
    """
    text = LAST_TAG.sub(" ", bounded_markup(text))  # libxml2 drops what follows; browsers show it
    tree, is_whole = _parse_tree(text)
    return tree if is_whole else _parse_tree(_flatten_tags(text))[0]


def _parse_tree(text: str) -> tuple[PageTree, bool]:
    """The tree of a page, and whether libxml2 read it to its end."""
    # lxml.html's own parser would ask a Python function for the class of each element: twice as slow to walk
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, collect_ids=False
    )
    try:
        tree = etree.fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParseError as error:
        raise UnreadableError("empty", f"no markup and no text ({error})") from error
    if tree is None:
        raise UnreadableError("empty", "no markup and no text")
    broke_off = any(e.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for e in parser.error_log)
    return tree, not broke_off


def bounded_markup(text: str) -> str:
    """Markup that libxml2 reads in linear time."""
    if any(map(FIRST_ATTRIBUTES.match, long_tags(text, LONG_TAG_CHARS))):
        text = "".join(_with_first_attributes(text))
    if text.count("<") <= MAX_TAGS:
        return text
    end = next(islice(re.finditer("<", text), MAX_TAGS, None)).start()
    return text[:end] + TAG.sub(lambda tag: tag[0] if tag[1].lower() in UNREAD else " ", text[end:])


@native_twin()
def long_tags(text: str, chars: int) -> list[str]:
    """The tags of a page that open an element in more than so many characters, each without its ">"."""
    return [tag[0] for tag in OPENING.finditer(text) if tag.end() - tag.start() > chars]


def _first_attributes(tag: re.Match[str]) -> re.Match[str] | None:
    """A tag with its first attributes, None where it has no more."""
    return FIRST_ATTRIBUTES.match(tag[0]) if tag.end() - tag.start() > LONG_TAG_CHARS else None


def _with_first_attributes(text: str) -> Iterator[str]:
    """Markup in pieces, each element with its first attributes; scripts, where a "<" may begin no tag, as they are."""
    at = 0
    while tag := OPENING.search(text, at):
        first = _first_attributes(tag)
        yield from (text[at : tag.start()], first[0] if first else tag[0])
        at = tag.end()
        if tag[1].lower() in UNREAD:
            closing = UNREAD_END.search(text, at)
            stop = closing.start() if closing else len(text)
            yield text[at:stop]
            at = stop
    yield text[at:]


def _flatten_tags(text: str) -> str:
    """The markup of a page with line breaks for the tags of its blocks, and without those inside lines."""

    def flat_tag(tag: re.Match[str]) -> str:
        """The replacement of a tag."""
        name = tag[1].lower()
        return tag[0] if name in UNSEEN else "" if name in INLINE else "<br>"

    return TAG.sub(flat_tag, text)
