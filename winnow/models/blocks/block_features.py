"""Features of each block for the trees: of itself, its place in the tree, its neighbours, and its page.

A page of n blocks gives a matrix (n, len(FEATURES)). Each group of columns has its names in a constant
and its values in a function.
"""

from collections import Counter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from winnow.corpus.layout import Page
from winnow.models.blocks.block_facts import FACTS
from winnow.models.blocks.container import CONTAINER, PART, PROSE_PARTS, container_features, part_features
from winnow.models.blocks.groups import GROUP, KINDS, group_features
from winnow.models.blocks.outline import Floats
from winnow.models.blocks.page_measures import ADDENDS, SCORES, PageMeasures, measure
from winnow.models.blocks.page_types import PAGE_TYPES
from winnow.models.blocks.token_weights import Weights

TAGS: Final = {
    tag: number
    for number, tag in enumerate(
        "p div li td th h1 h2 h3 h4 h5 h6 blockquote pre dt dd figcaption section article main header footer"
        " nav aside form ul ol dl table tbody figure body tr label button center fieldset details summary"
        " address".split()
    )
}
COUNTED: Final = ("p", "li", "td", "form", "h2", "article")  # elements that hint at the kind of page
LEVELS: Final = (0, 1, 2, 3, 4, 6)  # ancestors whose content is a feature
PLACES: Final = (1, 2, 4)  # ancestors in which the block's place is a feature
SHIFTS: Final = (-3, -2, -1, 1, 2, 3)  # neighbours, in blocks
WINDOWS: Final = ((3, 3), (8, 8), (20, 20), (60, 60), (8, 0), (0, 8))  # blocks before and behind
NOWHERE: Final = -999.0  # distance to a heading that is not there
LIKE_TITLE: Final = 0.3  # least product of a block's shares of the title, to take it for the title
MAX_LINKS: Final = 30
MAX_INLINE: Final = 60

RUN: Final = ("link_share", "bold_share", "links", "inline", "pictures", "closed", "heading")
PLACE: Final = ("index", "rest", "place", "words_to", "prose_to", "prose_before", "prose_behind", "depth")
HOLDS: Final = ("words", "prose", "link_share", "blocks", "prose_share", "block_words", "score")
WITHIN: Final = ("place", "from_start", "to_end", "name_score")
HEADS: Final = ("since_h1", "since_title", "h1s", "since_heading", "heading_score", "heading_level")
NEAR: Final = ("words", "link_share", "text_score", "score", "tag", "ends_sentence")
SPAN: Final = ("prose", "words", "link_share", "text_score")
WHOLE: Final = ("blocks", "words", "prose_share", "link_share", "prose_blocks", "median_words", "score")
FEATURES: Final = (
    *FACTS,
    *RUN,
    *SCORES,
    *PLACE,
    *(f"tag_{level}" for level in range(3)),
    *(f"above_{level}_{name}" for level in LEVELS for name in HOLDS),
    *(f"in_{level}_{name}" for level in PLACES for name in WITHIN),
    *(f"part_{part}_{name}" for part in PROSE_PARTS for name in PART),
    *CONTAINER,
    *HEADS,
    *(f"group_{kind}_{name}" for kind in KINDS for name in GROUP),
    *(f"near_{shift}_{name}" for shift in SHIFTS for name in NEAR),
    *(f"span_{before}_{behind}_{name}" for before, behind in WINDOWS for name in SPAN),
    *(f"page_{name}" for name in (*WHOLE, *COUNTED, "pictures")),
    *(f"type_{name}" for name in PAGE_TYPES),
)


def page_features(page: Page, title: str, page_type: Floats, weights: Weights) -> NDArray[np.float32]:
    """Features of the blocks of a page that has some, (n, len(FEATURES)).

    ``page_type`` is the probability of each of `PAGE_TYPES`; ``weights`` are those of tokens.
    """
    measures = measure(page, title, weights)
    headings = np.array([_heading_level(block.tag) for block in page.blocks])
    tags = np.array([*(TAGS.get(tag, -1) for tag in page.elements.tags), -1])
    around = np.stack([tags[measures.outline.level(level)] for level in range(3)], axis=1)
    whole = np.concatenate([_whole(measures), page_type])
    groups = (
        measures.facts,
        _run(measures, headings),
        measures.scores,
        _place(measures),
        around,
        _holds(measures),
        _within(measures),
        part_features(measures),
        container_features(measures),
        _heads(measures, headings),
        group_features(measures),
        _near(measures, around[:, 0]),
        _spans(measures),
        np.broadcast_to(whole, (len(headings), len(whole))),
    )
    return np.concatenate(groups, axis=1, dtype=np.float32)


def _heading_level(tag: str) -> int:
    return int(tag[1]) if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456" else 0


def _run(measures: PageMeasures, headings: Floats) -> Floats:
    runs = measures.page.runs
    return np.stack(
        [
            measures.links,
            np.asarray(runs.bold_shares),
            np.minimum(runs.links, MAX_LINKS),
            np.minimum(runs.inline, MAX_INLINE),
            np.asarray(runs.pictures),
            np.asarray(runs.closed),
            headings,
        ],
        axis=1,
    )


def _place(measures: PageMeasures) -> Floats:
    blocks = len(measures.facts)
    index = np.arange(blocks)
    words, prose = measures.addend("words").cumsum(), measures.addend("prose").cumsum()
    return np.stack(
        [
            index,
            blocks - index,
            index / blocks,
            words / (words[-1] + 1),
            prose / (prose[-1] + 1),
            prose,
            prose[-1] - prose,
            (measures.outline.above != len(measures.outline.parents) - 1).sum(axis=0),
        ],
        axis=1,
    )


def _holds(measures: PageMeasures) -> Floats:
    """Contents of some of each block's ancestors, (n, len(LEVELS) * len(HOLDS))."""
    around = np.stack([measures.outline.level(level) for level in LEVELS], axis=1)
    words, prose, linked, blocks, scores, short = np.moveaxis(measures.element_sums[around], 2, 0)
    all_words, all_prose = measures.addend("words").sum() + 1, measures.addend("prose").sum() + 1
    columns = [
        words / all_words,
        prose / all_prose,
        linked / (words + 1),
        blocks,
        prose / (words + 1),
        words / np.maximum(1, blocks),
        scores / (short + 1),
    ]
    return np.stack(columns, axis=2).reshape(len(around), -1)


def _within(measures: PageMeasures) -> Floats:
    tree = measures.outline
    around = np.stack([tree.level(level) for level in PLACES], axis=1)
    from_start = np.arange(len(around))[:, None] - tree.first[around]
    sizes = tree.end[around] - tree.first[around]
    places = [
        from_start / np.maximum(1, sizes),
        from_start,
        sizes - from_start,
        measures.name_scores[around],
    ]
    return np.stack(places, axis=2).reshape(len(around), -1)


def _heads(measures: PageMeasures, headings: Floats) -> Floats:
    """Distances to the first heading and to the block most like the title, and the last heading before a block."""
    index = np.arange(len(headings))
    first = np.flatnonzero(headings == 1)
    likeness = measures.fact("title_cover") * measures.fact("title_share")
    title = int(likeness.argmax())
    last = np.maximum.accumulate(np.where(headings > 0, index, -1))
    return np.stack(
        [
            index - first[0] if len(first) else np.full(len(index), NOWHERE),
            index - title if likeness[title] > LIKE_TITLE else np.full(len(index), NOWHERE),
            np.full(len(index), len(first)),
            index - last,
            np.where(last >= 0, measures.fact("text_score")[last], 0.0),
            np.where(last >= 0, headings[last], 0),
        ],
        axis=1,
    )


def _near(measures: PageMeasures, tags: Floats) -> Floats:
    """The neighbours of each block; -1 where there is none."""
    columns = np.stack(
        [
            measures.fact("words"),
            measures.links,
            measures.fact("text_score"),
            measures.score("score"),
            tags,
            measures.fact("ends_sentence"),
        ],
        axis=1,
    )
    reach = max(SHIFTS)
    padded = np.pad(columns, ((reach, reach), (0, 0)), constant_values=-1.0)
    shifted = [padded[reach + shift : reach + shift + len(columns)] for shift in SHIFTS]
    return np.concatenate(shifted, axis=1)


def _spans(measures: PageMeasures) -> Floats:
    """Sums over the blocks around each block."""
    index, blocks = np.arange(len(measures.facts)), len(measures.facts)
    cumulated = np.concatenate([np.zeros((1, len(ADDENDS))), measures.addends.cumsum(axis=0)])
    before, behind = np.array(WINDOWS).T
    sums = cumulated[np.minimum(blocks, index[:, None] + behind + 1)]
    sums = sums - cumulated[np.maximum(0, index[:, None] - before)]
    words, prose, linked, _, scores, short = np.moveaxis(sums, 2, 0)
    spans = [prose, words, linked / (words + 1), scores / (short + 1)]
    return np.stack(spans, axis=2).reshape(blocks, -1)


def _whole(measures: PageMeasures) -> Floats:
    words, prose, linked, blocks, _, _ = measures.addends.sum(axis=0)
    tags, pictures = Counter(measures.page.elements.tags), sum(measures.page.runs.pictures)
    whole = [
        blocks,
        words,
        prose / (words + 1),
        linked / (words + 1),
        (measures.addend("prose") > 0).sum(),
        np.median(measures.addend("words")),
        measures.score("score").mean(),
    ]
    counted = [*(tags[tag] for tag in COUNTED), pictures]
    return np.array([*whole, *(count / (tags.total() + 1) for count in counted)])
