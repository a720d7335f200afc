"""Scans over all elements of a page, for those that may say when it was written and by whom."""

from collections.abc import Sequence, Set
from itertools import islice

from winnow.corpus.layout.html import PageTree
from winnow.native import native_twin


@native_twin()
def elements_with(tree: PageTree, names: Set[str]) -> list[PageTree]:
    """The elements that have one of some attributes, in the order of the page."""
    return [element for element in tree.iter("*") if not names.isdisjoint(element.keys())]


@native_twin()
def elements_that_name(
    tree: PageTree, tags: Sequence[str], attributes: Sequence[str], words: Sequence[str], most: int
) -> list[PageTree]:
    """Of the first elements with some tags, at ``most`` so many, those that may hold a word in their tag or attributes.

    Words are of lower-case ASCII letters, and found in any case; what is outside ASCII may hold any.
    """

    def may_name(element: PageTree) -> bool:
        """Whether the element holds a word."""
        values = (element.tag, *(element.get(name) or "" for name in attributes))
        return any(not value.isascii() or any(word in value.lower() for word in words) for value in values)

    return [element for element in islice(tree.iter(*tags), most) if may_name(element)]


@native_twin()
def texts_with(tree: PageTree, signs: Sequence[str], below_chars: int) -> list[tuple[str, PageTree]]:
    """The texts shorter than some characters that have one of some signs of ASCII, each with the element it is in.

    The text of an element comes before what follows that element, and both before those of the elements inside it.
    """
    texts = list[tuple[str, PageTree]]()
    for element in tree.iter("*"):
        for text, is_inside in ((element.text, True), (element.tail, False)):
            if text and len(text) < below_chars and any(sign in text for sign in signs):
                holder = element if is_inside else element.getparent()
                if holder is not None and not (element is tree and not is_inside):
                    texts.append((text, holder))
    return texts
