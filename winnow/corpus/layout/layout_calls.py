"""What the native twin of the layout's walk asks Python for: what is rare on pages, and the classes of the result."""

from types import SimpleNamespace
from typing import Final

from winnow.corpus.document import Block
from winnow.corpus.layout.formulas import script_tex
from winnow.corpus.layout.html import BLOCKS, INLINE, UNSEEN
from winnow.corpus.layout.inline import MARKED, NAMED, named_for, picture_text, stand_in
from winnow.corpus.layout.joints import LINES
from winnow.corpus.layout.laid_out import NAMELESS, Elements, Joint, Page, Runs
from winnow.corpus.layout.numbering import OWN_NUMBER, numbering
from winnow.corpus.layout.open_elements import path_below
from winnow.corpus.layout.openable import HIDDEN, OpenableElements
from winnow.corpus.layout.page_blocks import MAX_BLOCKS
from winnow.corpus.layout.paragraph import (
    BOLD,
    CODE,
    DAY_SEAM,
    INSIDE_WORDS,
    PRICE_SEAM,
    PRICES,
    RAISED,
    SEAM,
    end_of,
    note_counts,
    quotation,
    with_seam,
    without_lone_bars,
)
from winnow.corpus.layout.piece_marks import read_marks
from winnow.corpus.layout.tables import CELLS, data_table
from winnow.corpus.layout.written import CELL_BREAK
from winnow.corpus.normal_form import plain_text
from winnow.corpus.word_breaks import has_spaceless_letters

VERBATIM: Final = frozenset({"pre", "listing", "xmp", "plaintext"})
LISTS: Final = frozenset({"ol", "ul", "menu", "dir"})
CALLS: Final = SimpleNamespace(
    # tags
    inline=INLINE,
    never_seen=UNSEEN,
    blocks=BLOCKS,
    bold=BOLD,
    code=CODE,
    raised=RAISED,
    inside_words=INSIDE_WORDS,
    seam=SEAM,
    prices=PRICES,
    cells=CELLS,
    verbatim=VERBATIM,
    marked=MARKED,
    named=NAMED,
    lists=LISTS,
    line_tags=LINES,
    # what is rare
    openable_elements=OpenableElements,
    hides=HIDDEN.search,
    script_tex=script_tex,
    stand_in=stand_in,
    note_counts=note_counts,
    end_of=end_of,
    named_for=named_for,
    picture_text=picture_text,
    quotation=quotation,
    price_seam=PRICE_SEAM,
    day_seam=DAY_SEAM,
    with_seam=with_seam,
    without_lone_bars=without_lone_bars,
    has_spaceless_letters=has_spaceless_letters,
    data_table=data_table,
    numbering=numbering,
    own_number=OWN_NUMBER.match,
    cell_break=CELL_BREAK,
    read_marks=read_marks,
    plain_text=plain_text,
    path_below=path_below,
    max_blocks=MAX_BLOCKS,
    # the result
    nameless=NAMELESS,
    block=Block,
    runs=Runs,
    elements=Elements,
    joint=Joint,
    page=Page,
)
