"""The tree of a page, however broken its markup is."""

import re
from typing import Final, TypeAlias

from lxml import etree

from winnow.corpus.errors import UnreadableError

INLINE: Final = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark math nobr q rp rt ruby"
    " s samp small span strike strong sub sup time tt u var wbr img picture source".split()
)
UNSEEN: Final = frozenset(  # not text, or not shown until something is clicked
    "script style template svg iframe object embed applet noframes noembed map audio video canvas select option"
    " datalist textarea link meta base param track area input progress meter noscript title".split()
)
PageTree: TypeAlias = etree._Element  # an element of a page with all below it; of the root, the whole page
TAG: Final = re.compile(r"</?([a-z][a-z0-9]{0,20})\b[^<>]{0,4000}>", re.IGNORECASE)
LAST_TAG: Final = re.compile(r"</(?=[bhBH])(?i:body|html)\b[^<>]{0,80}>")


def parse_page(text: str) -> PageTree:
    """The tree of a page; broken markup is mended as libxml2 does. Raises UnreadableError where there is no markup.

    Of a page with more nested elements than libxml2 follows (2,048), only the lines are kept.
    """
    text = LAST_TAG.sub(" ", text)  # libxml2 drops what follows; browsers show it
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


def _flatten_tags(text: str) -> str:
    """The markup of a page with line breaks for the tags of its blocks, and without those inside lines."""

    def flat_tag(tag: re.Match[str]) -> str:
        """The replacement of a tag."""
        name = tag[1].lower()
        return tag[0] if name in UNSEEN else "" if name in INLINE else "<br>"

    return TAG.sub(flat_tag, text)
