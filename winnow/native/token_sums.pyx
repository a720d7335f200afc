"""Weights of tokens summed without making the tokens: of a block's words, of an element's names, of a line's words."""

from cpython.unicode cimport PyUnicode_GET_LENGTH
from libc.math cimport log1p
from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.string cimport memcmp, memset
from libcpp.string cimport string
from libcpp.vector cimport vector

import numpy as np

cdef extern from "Python.h":
    bint PyUnicode_IS_ASCII(object)
    int PyUnicode_KIND(object)
    void* PyUnicode_DATA(object)
    Py_UCS4 PyUnicode_READ(int, void*, Py_ssize_t) nogil
    const char* PyUnicode_AsUTF8AndSize(object, Py_ssize_t*) except NULL

cdef enum:  # as `winnow.models.blocks.block_tokens` and `block_facts` have them
    START_WORDS = 8
    END_WORDS = 3
    PAIRS = 4
    WHOLE_WORDS = 6
    TITLE_WORDS = 40
    ELEMENT_NAMES = 24
    NAME_CHARS = 40
    NAME_PARTS = 8
    ROLES = 3
    FACTS = 9
    HEAD_WORDS = 12  # as `winnow.models.lines.line_tokens` has these
    TAIL_WORDS = 4
    SHORT_LINE_WORDS = 4
    SHAPE_WORDS = 6
    PREFIX_CHARS = 5
    IDEOGRAPH_CHARS = 16
    MOST_TOKENS = 1024  # a power of two, over twice those of a line


cdef struct Slot:
    uint64_t hash  # 0 where there is none
    size_t start
    size_t size
    size_t number


cdef inline uint64_t hashed(const char* key, size_t size) noexcept nogil:
    """FNV-1a, never 0."""
    cdef uint64_t value = <uint64_t>0xCBF29CE484222325ULL
    cdef size_t at
    for at in range(size):
        value = (value ^ <uint8_t>key[at]) * <uint64_t>0x100000001B3ULL
    return (value ^ (value >> 32)) | 1


cdef class TokenTable:
    """The numbers of some texts, in their order, looked up by their UTF-8; at most half of the slots are taken."""

    cdef vector[Slot] slots
    cdef string keys
    cdef uint64_t mask

    def __cinit__(self, texts):
        cdef uint64_t size = 16, place
        cdef Slot slot
        cdef Py_ssize_t chars
        cdef const char* raw
        texts = list(texts)
        while size < 2 * <uint64_t>len(texts):
            size *= 2
        self.mask = size - 1
        slot.hash = slot.start = slot.size = slot.number = 0
        self.slots.assign(size, slot)
        for number, text in enumerate(texts):
            raw = PyUnicode_AsUTF8AndSize(text, &chars)
            slot.hash, slot.number = hashed(raw, chars), number
            slot.start, slot.size = self.keys.size(), chars
            self.keys.append(raw, chars)
            place = slot.hash & self.mask
            while self.slots[place].hash:
                place = (place + 1) & self.mask
            self.slots[place] = slot

    cdef inline Py_ssize_t find(self, const char* key, size_t size) noexcept nogil:
        """The number of a text, -1 for one that is not in the table."""
        cdef uint64_t value = hashed(key, size), place = value & self.mask
        cdef const Slot* slot
        while True:
            slot = &self.slots[place]
            if not slot.hash:
                return -1
            if slot.hash == value and slot.size == size and memcmp(self.keys.data() + slot.start, key, size) == 0:
                return <Py_ssize_t>slot.number
            place = (place + 1) & self.mask


cdef class WordWeights:
    """The weights of words by the kinds of their tokens: at the start, at the end, pairs, whole."""

    cdef TokenTable first, last, pairs, whole
    cdef vector[double] first_weights, last_weights, pair_weights, whole_weights

    def __cinit__(self, words):
        first, last, pairs, whole = words.values()
        self.first, self.first_weights = TokenTable(first), list(first.values())
        self.last, self.last_weights = TokenTable(last), list(last.values())
        self.pairs, self.pair_weights = TokenTable(pairs), list(pairs.values())
        self.whole, self.whole_weights = TokenTable(whole), list(whole.values())


cdef class NameWeights:
    """The weights of the tokens of names, three of each: one for each role of an element."""

    cdef TokenTable tokens
    cdef vector[double] weights

    def __cinit__(self, names):
        self.tokens = TokenTable(names)
        for of_roles in names.values():
            for weight in of_roles:
                self.weights.push_back(weight)


cdef struct Word:
    size_t start
    size_t size


cdef class TextReader:
    """The words of one text after the other, in lower case, end to end in a buffer."""

    cdef string letters, token
    cdef vector[Word] words
    cdef object words_of

    def __cinit__(self, words_of):
        self.words_of = words_of

    cdef int read(self, str text) except -1:
        cdef const uint8_t* s
        cdef Py_ssize_t size = PyUnicode_GET_LENGTH(text), at, chars
        cdef const char* raw
        cdef uint8_t code
        cdef bint in_word = False
        cdef Word word
        self.letters.clear()
        self.words.clear()
        if not PyUnicode_IS_ASCII(text):
            for each in self.words_of(text):
                raw = PyUnicode_AsUTF8AndSize(each, &chars)
                word.start, word.size = self.letters.size(), chars
                self.letters.append(raw, chars)
                self.words.push_back(word)
            return 0
        s = <const uint8_t*>PyUnicode_DATA(text)
        for at in range(size):
            code = s[at]
            if 65 <= code <= 90:
                code += 32
            if 97 <= code <= 122 or 48 <= code <= 57 or code == 95:
                if not in_word:
                    word.start = self.letters.size()
                    in_word = True
                self.letters.push_back(<char>code)
            elif in_word:
                word.size = self.letters.size() - word.start
                self.words.push_back(word)
                in_word = False
        if in_word:
            word.size = self.letters.size() - word.start
            self.words.push_back(word)
        return 0

    cdef bint is_number(self, Word word) except -1:
        """Whether a word is digits and nothing else."""
        cdef size_t at
        cdef uint8_t code
        for at in range(word.start, word.start + word.size):
            code = <uint8_t>self.letters[at]
            if code >= 128:
                return (<bytes>self.letters.substr(word.start, word.size)).decode().isdigit()
            if not 48 <= code <= 57:
                return False
        return True

    cdef double score(self, WordWeights weights) except *:
        """The sum of the weights of the words' tokens, in their order."""
        cdef double total = 0
        cdef Py_ssize_t count = <Py_ssize_t>self.words.size(), at, number
        cdef Word word
        for at in range(min(count, START_WORDS)):
            word = self.words[at]
            number = weights.first.find(self.letters.data() + word.start, word.size)
            if number >= 0:
                total += weights.first_weights[number]
        if count > START_WORDS:
            for at in range(count - END_WORDS, count):
                word = self.words[at]
                number = weights.last.find(self.letters.data() + word.start, word.size)
                if number >= 0:
                    total += weights.last_weights[number]
        for at in range(min(count, PAIRS + 1) - 1):
            self.token.clear()
            self.append_word(self.words[at])
            self.token.push_back(b" ")
            self.append_word(self.words[at + 1])
            number = weights.pairs.find(self.token.data(), self.token.size())
            if number >= 0:
                total += weights.pair_weights[number]
        if count <= WHOLE_WORDS:
            self.token.clear()
            for at in range(count):
                if at:
                    self.token.push_back(b" ")
                if self.is_number(self.words[at]):
                    self.token.push_back(b"0")
                else:
                    self.append_word(self.words[at])
            number = weights.whole.find(self.token.data(), self.token.size())
            if number >= 0:
                total += weights.whole_weights[number]
        return total

    cdef inline void append_word(self, Word word) noexcept:
        self.token.append(self.letters.data() + word.start, word.size)

    cdef Py_ssize_t common_words(self, TokenTable title, vector[uint8_t]& met) except -1:
        """How many of the title's words the text has."""
        cdef size_t at
        cdef Py_ssize_t number, common = 0
        for at in range(met.size()):
            met[at] = 0
        for at in range(self.words.size()):
            number = title.find(self.letters.data() + self.words[at].start, self.words[at].size)
            if number >= 0 and not met[number]:
                met[number] = 1
                common += 1
        return common


cdef Py_ssize_t pauses_in(str text, str signs) except -1:
    """How many full stops and commas with a space behind them a text has, and how many of some signs."""
    cdef int kind = PyUnicode_KIND(text)
    cdef void* data = PyUnicode_DATA(text)
    cdef Py_ssize_t size = PyUnicode_GET_LENGTH(text), at, pauses = 0
    cdef Py_UCS4 code
    for at in range(size):
        code = PyUnicode_READ(kind, data, at)
        if code == 46 or code == 44:
            pauses += at + 1 < size and PyUnicode_READ(kind, data, at + 1) == 32
        elif code >= 0x60C and code in signs:
            pauses += 1
    return pauses


def facts_of_texts(texts, title, weights, *, calls):
    """See `winnow.models.blocks.block_facts.facts_of_texts`."""
    cdef Py_ssize_t count = len(texts), at, same, words, common
    cdef str text, endings = calls.endings, signs = calls.pause_signs
    cdef WordWeights of_words = weights.tables.get("words")
    cdef TokenTable title_words = TokenTable(title)
    cdef Py_ssize_t title_size = len(title)
    cdef vector[uint8_t] met
    cdef TextReader reader = TextReader(calls.words_of)
    cdef vector[Py_ssize_t] first, copies
    cdef dict known = {}
    if of_words is None:
        of_words = weights.tables["words"] = WordWeights(weights.words)
    met.resize(title_size)
    first.resize(count)
    copies.resize(count)
    facts = np.empty((count, FACTS))
    cdef double[:, ::1] out = facts
    for at in range(count):
        text = texts[at]
        same = known.setdefault(text, at)
        first[at] = same
        copies[same] += 1
        if same != at:
            continue
        reader.read(text)
        words = <Py_ssize_t>reader.words.size()
        out[at, 0] = words
        out[at, 1] = log1p(<double>PyUnicode_GET_LENGTH(text))
        out[at, 2] = reader.score(of_words)
        out[at, 3] = pauses_in(text, signs)
        out[at, 4] = PyUnicode_GET_LENGTH(text) > 0 and text[PyUnicode_GET_LENGTH(text) - 1] in endings
        out[at, 7] = out[at, 8] = 0
        if 0 < words < TITLE_WORDS and title_size:
            common = reader.common_words(title_words, met)
            out[at, 7] = common / <double>title_size
            out[at, 8] = common / <double>words
    for at in range(count):
        same = first[at]
        if same != at:
            out[at, 0], out[at, 1], out[at, 2], out[at, 3] = out[same, 0], out[same, 1], out[same, 2], out[same, 3]
            out[at, 4], out[at, 7], out[at, 8] = out[same, 4], out[same, 7], out[same, 8]
        out[at, 5] = copies[same]
        out[at, 6] = at - same
    return facts


cdef class NameReader:
    """The tokens of the names of one element after the other, by their numbers; each once, in their order."""

    cdef NameWeights weights
    cdef list marks
    cdef vector[size_t] numbers
    cdef string plain, token
    cdef vector[Word] parts

    def __cinit__(self, NameWeights weights not None, marks):
        self.weights, self.marks = weights, [mark.encode() for mark in marks]

    cdef bint read(self, str tag, tuple names) except -1:
        """Whether an element has ASCII names alone; then its tokens are read."""
        cdef Py_ssize_t place
        cdef const uint8_t* s
        cdef Py_ssize_t size, at, end, count
        self.numbers.clear()
        if not PyUnicode_IS_ASCII(tag):
            return False
        self.token.assign(b"<")
        self.token.append(<const char*>PyUnicode_DATA(tag), PyUnicode_GET_LENGTH(tag))
        self.note_token()
        for place in range(min(len(names), len(self.marks))):
            value = names[place]
            if not value:
                continue
            if not PyUnicode_IS_ASCII(value):
                return False
            s, size = <const uint8_t*>PyUnicode_DATA(value), PyUnicode_GET_LENGTH(value)
            at = count = 0
            while at < size and count < ELEMENT_NAMES:
                if s[at] == 32 or 9 <= s[at] <= 13 or 28 <= s[at] <= 31:
                    at += 1
                    continue
                end = at
                while end < size and not (s[end] == 32 or 9 <= s[end] <= 13 or 28 <= s[end] <= 31):
                    end += 1
                count += 1
                self.read_name(self.marks[place], s + at, min(end - at, 2 * NAME_CHARS))
                at = end
        return True

    cdef int read_name(self, bytes mark, const uint8_t* s, Py_ssize_t size) except -1:
        """Read a name without its digits, and the words in it."""
        cdef Py_ssize_t at, chars = 0
        cdef uint8_t code
        cdef bint in_number = False, in_word = False
        cdef Word part
        cdef size_t number
        self.plain.clear()
        self.parts.clear()
        for at in range(size):
            code = s[at]
            if 65 <= code <= 90:
                if at and 97 <= s[at - 1] <= 122:
                    self.plain.push_back(b"-")
                code += 32
            self.plain.push_back(<char>code)
        self.token.assign(mark)
        for at in range(<Py_ssize_t>self.plain.size()):
            code = <uint8_t>self.plain[at]
            if 97 <= code <= 122:
                if not in_word:
                    part.start, in_word = at, True
            elif in_word:
                part.size, in_word = at - part.start, False
                self.parts.push_back(part)
            if 48 <= code <= 57:
                if in_number:
                    continue
                in_number, code = True, 48
            else:
                in_number = False
            if chars < NAME_CHARS:
                self.token.push_back(<char>code)
                chars += 1
        if in_word:
            part.size = self.plain.size() - part.start
            self.parts.push_back(part)
        self.note_token()
        if self.parts.size() >= NAME_PARTS:
            return 0
        for number in range(self.parts.size()):
            part = self.parts[number]
            if part.size > 1:
                self.token.assign(b".")
                self.token.append(self.plain.data() + part.start, part.size)
                self.note_token()
        return 0

    cdef inline void note_token(self) noexcept:
        cdef Py_ssize_t number = self.weights.tokens.find(self.token.data(), self.token.size())
        cdef size_t at
        if number < 0:
            return
        for at in range(self.numbers.size()):
            if self.numbers[at] == <size_t>number:
                return
        self.numbers.push_back(<size_t>number)


def name_scores(tags, names, weights, *, calls):
    """See `winnow.models.blocks.page_measures.name_scores`."""
    cdef Py_ssize_t count = len(tags), at, same, role
    cdef size_t number
    cdef NameWeights of_names = weights.tables.get("names")
    cdef NameReader reader
    cdef double total
    cdef dict known = {}
    if of_names is None:
        of_names = weights.tables["names"] = NameWeights(weights.names)
    reader = NameReader(of_names, calls.marks)
    scores = np.zeros((ROLES, count + 1))
    cdef double[:, ::1] out = scores
    for at in range(count):
        same = known.setdefault((tags[at], names[at]), at)
        if same != at:
            for role in range(ROLES):
                out[role, at] = out[role, same]
        elif reader.read(tags[at], names[at]):
            for role in range(ROLES):
                total = 0
                for number in range(reader.numbers.size()):
                    total += of_names.weights[ROLES * reader.numbers[number] + role]
                out[role, at] = total
        else:
            out[0, at], out[1, at], out[2, at] = calls.element_scores(weights, tags[at], names[at])
    return scores


cdef class ColumnWeights:
    """The weights of tokens in some columns."""

    cdef TokenTable tokens
    cdef double[:, ::1] weights

    def __cinit__(self, tokens, weights):
        self.tokens, self.weights = TokenTable(tokens), np.array(weights)


cdef struct LineWord:
    size_t start  # of its letters
    size_t size
    bint is_wide  # its tokens are pairs of letters


cdef class LineReader:
    """The tokens of one line after the other, each once."""

    cdef string letters, shapes, token, tokens
    cdef vector[LineWord] words
    cdef vector[Word] kept  # tokens
    cdef vector[uint64_t] hashes  # of them
    cdef uint32_t[MOST_TOKENS] slots  # one more than the place of a token in `kept`
    cdef vector[Py_ssize_t] numbers  # of those that have weights
    cdef ColumnWeights weights
    cdef object facts
    cdef dict ends

    def __cinit__(self, ColumnWeights weights not None, facts, dict ends):
        self.weights, self.facts, self.ends = weights, facts, ends
        memset(self.slots, 0, sizeof(self.slots))

    cdef int read(self, tuple runs, str text) except -1:
        """Read the tokens of a line of some words."""
        cdef Py_ssize_t count = len(runs), at, tail = max(<Py_ssize_t>HEAD_WORDS, count - TAIL_WORDS)
        self.forget()
        for at in range(count):
            if at < HEAD_WORDS or at >= tail:
                self.read_word(runs[at], with_shape=count <= SHAPE_WORDS)
        for at in range(<Py_ssize_t>self.words.size() - 1):
            self.start_word(self.words[at])
            self.token.push_back(b" ")
            self.append_word(self.words[at + 1])
            self.note()
        for at in range(<Py_ssize_t>self.words.size()):
            self.note_word(self.words[at])
        self.note_ends(count, text)
        return 0

    cdef void forget(self) noexcept:
        cdef size_t at
        cdef uint64_t place
        for at in range(self.hashes.size()):
            place = self.hashes[at] & (MOST_TOKENS - 1)
            while self.slots[place]:
                self.slots[place] = 0
                place = (place + 1) & (MOST_TOKENS - 1)
        self.letters.clear()
        self.shapes.clear()
        self.tokens.clear()
        self.words.clear()
        self.kept.clear()
        self.hashes.clear()
        self.numbers.clear()

    cdef int read_word(self, str word, bint with_shape) except -1:
        """Add a word without case, its numbers as 00, and its shape."""
        cdef LineWord read
        cdef bytes plain, shape
        read.start, read.is_wide = self.letters.size(), False
        if with_shape and self.shapes.size():
            self.shapes.push_back(b" ")
        if PyUnicode_IS_ASCII(word):
            self.read_ascii(<const uint8_t*>PyUnicode_DATA(word), PyUnicode_GET_LENGTH(word), with_shape)
        else:
            plain, is_wide, shape = self.facts[word]
            read.is_wide = is_wide
            self.letters.append(<const char*>plain, len(plain))
            if with_shape:
                self.shapes.append(<const char*>shape, len(shape))
        read.size = self.letters.size() - read.start
        self.words.push_back(read)
        return 0

    cdef void read_ascii(self, const uint8_t* s, Py_ssize_t size, bint with_shape) noexcept:
        cdef Py_ssize_t at
        cdef uint8_t code
        cdef bint in_number = False, has_upper = False, has_lower = False
        for at in range(min(size, 2 * IDEOGRAPH_CHARS)):
            code = s[at]
            if 48 <= code <= 57:
                if not in_number:
                    self.letters.append(b"00", 2)
                in_number = True
                continue
            in_number = False
            self.letters.push_back(<char>(code + 32 if 65 <= code <= 90 else code))
        if not with_shape:
            return
        if 48 <= s[0] <= 57:
            self.shapes.append(b"00", 2)
            return
        for at in range(size):
            has_upper = has_upper or 65 <= s[at] <= 90
            has_lower = has_lower or 97 <= s[at] <= 122
        if has_upper and not has_lower:
            self.shapes.append(b"AA", 1 if size == 1 else 2)
        elif 65 <= s[0] <= 90:
            self.shapes.append(b"Aa", 2)
        else:
            self.shapes.append(b"aa", 2)

    cdef void note_word(self, LineWord word) noexcept:
        """Note a word and its beginning, or the pairs of its letters."""
        cdef const char* s = self.letters.data() + word.start
        cdef size_t first = 0, second, end, letters = 0
        if not word.is_wide:
            self.start_word(word)
            self.note()
            end = first
            while end < word.size and letters < PREFIX_CHARS:
                end = after_letter(s, end, word.size)
                letters += 1
            if end < word.size:
                self.token.assign(s, end)
                self.token.push_back(b"~")
                self.note()
            return
        second = after_letter(s, 0, word.size)
        while second < word.size and letters < IDEOGRAPH_CHARS - 1:
            end = after_letter(s, second, word.size)
            self.token.assign(s + first, end - first)
            self.note()
            first, second = second, end
            letters += 1

    cdef int note_ends(self, Py_ssize_t count, str text) except -1:
        """Note the first and last word, a short line as a whole and by its shape, and its last character."""
        cdef size_t at
        cdef bytes end
        if self.words.size():
            self.token.assign(b"^")
            self.append_word(self.words[0])
            self.note()
            self.token.assign(b"$")
            self.append_word(self.words[self.words.size() - 1])
            self.note()
        if count <= SHORT_LINE_WORDS:
            self.token.assign(b"=")
            for at in range(self.words.size()):
                if at:
                    self.token.push_back(b" ")
                self.append_word(self.words[at])
            self.note()
        if count <= SHAPE_WORDS:
            self.token.assign(b"\xc2\xa7")  # the sign of a section
            self.token.append(self.shapes)
            self.note()
        if text:
            end = self.ends.get(text[PyUnicode_GET_LENGTH(text) - 1])
            if end is not None:
                self.token.assign(<const char*>end, len(end))
                self.note()
        return 0

    cdef inline void start_word(self, LineWord word) noexcept:
        self.token.assign(self.letters.data() + word.start, word.size)

    cdef inline void append_word(self, LineWord word) noexcept:
        self.token.append(self.letters.data() + word.start, word.size)

    cdef void note(self) noexcept:
        """Note the token if the line has not had it yet."""
        cdef uint64_t value = hashed(self.token.data(), self.token.size()), place = value & (MOST_TOKENS - 1)
        cdef Word kept
        cdef size_t other
        cdef Py_ssize_t number
        while self.slots[place]:
            other = self.slots[place] - 1
            kept = self.kept[other]
            if (self.hashes[other] == value and kept.size == self.token.size()
                    and memcmp(self.tokens.data() + kept.start, self.token.data(), kept.size) == 0):
                return
            place = (place + 1) & (MOST_TOKENS - 1)
        kept.start, kept.size = self.tokens.size(), self.token.size()
        self.tokens.append(self.token)
        self.kept.push_back(kept)
        self.hashes.push_back(value)
        self.slots[place] = <uint32_t>self.kept.size()
        number = self.weights.tokens.find(self.token.data(), self.token.size())
        if number >= 0:
            self.numbers.push_back(number)


cdef inline size_t after_letter(const char* s, size_t at, size_t size) noexcept nogil:
    """The place behind a character of UTF-8."""
    at += 1
    while at < size and (<uint8_t>s[at] & 0xC0) == 0x80:
        at += 1
    return at


def line_sums(lines, columns, *, calls):
    """See `winnow.models.lines.token_columns.line_sums`."""
    cdef ColumnWeights weights = columns.tables.get("native")
    cdef LineReader reader
    cdef Py_ssize_t row = 0, count = len(lines), column, width
    cdef size_t at
    cdef Py_ssize_t number
    if weights is None:
        weights = columns.tables["native"] = ColumnWeights(columns.tokens, columns.weights)
    reader = LineReader(weights, calls.facts, calls.ends)
    width = weights.weights.shape[1]
    sums = np.zeros((count, 1 + width))
    cdef double[:, ::1] out = sums
    for line in lines:
        reader.read(line.runs, line.text)
        out[row, 0] = <double>reader.kept.size()
        for at in range(reader.numbers.size()):
            number = reader.numbers[at]
            for column in range(width):
                out[row, 1 + column] += weights.weights[number, column]
        row += 1
    return sums
