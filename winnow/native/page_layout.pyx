"""The layout of a page, walked over libxml2's nodes: what every element costs is here, what is rare is asked of Python."""

from cpython.ref cimport PyObject
from cpython.unicode cimport PyUnicode_DecodeASCII, PyUnicode_DecodeUTF8, PyUnicode_GET_LENGTH
from libc.stdint cimport uint8_t
from libc.string cimport memchr, strcmp, strlen
from libcpp.string cimport string
from libcpp.vector cimport vector
from lxml.includes.etreepublic cimport _Document, _Element, elementFactory, import_lxml__etree
from lxml.includes.tree cimport XML_ELEMENT_NODE, xmlAttr, xmlNode
from winnow.native.html_nodes cimport (
    attribute,
    count_chars,
    decoded,
    element_from,
    holds_ignoring_case,
    is_text,
    raw_value,
)

import_lxml__etree()

cdef extern from "Python.h":
    const char* PyUnicode_AsUTF8AndSize(object, Py_ssize_t*) except NULL
    int Py_UNICODE_ISALNUM(Py_UCS4) nogil
    int Py_UNICODE_ISDECIMAL(Py_UCS4) nogil
    int Py_UNICODE_ISSPACE(Py_UCS4) nogil
    int Py_UNICODE_ISUPPER(Py_UCS4) nogil

cdef enum:  # what a tag is
    INLINE = 1 << 0
    UNSEEN = 1 << 1
    NEVER_SEEN = 1 << 2
    SCRIPT = 1 << 3
    NOSCRIPT = 1 << 4
    LINK = 1 << 5
    BOLD = 1 << 6
    PICTURE = 1 << 7
    CODE = 1 << 8
    QUOTED = 1 << 9
    INSIDE_WORDS = 1 << 10
    SEAM = 1 << 11
    PRICE = 1 << 12
    CELL = 1 << 13
    BREAK = 1 << 14
    VERBATIM = 1 << 15
    BLOCK = 1 << 16
    MARKED = 1 << 17
    NAMED = 1 << 18
    RAISED = 1 << 19
    TABLE = 1 << 20
    ROW = 1 << 21
    ITEM = 1 << 22
    LIST = 1 << 23
    ORDERED = 1 << 24
    PART = TABLE | ROW | ITEM | LIST

cdef enum:  # what ended last in a line
    NOTHING = 0
    OTHER_ENDED = 1
    LINK_ENDED = 2

cdef enum:  # the seam behind it
    NO_SEAM = 0
    OTHER_SEAM = 1
    PRICE_TAG_SEAM = 2
    PRICES_SEAM = 3
    DAY_SEAM = 4

cdef enum:
    TAG_SLOTS = 512
    NO_ELEMENT = -1
    PIECES_BEFORE = 4  # `winnow.corpus.layout.paragraph.BEFORE_PIECES`

cdef struct Tag:
    const void* name
    int flags
    PyObject* text

cdef struct Ascii:
    uint8_t space[128]
    uint8_t control[128]

cdef Ascii ascii_table() noexcept nogil:
    """ASCII as Python's ``str.isspace`` has it, and what ``plain_text`` takes out of a line."""
    cdef Ascii table
    cdef int code
    for code in range(128):
        table.space[code] = code == 32 or 9 <= code <= 13 or 28 <= code <= 31
        table.control[code] = code < 9 or code == 11 or code == 12 or 14 <= code <= 31 or code == 127
    return table

cdef Ascii OF = ascii_table()
cdef const char* CODE_START = b"\xef\xb7\x90"
cdef const char* CODE_END = b"\xef\xb7\x91"


cdef inline Py_UCS4 code_point(const uint8_t* s, Py_ssize_t size, Py_ssize_t* width) noexcept nogil:
    """The first character of some valid UTF-8, and how many bytes it takes."""
    if s[0] < 0x80 or size < 2:
        width[0] = 1
        return s[0]
    if s[0] < 0xE0 or size < 3:
        width[0] = 2
        return ((s[0] & 0x1F) << 6) | (s[1] & 0x3F)
    if s[0] < 0xF0 or size < 4:
        width[0] = 3
        return ((s[0] & 0x0F) << 12) | ((s[1] & 0x3F) << 6) | (s[2] & 0x3F)
    width[0] = 4
    return ((s[0] & 0x07) << 18) | ((s[1] & 0x3F) << 12) | ((s[2] & 0x3F) << 6) | (s[3] & 0x3F)


cdef inline Py_UCS4 last_code_point(const uint8_t* s, Py_ssize_t size) noexcept nogil:
    cdef Py_ssize_t at = size - 1, width
    while at > 0 and size - at < 4 and (s[at] & 0xC0) == 0x80:
        at -= 1
    return code_point(s + at, size - at, &width)


cdef object value_of(xmlAttr* found):
    """The value of an attribute, None without one."""
    cdef xmlNode* text
    if found == NULL:
        return None
    text = found.children
    if text == NULL:
        return ""
    if text.next == NULL and is_text(text):
        return decoded(<const char*>text.content, strlen(<const char*>text.content)) if text.content != NULL else ""
    pieces = []
    while text != NULL:
        if not is_text(text):
            raise ValueError("an attribute holds something else than text")
        if text.content != NULL:
            pieces.append(decoded(<const char*>text.content, strlen(<const char*>text.content)))
        text = text.next
    return "".join(pieces)


cdef Py_ssize_t chars_below(xmlNode* root) noexcept nogil:
    """The characters of all texts below a node."""
    cdef xmlNode* node = root.children
    cdef Py_ssize_t total = 0
    while node != NULL:
        if is_text(node):
            if node.content != NULL:
                total += count_chars(<const uint8_t*>node.content, strlen(<const char*>node.content))
        elif node.type == XML_ELEMENT_NODE and node.children != NULL:
            node = node.children
            continue
        while node.next == NULL:
            node = node.parent
            if node == NULL or node == root:
                return total
        node = node.next
    return total


cdef class JointDraft:
    """How a block is written, as far as it is known: `winnow.corpus.layout.laid_out.Joint`."""

    cdef object gap, place
    cdef Py_ssize_t blank_lines, row
    cdef str label, ending, continues
    cdef tuple code, breaks

    def __cinit__(self):
        self.row = NO_ELEMENT
        self.label = self.ending = self.continues = ""
        self.code = self.breaks = ()


cdef class PageLayout:
    """The page so far, and the paragraph that is being collected; see `winnow.corpus.layout.layout_walk`."""

    cdef object calls, unseen, openable
    cdef _Document document
    cdef xmlNode* root
    cdef bint with_hidden
    cdef str language
    cdef Py_ssize_t hidden_chars
    # tags
    cdef Tag tags_met[TAG_SLOTS]
    cdef list tags_kept
    # the paragraph
    cdef string buffer
    cdef vector[Py_ssize_t] pieces
    cdef bint is_ascii, has_text, has_marks, in_row
    cdef Py_ssize_t link_chars, bold_chars, links, inline_elements, pictures
    cdef int ended, seam
    cdef Py_ssize_t open_links, open_bold, open_code, open_verbatim
    cdef list quotes
    # elements
    cdef vector[xmlNode*] nodes, entered
    cdef vector[int] parents, first_blocks, end_blocks
    cdef vector[uint8_t] is_soft, holds_blocks
    cdef bint any_soft
    cdef list tags, paths
    cdef dict paths_below, drawn_classes
    cdef int at
    # blocks
    cdef list lines, block_paths, block_tags, link_shares, bold_shares
    cdef vector[Py_ssize_t] starts, ends
    cdef vector[int] block_elements, block_links, block_inline, block_pictures
    cdef list closed
    cdef Py_ssize_t length, max_blocks
    # joints
    cdef bint edge_hard, edge_space
    cdef Py_ssize_t edge_breaks, edge_bars
    cdef vector[int] edge_crossed
    cdef int row, row_start
    cdef str row_start_bars, label
    cdef bint keeps_bars, is_parted
    cdef vector[int] soft_blocks, soft_crossed
    cdef vector[Py_ssize_t] soft_breaks, soft_ends
    cdef vector[uint8_t] soft_space
    cdef dict joints
    cdef list tables, lists
    cdef vector[uint8_t] items

    def __cinit__(self, _Element tree not None, unseen, bint with_hidden, calls):
        cdef int slot
        self.calls, self.unseen, self.with_hidden = calls, unseen, with_hidden
        self.document, self.root = tree._doc, tree._c_node
        self.openable = calls.openable_elements(tree)
        self.language = tree.get("lang") or ""
        for slot in range(TAG_SLOTS):
            self.tags_met[slot].name = NULL
        self.tags_kept, self.quotes, self.tags, self.paths = [], [], [], []
        self.paths_below, self.drawn_classes, self.joints = {}, {}, {}
        self.lines, self.block_paths, self.block_tags = [], [], []
        self.link_shares, self.bold_shares, self.closed = [], [], []
        self.tables, self.lists = [], []
        self.is_ascii = True
        self.at = self.row = self.row_start = NO_ELEMENT
        self.row_start_bars = self.label = ""
        self.max_blocks = calls.max_blocks

    # ------------------------------------------------------------------ the walk

    cdef int walk(self) except -1:
        cdef xmlNode* node = self.root
        cdef xmlNode* following
        cdef Tag tag
        while True:
            tag = self.tag_of(node)
            if tag.flags & UNSEEN or not (self.with_hidden or self.is_shown(node) or self.opens(node)):
                self.skip(tag, node)
            elif not self.add_stand_in(tag, node):
                self.enter(tag, node)
                following = element_from(node.children)
                if following != NULL:
                    node = following
                    continue
                self.leave(tag)
            while True:
                if self.entered.size() and self.entered.back() == node:
                    self.entered.pop_back()
                if is_text(node.next):
                    self.add_nodes(node.next)
                if node == self.root:
                    return 0
                following = element_from(node.next)
                if following != NULL:
                    node = following
                    break
                node = node.parent
                self.leave(self.tag_of(node))

    cdef Tag tag_of(self, xmlNode* node) except *:
        cdef size_t slot = (<size_t>node.name >> 3) % TAG_SLOTS
        cdef Tag tag
        if node.ns == NULL and self.tags_met[slot].name == <const void*>node.name:
            return self.tags_met[slot]
        name = decoded(<const char*>node.name, strlen(<const char*>node.name))
        if node.ns != NULL and node.ns.href != NULL:
            name = "{" + decoded(<const char*>node.ns.href, strlen(<const char*>node.ns.href)) + "}" + name
        self.tags_kept.append(name)
        tag.name, tag.text, tag.flags = <const void*>node.name, <PyObject*>name, self.flags_of(name)
        if node.ns == NULL:
            self.tags_met[slot] = tag
        return tag

    cdef int flags_of(self, str tag) except -1:
        cdef int flags = 0
        calls = self.calls
        if tag in calls.inline: flags |= INLINE
        if tag in self.unseen: flags |= UNSEEN
        if tag in calls.never_seen: flags |= NEVER_SEEN
        if tag == "script": flags |= SCRIPT
        if tag == "noscript": flags |= NOSCRIPT
        if tag == "a": flags |= LINK
        if tag in calls.bold: flags |= BOLD
        if tag == "img": flags |= PICTURE
        if tag in calls.code: flags |= CODE
        if tag == "q" or tag == "rt": flags |= QUOTED
        if tag in calls.inside_words: flags |= INSIDE_WORDS
        if tag in calls.seam: flags |= SEAM
        if tag in calls.prices: flags |= PRICE
        if tag in calls.cells: flags |= CELL
        if tag == "br": flags |= BREAK
        if tag in calls.verbatim: flags |= VERBATIM
        if tag in calls.blocks: flags |= BLOCK
        if tag in calls.marked: flags |= MARKED
        if tag in calls.named: flags |= NAMED
        if tag in calls.raised: flags |= RAISED
        if tag == "table": flags |= TABLE
        if tag == "tr": flags |= ROW
        if tag == "li": flags |= ITEM
        if tag in calls.lists: flags |= LIST
        if tag == "ol": flags |= ORDERED
        return flags

    cdef _Element proxy(self, xmlNode* node):
        return elementFactory(self.document, node)

    cdef bint is_shown(self, xmlNode* node) except -1:
        cdef xmlAttr* found = node.properties
        cdef const char* style
        while found != NULL:
            if found.ns == NULL:
                if strcmp(<const char*>found.name, "hidden") == 0:
                    return False
                if strcmp(<const char*>found.name, "style") == 0:
                    style = raw_value(found)
                    if style == NULL or holds_ignoring_case(style, "none") or holds_ignoring_case(style, "hidden"):
                        if self.calls.hides(value_of(found)) is not None:
                            return False
            found = found.next
        return True

    cdef bint opens(self, xmlNode* node) except -1:
        """Whether a reader can open a hidden element; if so, it is entered."""
        cdef bint is_openable = self.openable.enter(self.proxy(node))
        if is_openable:
            self.entered.push_back(node)
        return is_openable

    cdef int skip(self, Tag tag, xmlNode* node) except -1:
        cdef xmlAttr* kind
        if tag.flags & SCRIPT:
            kind = attribute(node, "type")
            if kind != NULL and may_be_tex(raw_value(kind)):
                self.add_once(self.calls.script_tex(self.proxy(node)))
        elif not tag.flags & NEVER_SEEN or tag.flags & NOSCRIPT:
            self.hidden_chars += chars_below(node)
        return 0

    cdef bint add_stand_in(self, Tag tag, xmlNode* node) except -1:
        """Take the text that stands for an element, and say whether any does."""
        cdef bint may_be_note = tag.flags & RAISED
        cdef const char* address
        if not tag.flags & MARKED:
            if not tag.flags & NAMED or node.properties == NULL:
                return False
            if tag.flags & LINK:
                address = raw_value(attribute(node, "href"))
                may_be_note = address != NULL and memchr(address, 35, strlen(address)) != NULL
            if not (may_be_note and self.may_be_sign_or_note(node)) and not self.is_named_for_control(node):
                return False
        element = self.proxy(node)
        text = self.calls.stand_in(element, self.before() if may_be_note else "")
        if text is None:
            return False
        if may_be_note:
            elements, links = self.calls.note_counts(element)
            self.inline_elements += elements
            self.links += links
            if links and not self.open_links:
                self.link_chars += len(text)
        self.add_once(text)
        return True

    cdef bint may_be_sign_or_note(self, xmlNode* link) except -1:
        """Whether a link into the page is short enough for a sign, or has a name that a note could have."""
        cdef const char* text
        if attribute(link, "class") != NULL or attribute(link, "role") != NULL:
            return True
        if not is_text(link.children):
            return False
        text = <const char*>link.children.content
        return is_text(link.children.next) or (text != NULL and strlen(text) <= 16)

    cdef bint is_named_for_control(self, xmlNode* node) except -1:
        """Whether an element's classes may say that it is there to edit, to draw a formula or to count lines."""
        classes = value_of(attribute(node, "class"))
        if not classes:
            return False
        named = self.drawn_classes.get(classes)
        if named is None:
            named = self.drawn_classes[classes] = bool(self.calls.named_for(classes))
        return named

    # ------------------------------------------------------------------ the paragraph

    cdef int enter(self, Tag tag, xmlNode* node) except -1:
        if tag.flags & INLINE:
            self.enter_inline(tag, node)
        else:
            self.open_element(tag, node)
        if is_text(node.children):
            self.add_nodes(node.children)
        return 0

    cdef int leave(self, Tag tag) except -1:
        if tag.flags & INLINE:
            self.leave_inline(tag)
        elif not tag.flags & BREAK:
            self.close_element(tag)
        return 0

    cdef int enter_inline(self, Tag tag, xmlNode* node) except -1:
        cdef xmlAttr* alt
        self.inline_elements += 1
        if tag.flags & LINK:
            self.links += 1
            self.open_links += 1
        elif tag.flags & BOLD:
            self.open_bold += 1
        elif tag.flags & PICTURE:
            self.pictures += 1
            alt = attribute(node, "alt")
            if alt != NULL and may_be_sign(raw_value(alt), attribute(node, "class") != NULL):
                self.add_once(self.calls.picture_text(self.proxy(node)))
        elif tag.flags & CODE:
            if not self.open_code:
                self.mark(CODE_START)
            self.open_code += 1
        elif tag.flags & QUOTED:
            opening, closing = self.calls.quotation(
                self.proxy(node), self.piece(), self.language, sum([1 for mark in self.quotes if mark])
            )
            self.quotes.append(closing)
            if opening:
                self.add(opening)
        if self.ended and self.is_apart(tag, node.children):
            self.append(b" ", 1)
        if self.seam and (tag.flags & SEAM or self.seam == PRICE_TAG_SEAM or self.seam == PRICES_SEAM):
            if self.seam == PRICE_TAG_SEAM or self.seam == PRICES_SEAM or tag.flags & PRICE:
                self.seam = PRICES_SEAM
            else:
                self.seam = DAY_SEAM
        return 0

    cdef int leave_inline(self, Tag tag) except -1:
        if tag.flags & LINK:
            self.open_links -= 1
        elif tag.flags & BOLD:
            self.open_bold -= 1
        elif tag.flags & CODE:
            self.open_code -= 1
            if not self.open_code:
                self.mark(CODE_END)
        elif tag.flags & QUOTED:
            closing = self.quotes.pop()
            if closing:
                self.add(closing)
        if not tag.flags & INSIDE_WORDS and self.ended != LINK_ENDED:
            self.ended = LINK_ENDED if tag.flags & LINK else OTHER_ENDED
        if not tag.flags & SEAM:
            self.seam = NO_SEAM
        elif self.seam != PRICE_TAG_SEAM:
            self.seam = PRICE_TAG_SEAM if tag.flags & PRICE else OTHER_SEAM
        return 0

    cdef int append(self, const char* text, Py_ssize_t size) except -1:
        """Take a piece as it is."""
        self.pieces.push_back(<Py_ssize_t>self.buffer.size())
        self.buffer.append(text, size)
        return 0

    cdef int mark(self, const char* sign) except -1:
        if not self.open_verbatim:
            self.append(sign, strlen(sign))
            self.is_ascii, self.has_marks = False, True
        return 0

    cdef int add_once(self, str text) except -1:
        if text and not (text[0] == "$" and self.pieces.size() and self.piece() == text):
            self.add(text)
        return 0

    cdef int add(self, str text) except -1:
        cdef Py_ssize_t size
        cdef const char* raw = PyUnicode_AsUTF8AndSize(text, &size)
        self.pieces.push_back(<Py_ssize_t>self.buffer.size())
        self.buffer.append(raw, size)
        return self.take_piece()

    cdef int add_nodes(self, xmlNode* node) except -1:
        """Take the texts that stand here, as one."""
        cdef Py_ssize_t start = <Py_ssize_t>self.buffer.size()
        while is_text(node):
            if node.content != NULL:
                self.buffer.append(<const char*>node.content)
            node = node.next
        if <Py_ssize_t>self.buffer.size() > start:
            self.pieces.push_back(start)
            self.take_piece()
        return 0

    cdef int take_piece(self) except -1:
        """Note what the last piece says of the paragraph."""
        cdef Py_ssize_t start = self.pieces.back(), size = <Py_ssize_t>self.buffer.size() - start, at, end, chars
        cdef const uint8_t* s = <const uint8_t*>self.buffer.data() + start
        cdef int seam = self.seam
        cdef bint is_ascii = True, is_space = True
        self.ended, self.seam = NOTHING, NO_SEAM
        if seam == PRICES_SEAM or seam == DAY_SEAM or (self.in_row and memchr(s, 124, size) != NULL):
            self.rewrite_piece(seam)
            size = <Py_ssize_t>self.buffer.size() - start
            s = <const uint8_t*>self.buffer.data() + start
        for at in range(size):
            if s[at] & 0x80:
                is_ascii = False
                break
            if not OF.space[s[at]]:
                is_space = False
        if is_ascii:
            if not is_space:
                self.has_text = True
            if self.open_links or self.open_bold:
                at, end = 0, size
                while at < end and OF.space[s[at]]:
                    at += 1
                while end > at and OF.space[s[end - 1]]:
                    end -= 1
                self.count_marked(end - at)
            return 0
        self.is_ascii = False
        if self.has_text and not self.open_links and not self.open_bold:
            return 0
        text = decoded(<const char*>s, size)
        if not text.isspace():
            self.has_text = True
        if self.open_links or self.open_bold:
            self.count_marked(len(text.strip()))
        return 0

    cdef inline void count_marked(self, Py_ssize_t chars) noexcept:
        if self.open_links:
            self.link_chars += chars
        if self.open_bold:
            self.bold_chars += chars

    cdef int rewrite_piece(self, int seam) except -1:
        """Part the last piece from the one before where only style does, and take lone bars out of a row."""
        cdef Py_ssize_t size
        cdef const char* raw
        text = self.piece()
        self.buffer.resize(self.pieces.back())
        self.pieces.pop_back()
        if seam == PRICES_SEAM or seam == DAY_SEAM:
            name = self.calls.price_seam if seam == PRICES_SEAM else self.calls.day_seam
            text = self.calls.with_seam(name, self.piece(), text)
        if self.in_row and "|" in text:
            text = self.calls.without_lone_bars(text)
        raw = PyUnicode_AsUTF8AndSize(text, &size)
        return self.append(raw, size)

    cdef str piece(self):
        """The last piece, "" without one."""
        if not self.pieces.size():
            return ""
        return decoded(self.buffer.data() + self.pieces.back(), <Py_ssize_t>self.buffer.size() - self.pieces.back())

    cdef str before(self):
        """The end of the text so far."""
        cdef size_t pieces = self.pieces.size()
        cdef Py_ssize_t start
        if not pieces:
            return ""
        start = self.pieces[pieces - PIECES_BEFORE] if pieces > PIECES_BEFORE else 0
        text = decoded(self.buffer.data() + start, <Py_ssize_t>self.buffer.size() - start)
        return self.calls.end_of(text)

    cdef bint is_apart(self, Tag tag, xmlNode* node) except -1:
        """Whether an element begins a word, though no space stands before it."""
        cdef Py_UCS4 end, start = 0
        cdef Py_ssize_t size, width, chars = 0
        cdef const uint8_t* s
        if self.open_code or self.open_verbatim or not self.pieces.size():
            return False
        size = <Py_ssize_t>self.buffer.size() - self.pieces.back()
        s = <const uint8_t*>self.buffer.data() + self.pieces.back()
        if count_chars(s, size) < 2:
            return False
        end = last_code_point(s, size)
        while is_text(node) and chars < 2:
            if node.content != NULL and node.content[0]:
                size = <Py_ssize_t>strlen(<const char*>node.content)
                if not chars:
                    start = code_point(<const uint8_t*>node.content, size, &width)
                chars += count_chars(<const uint8_t*>node.content, size)
            node = node.next
        if chars < 2 or not (Py_UNICODE_ISALNUM(end) and Py_UNICODE_ISALNUM(start)):
            return False
        if (end >= 0x80 or start >= 0x80) and self.calls.has_spaceless_letters(f"{end}{start}"):
            return False
        if tag.flags & LINK or self.ended == LINK_ENDED or Py_UNICODE_ISDECIMAL(start):
            return True
        return Py_UNICODE_ISUPPER(start) and not Py_UNICODE_ISUPPER(end)

    cdef int clear(self) except -1:
        self.buffer.clear()
        self.pieces.clear()
        self.is_ascii, self.has_text, self.has_marks = True, False, False
        self.ended, self.seam = NOTHING, NO_SEAM
        self.link_chars = self.bold_chars = self.links = self.inline_elements = 0
        return 0

    # ------------------------------------------------------------------ elements that make blocks

    cdef int open_element(self, Tag tag, xmlNode* node) except -1:
        if tag.flags & CELL:
            self.open_cell(node)
        elif self.pieces.size():
            self.end_block()
        if tag.flags & BREAK:
            if self.row == NO_ELEMENT:
                self.edge_breaks += 1
            else:
                self.edge_space = True
            return 0
        self.tags.append(<object>tag.text)
        self.paths.append(None)
        self.nodes.push_back(node)
        self.parents.push_back(self.at)
        self.first_blocks.push_back(<int>self.starts.size())
        self.end_blocks.push_back(0)
        self.is_soft.push_back(0)
        self.holds_blocks.push_back(0)
        self.at = <int>self.parents.size() - 1
        if tag.flags & VERBATIM:
            self.open_verbatim += 1
        if not tag.flags & CELL:
            self.cross(self.at, tag)
        if tag.flags & PART:
            self.open_part(tag, node)
        return 0

    cdef int open_part(self, Tag tag, xmlNode* node) except -1:
        """Begin a table, a row, a list or an item."""
        if tag.flags & TABLE:
            self.tables.append(self.calls.data_table(self.proxy(node)))
        elif tag.flags & ROW:
            table = self.tables[len(self.tables) - 1] if self.tables else None
            if table is not None and self.row == NO_ELEMENT:
                table.begin_row()
                self.row, self.row_start, self.row_start_bars = self.at, NO_ELEMENT, ""
                self.keeps_bars, self.is_parted, self.in_row = table.has_heads, False, True
        elif tag.flags & ITEM:
            self.items.push_back(0)
            numbers = self.lists[len(self.lists) - 1] if self.lists else None
            if numbers is not None:
                self.label += numbers.label(self.proxy(node))
        else:
            self.lists.append(self.calls.numbering(self.proxy(node)) if tag.flags & ORDERED else None)
        return 0

    cdef int open_cell(self, xmlNode* node) except -1:
        """Begin a cell: in a table of data bars stand before it, in any other it begins a line."""
        cdef Py_ssize_t bars = -1
        table = self.tables[len(self.tables) - 1] if self.tables else None
        if table is not None and self.row != NO_ELEMENT:
            bars = table.begin_cell(self.proxy(node))
        if not self.has_text:
            if bars >= 0:
                self.edge_bars += bars
            else:
                self.edge_hard = True
        elif bars >= 0:
            text = (" |" * bars + " ").encode()
            self.append(text, len(text))
        elif self.open_verbatim:
            text = self.calls.cell_break.encode()
            self.append(text, len(text))
        else:
            self.mark(b" \xef\xb7\x92 ")
        return 0

    cdef int close_element(self, Tag tag) except -1:
        cdef int closed = self.at
        if not tag.flags & CELL and self.pieces.size():
            self.end_block()
        self.end_blocks[closed] = <int>self.starts.size()
        self.at = self.parents[closed]
        if tag.flags & VERBATIM:
            self.open_verbatim -= 1
        if tag.flags & PART:
            self.close_part(tag, closed)
        if not tag.flags & CELL:
            self.cross(closed, tag)
        if self.at != NO_ELEMENT and (not self.is_soft[closed] or self.holds_blocks[closed]):
            self.holds_blocks[self.at] = 1
        return 0

    cdef int close_part(self, Tag tag, int element) except -1:
        """End a table, a row, a list or an item."""
        if tag.flags & TABLE:
            self.tables.pop()
        elif tag.flags & ROW:
            if self.row == element:
                self.end_row()
                self.in_row = False
        elif tag.flags & ITEM:
            self.items.pop_back()
            self.label = ""
        else:
            self.lists.pop()
        return 0

    cdef object path_of(self, int element):
        cdef vector[int] unnamed
        cdef int at = element
        cdef Py_ssize_t place
        while at != NO_ELEMENT and self.paths[at] is None:
            unnamed.push_back(at)
            at = self.parents[at]
        path = (self.paths[at] or "") if at != NO_ELEMENT else ""
        for place in range(<Py_ssize_t>unnamed.size() - 1, -1, -1):
            at = unnamed[place]
            key = path, self.tags[at], value_of(attribute(self.nodes[at], "class"))
            path = self.paths_below.get(key)
            if path is None:
                path = self.paths_below[key] = self.calls.path_below(*key)
            self.paths[at] = path
        return path

    # ------------------------------------------------------------------ blocks

    cdef int end_block(self) except -1:
        """Make a block of the paragraph so far, if it has text; in ``pre``, of each of its lines."""
        cdef const uint8_t* s = <const uint8_t*>self.buffer.data()
        cdef Py_ssize_t size = <Py_ssize_t>self.buffer.size(), width, bars = 0
        cdef bint ends_with_space
        cdef tuple code = (), breaks = ()
        if not self.pieces.size():
            return 0
        ends_with_space = Py_UNICODE_ISSPACE(last_code_point(s, size))
        if self.has_text:
            if Py_UNICODE_ISSPACE(code_point(s, size, &width)):
                self.edge_space = True
            if self.has_marks:
                text = self.collapsed() if not self.open_verbatim else decoded(<const char*>s, size)
                text, code, breaks = self.calls.read_marks(text)
            else:
                text = self.plain()
            if self.row != NO_ELEMENT:
                bare = text.rstrip(" |")
                self.is_parted = self.is_parted or " |" in bare
                if bare:
                    text, bars = bare, text.count("|", len(bare))
            self.add_lines(text, code, breaks)
            self.edge_bars += bars
        if ends_with_space:
            self.edge_space = True
        return self.clear()

    cdef str plain(self):
        """The text of the paragraph without marks, as it is shown."""
        cdef const uint8_t* s = <const uint8_t*>self.buffer.data()
        cdef Py_ssize_t size = <Py_ssize_t>self.buffer.size(), at
        if self.open_verbatim:
            return self.calls.plain_text(decoded(<const char*>s, size))
        text = self.collapsed()
        if not self.is_ascii:
            return self.calls.plain_text(text)
        s = <const uint8_t*>self.buffer.data()
        for at in range(<Py_ssize_t>self.buffer.size()):
            if OF.control[s[at]]:
                return self.calls.plain_text(text)
        return text

    cdef str collapsed(self):
        """The text of the paragraph with one space for each run of white space, which is made so in the buffer, too."""
        cdef uint8_t* s = <uint8_t*>self.buffer.data()
        cdef Py_ssize_t size = <Py_ssize_t>self.buffer.size(), at = 0, to = 0, width
        cdef bint has_gap = False
        if self.is_ascii:
            for at in range(size):
                if OF.space[s[at]]:
                    has_gap = True
                else:
                    if has_gap and to:
                        s[to] = 32
                        to += 1
                    has_gap = False
                    s[to] = s[at]
                    to += 1
            self.buffer.resize(to)
            return PyUnicode_DecodeASCII(self.buffer.data(), to, NULL)
        while at < size:
            width = space_width(s + at, size - at)
            if width:
                if not has_gap:
                    s[to] = 32
                    to += 1
                has_gap = True
                at += width
            else:
                has_gap = False
                s[to] = s[at]
                to += 1
                at += 1
        self.buffer.resize(to)
        return decoded(self.buffer.data(), to).strip()

    cdef int add_lines(self, str text, tuple code, tuple breaks) except -1:
        """Make a block of each line of a paragraph; blank ones between them are written before the next."""
        cdef Py_ssize_t blank_lines = 0, chars = PyUnicode_GET_LENGTH(text)
        cdef bint has_line = False, is_first = True
        if "\n" not in text:
            bare = text.rstrip()
            if bare:
                self.add_block(bare, chars, code, breaks, 0)
            return 0
        for line in text.split("\n"):
            if not is_first:
                self.edge_hard = True
            is_first = False
            bare = line.rstrip()
            if bare:
                self.add_block(bare, chars, code, breaks, blank_lines)
                blank_lines, has_line = 0, True
            else:
                blank_lines += has_line
        return 0

    cdef int add_block(
        self, str line, Py_ssize_t chars, tuple code, tuple breaks, Py_ssize_t blank_lines
    ) except -1:
        cdef Py_ssize_t end = self.length + PyUnicode_GET_LENGTH(line) + 1
        cdef int block = <int>self.starts.size()
        if block == self.max_blocks:
            self.lines[block - 1] = f"{self.lines[block - 1]} {line}"
            self.ends[block - 1] = self.length = end
            return 0
        self.join(block, line, code, breaks, blank_lines)
        self.starts.push_back(self.length)
        self.ends.push_back(end)
        self.block_elements.push_back(self.at)
        self.block_paths.append(self.path_of(self.at) if self.at != NO_ELEMENT else "")
        self.block_tags.append(self.tags[self.at] if self.at != NO_ELEMENT else "")
        self.link_shares.append(
            round(min(1.0, self.link_chars / <double>chars), 3) if self.link_chars else 0.0
        )
        self.bold_shares.append(min(1.0, self.bold_chars / <double>chars) if self.bold_chars else 0.0)
        self.block_links.push_back(<int>self.links)
        self.block_inline.push_back(<int>self.inline_elements)
        self.block_pictures.push_back(<int>self.pictures)
        self.closed.append(self.entered.size() > 0)
        self.pictures = 0
        self.lines.append(line)
        self.length = end
        return 0

    # ------------------------------------------------------------------ joints

    cdef int cross(self, int element, Tag tag) except -1:
        """Note that an element begins or ends."""
        if not tag.flags & BLOCK:
            self.edge_crossed.push_back(element)
            self.is_soft[element] = 1
            self.any_soft = True
        elif self.row == NO_ELEMENT:
            self.edge_hard = True
        else:
            self.edge_space = True
        return 0

    cdef int join(self, int block, str line, tuple code, tuple breaks, Py_ssize_t blank_lines) except -1:
        """Note what is known of a block, and what lies before it."""
        cdef JointDraft joint = None
        cdef size_t place
        cdef bint is_verbatim = self.open_verbatim > 0
        if code or breaks or blank_lines:
            joint = JointDraft()
            joint.code, joint.breaks, joint.blank_lines = code, breaks, blank_lines
        if self.label and self.calls.own_number(line) is not None:
            self.label = ""
        if self.items.size():
            if self.items.back():
                joint = joint or JointDraft()
                joint.continues = "item"
            self.items[self.items.size() - 1] = 1
        if is_verbatim and not blank_lines and self.edge_breaks > 1:
            joint = joint or JointDraft()
            joint.blank_lines = self.edge_breaks - 1
        if self.label and not is_verbatim:
            joint = joint or JointDraft()
            joint.label = self.label
        self.label = ""
        if self.row != NO_ELEMENT:
            joint = joint or JointDraft()
            joint.row = self.row
            self.join_row(block, joint)
        elif not self.edge_hard and block:
            self.soft_blocks.push_back(block)
            self.soft_space.push_back(self.edge_space)
            self.soft_breaks.push_back(self.edge_breaks)
            for place in range(self.edge_crossed.size()):
                self.soft_crossed.push_back(self.edge_crossed[place])
            self.soft_ends.push_back(<Py_ssize_t>self.soft_crossed.size())
        if joint is not None:
            self.joints[block] = joint
        self.edge_hard = self.edge_space = False
        self.edge_breaks = self.edge_bars = 0
        self.edge_crossed.clear()
        return 0

    cdef int join_row(self, int block, JointDraft joint) except -1:
        """The first block of a row begins a line, the others go on."""
        bars = " |" * self.edge_bars
        joint.continues = ""
        if self.row_start == NO_ELEMENT:
            self.row_start, self.row_start_bars = block, f"{bars[1:]} " if bars else ""
            joint.label = f"{self.row_start_bars}{joint.label}"
        else:
            self.is_parted = self.is_parted or self.edge_bars > 0
            joint.gap = f"{bars} " if bars or self.edge_space or self.edge_hard else ""
        return 0

    cdef int end_row(self) except -1:
        """End the row of data that is open; cells behind its last text are empty."""
        cdef JointDraft joint
        if self.row_start != NO_ELEMENT and not (self.is_parted or self.keeps_bars):
            joint = self.draft(self.row_start)
            joint.label = joint.label.removeprefix(self.row_start_bars)
        elif self.row_start != NO_ELEMENT and self.edge_bars:
            joint = self.draft(<int>self.starts.size() - 1)
            joint.ending = " |" * self.edge_bars
        self.edge_bars, self.row, self.edge_hard = 0, NO_ELEMENT, True
        return 0

    cdef JointDraft draft(self, int block):
        joint = self.joints.get(block)
        if joint is None:
            joint = self.joints[block] = JointDraft()
        return joint

    cdef int settle_joints(self) except -1:
        """Settle which blocks go on the line before, now that all elements are known."""
        cdef vector[int] line_of
        cdef vector[uint8_t] with_text
        cdef size_t elements = self.parents.size(), element, edge
        cdef Py_ssize_t at, place
        cdef int parent
        cdef bint is_joined
        cdef JointDraft joint
        line_of.resize(elements, NO_ELEMENT)
        if self.any_soft:
            with_text.resize(elements, 0)
            for element in range(self.block_elements.size()):
                if self.block_elements[element] != NO_ELEMENT:
                    with_text[self.block_elements[element]] = 1
            for element in range(elements):
                parent = self.parents[element]
                if not self.is_soft[element] or self.holds_blocks[element] or parent == NO_ELEMENT:
                    continue
                if line_of[parent] != NO_ELEMENT:
                    line_of[element] = line_of[parent]
                elif with_text[parent] or self.tags[parent] in self.calls.line_tags:
                    line_of[element] = parent
        at = 0
        for edge in range(self.soft_blocks.size()):
            is_joined = True
            for place in range(at, self.soft_ends[edge]):
                is_joined = is_joined and line_of[self.soft_crossed[place]] != NO_ELEMENT
            at = self.soft_ends[edge]
            if is_joined and not self.soft_breaks[edge]:
                joint = self.draft(self.soft_blocks[edge])
                joint.gap, joint.continues = " " if self.soft_space[edge] else "", ""
            elif is_joined and self.soft_breaks[edge] == 1:
                joint = self.draft(self.soft_blocks[edge])
                joint.continues = "line"
        places = {}
        if self.any_soft:
            for element in range(self.block_elements.size()):
                parent = self.block_elements[element]
                if parent != NO_ELEMENT and line_of[parent] != NO_ELEMENT:
                    places[element] = line_of[parent]
        for block, draft in self.joints.items():
            joint = draft
            if joint.row != NO_ELEMENT:
                places[block] = joint.row
        for block, parent in places.items():
            joint = self.draft(block)
            joint.place = self.path_of(parent), self.tags[parent]
        return 0

    cdef object joint_of(self, JointDraft draft):
        return self.calls.joint(
            draft.gap, draft.blank_lines, draft.label, draft.ending, draft.continues, draft.row, draft.place,
            draft.code, draft.breaks,
        )

    # ------------------------------------------------------------------ the page

    cdef object page(self):
        cdef size_t element
        cdef list names = []
        self.end_block()
        for element in range(self.nodes.size()):
            if self.first_blocks[element] < self.end_blocks[element]:
                names.append(names_of(self.nodes[element], self.calls.nameless))
            else:
                names.append(self.calls.nameless)
        self.settle_joints()
        elements = self.calls.elements(
            self.tags, names, list(self.parents), list(self.first_blocks), list(self.end_blocks)
        )
        runs = self.calls.runs(
            list(self.block_elements), self.bold_shares, list(self.block_links), list(self.block_inline),
            list(self.block_pictures), self.closed,
        )
        blocks = tuple(
            map(self.calls.block, self.starts, self.ends, self.block_paths, self.block_tags, self.link_shares)
        )
        joints = {block: self.joint_of(draft) for block, draft in self.joints.items()}
        if self.lines:
            self.lines.append("")
        return self.calls.page("\n".join(self.lines), blocks, runs, elements, self.hidden_chars, joints)


cdef inline Py_ssize_t space_width(const uint8_t* s, Py_ssize_t size) noexcept nogil:
    """How many bytes the white space takes that HTML shows as one space, 0 for any other character."""
    if s[0] == 32 or 9 <= s[0] <= 13:
        return 1
    if s[0] == 0xC2 and size > 1 and s[1] == 0x85:
        return 2
    if s[0] == 0xE2 and size > 2 and s[1] == 0x80 and (s[2] == 0xA8 or s[2] == 0xA9):
        return 3
    return 0


cdef bint may_be_tex(const char* kind) noexcept nogil:
    """Whether a script's type may be that of a formula; of those that begin so, the frequent others are none."""
    if kind == NULL:
        return True
    if (kind[0] | 0x20) == c"m":
        return True
    return (kind[0] | 0x20) == c"a" and (kind[1] | 0x20) == c"p" and holds_ignoring_case(kind, "x-tex")


cdef bint may_be_sign(const char* alt, bint has_class) noexcept nogil:
    """Whether a picture's text may be an emoji or a formula: not where it is ASCII, of more than a sign, and no TeX."""
    cdef Py_ssize_t at = 0, signs = 0
    if alt == NULL:
        return True
    while alt[at]:
        if <uint8_t>alt[at] >= 0x80:
            return True
        if alt[at] in (c"\\", c"^", c"_", c"{", c"}", c"=", c"+"):
            return True
        signs += not OF.space[<uint8_t>alt[at]]
        at += 1
    return signs == 1 or (has_class and at <= 30)


cdef tuple names_of(xmlNode* node, tuple nameless):
    """The values of `winnow.corpus.layout.laid_out.NAMING`, in that order."""
    cdef xmlAttr* found = node.properties
    cdef const char* name
    cdef object classes = None, identifier = None, role = None, prop = None, kind = None, label = None, test = None
    cdef bint any_name = False
    while found != NULL:
        if found.ns == NULL:
            name = <const char*>found.name
            if name[0] == c"c":
                if classes is None and strcmp(name, "class") == 0:
                    classes, any_name = value_of(found), True
            elif name[0] == c"i":
                if identifier is None and strcmp(name, "id") == 0:
                    identifier, any_name = value_of(found), True
                elif prop is None and strcmp(name, "itemprop") == 0:
                    prop, any_name = value_of(found), True
                elif kind is None and strcmp(name, "itemtype") == 0:
                    kind, any_name = value_of(found), True
            elif name[0] == c"r":
                if role is None and strcmp(name, "role") == 0:
                    role, any_name = value_of(found), True
            elif name[0] == c"a":
                if label is None and strcmp(name, "aria-label") == 0:
                    label, any_name = value_of(found), True
            elif name[0] == c"d":
                if test is None and strcmp(name, "data-testid") == 0:
                    test, any_name = value_of(found), True
        found = found.next
    return (classes, identifier, role, prop, kind, label, test) if any_name else nameless


def laid_out(_Element tree not None, unseen, *, bint with_hidden, calls):
    """See `winnow.corpus.layout.layout_walk.laid_out`; ``calls`` are what it asks Python for."""
    cdef PageLayout layout = PageLayout(tree, unseen, with_hidden, calls)
    layout.walk()
    return layout.page()
