"""One look through a text: whether there is anything to mend, to take out or to bound. What is, is left to Python."""

from cpython.unicode cimport PyUnicode_GET_LENGTH, PyUnicode_Substring
from libc.stdint cimport int32_t, uint8_t, uint16_t, uint32_t
from libcpp.vector cimport vector

cdef extern from "Python.h":
    bint PyUnicode_IS_ASCII(object)
    int PyUnicode_KIND(object)
    void* PyUnicode_DATA(object)
    int Py_UNICODE_ISSPACE(Py_UCS4) nogil
    int Py_UNICODE_ISALNUM(Py_UCS4) nogil
    Py_UCS4 PyUnicode_READ(int, void*, Py_ssize_t) nogil
    object PyUnicode_FromKindAndData(int, const void*, Py_ssize_t)

ctypedef fused Unit:
    uint8_t
    uint16_t
    uint32_t

cdef struct Span:
    Py_ssize_t start
    Py_ssize_t end


cdef inline bint is_control(uint32_t code) noexcept nogil:
    """Whether `winnow.corpus.normal_form.without_controls` changes a character, alone or with those behind it."""
    if code < 32:
        return code != 9 and code != 10
    if code < 0x7F:
        return False
    if code < 0x2028:
        return code == 0x7F or code == 0x85
    return code <= 0x2029 or 0xD800 <= code <= 0xDFFF or code == 0xFEFF or code == 0xFFFE or code == 0xFFFF


cdef bint any_control(const Unit* s, Py_ssize_t size) noexcept nogil:
    cdef Py_ssize_t at
    for at in range(size):
        if (s[at] < 32 or s[at] >= 0x7F) and is_control(s[at]):
            return True
    return False


cdef inline bint is_settled(uint32_t code) noexcept nogil:
    """Whether `winnow.corpus.normal_form.visible_text` leaves a character as it is, whatever stands beside it.

    So it does where Unicode's normal form C neither changes it nor joins it to the one before.
    """
    if code < 0x300:
        return code != 0xAD
    if code < 0x2010:
        return (
            0x391 <= code <= 0x3A1 or 0x3A3 <= code <= 0x3CE or 0x400 <= code <= 0x482 or 0x48A <= code <= 0x52F
            or 0x621 <= code <= 0x63A or 0x641 <= code <= 0x64A or 0x2002 <= code <= 0x200A
        )
    if code < 0x3001:
        return (
            code <= 0x2027 or code == 0x202F or 0x2030 <= code <= 0x205E or 0x20A0 <= code <= 0x20BF or 0x2100 <= code <= 0x2125
            or 0x2190 <= code <= 0x21FF or 0x2460 <= code <= 0x24FF or 0x25A0 <= code <= 0x2775 or code == 0x3000
        )
    return (
        code <= 0x3029 or 0x3041 <= code <= 0x3096 or 0x30A1 <= code <= 0x30FA or 0x4E00 <= code <= 0x9FEF
        or 0xAC00 <= code <= 0xD7A3 or code == 0xFE0F or 0xFF01 <= code <= 0xFF9D
        or 0x1F300 <= code <= 0x1F6D0 or 0x1F900 <= code <= 0x1F9FF
    )


cdef bint all_settled(const Unit* s, Py_ssize_t size) noexcept nogil:
    cdef Py_ssize_t at
    for at in range(size):
        if s[at] >= 0x80 and not is_settled(s[at]):
            return False
    return True


cdef bint any_suspect(const Unit* s, Py_ssize_t size) noexcept nogil:
    """Whether two characters outside ASCII stand side by side, or one of `winnow.corpus.mojibake.LONE_SIGNS` anywhere."""
    cdef Py_ssize_t at, last = -2
    cdef uint32_t code
    for at in range(size):
        code = s[at]
        if code < 0x80:
            continue
        if last + 1 == at or code < 0xA0 or code == 0xC2 or code == 0xC3 or code == 0x152 or code == 0x153:
            return True
        last = at
    return False


cdef inline bint is_space(uint32_t code) noexcept nogil:
    if code < 0x80:
        return code == 32 or 9 <= code <= 13 or 28 <= code <= 31
    return Py_UNICODE_ISSPACE(code)


cdef Py_ssize_t tag_end(const Unit* s, Py_ssize_t size, Py_ssize_t at) noexcept nogil:
    """Where the match of `winnow.corpus.layout.html.OPENING` ends that begins before some letter."""
    cdef uint32_t code, quote
    cdef Py_ssize_t value
    while at < size and s[at] != 47 and s[at] != 62 and not is_space(s[at]):
        at += 1
    while at < size:
        code = s[at]
        if code == 62:
            return at
        if code == 47 or is_space(code):
            at += 1
            continue
        at += 1
        while at < size and s[at] != 47 and s[at] != 62 and s[at] != 61 and not is_space(s[at]):
            at += 1
        value = at
        while value < size and is_space(s[value]):
            value += 1
        if value >= size or s[value] != 61:
            continue
        value += 1
        while value < size and is_space(s[value]):
            value += 1
        if value < size and (s[value] == 34 or s[value] == 39):
            quote = s[value]
            value += 1
            while value < size and s[value] != quote:
                value += 1
            if value < size:
                value += 1
        else:
            while value < size and s[value] != 62 and not is_space(s[value]):
                value += 1
        at = value
    return at


cdef int find_long_tags(const Unit* s, Py_ssize_t size, Py_ssize_t chars, vector[Span]& found) except -1:
    cdef Py_ssize_t at = 0, end
    cdef Span span
    with nogil:
        while at + 1 < size:
            if s[at] != 60 or not (65 <= s[at + 1] <= 90 or 97 <= s[at + 1] <= 122):
                at += 1
                continue
            end = tag_end(s, size, at + 1)
            if end - at > chars:
                span.start, span.end = at, end
                found.push_back(span)
            at = end
    return 0


def without_controls(str text, *, calls):
    """See `winnow.corpus.normal_form.without_controls`."""
    cdef int kind = PyUnicode_KIND(text)
    cdef void* data = PyUnicode_DATA(text)
    cdef Py_ssize_t size = PyUnicode_GET_LENGTH(text)
    cdef bint found
    if kind == 1:
        found = any_control(<const uint8_t*>data, size)
    elif kind == 2:
        found = any_control(<const uint16_t*>data, size)
    else:
        found = any_control(<const uint32_t*>data, size)
    return calls.cut_controls(text) if found else text


def visible_text(str text, *, calls):
    """See `winnow.corpus.normal_form.visible_text`."""
    cdef int kind = PyUnicode_KIND(text)
    cdef void* data = PyUnicode_DATA(text)
    cdef Py_ssize_t size = PyUnicode_GET_LENGTH(text)
    cdef bint settled
    if PyUnicode_IS_ASCII(text):
        return text
    if kind == 1:
        settled = all_settled(<const uint8_t*>data, size)
    elif kind == 2:
        settled = all_settled(<const uint16_t*>data, size)
    else:
        settled = all_settled(<const uint32_t*>data, size)
    return text if settled else calls.cut_invisible(text)


def may_be_spoilt(str text):
    """See `winnow.corpus.mojibake.may_be_spoilt`."""
    cdef int kind = PyUnicode_KIND(text)
    cdef void* data = PyUnicode_DATA(text)
    cdef Py_ssize_t size = PyUnicode_GET_LENGTH(text)
    if kind == 1:
        return any_suspect(<const uint8_t*>data, size)
    if kind == 2:
        return any_suspect(<const uint16_t*>data, size)
    return any_suspect(<const uint32_t*>data, size)


def long_tags(str text, Py_ssize_t chars):
    """See `winnow.corpus.layout.html.long_tags`."""
    cdef int kind = PyUnicode_KIND(text)
    cdef void* data = PyUnicode_DATA(text)
    cdef Py_ssize_t size = PyUnicode_GET_LENGTH(text)
    cdef vector[Span] found
    if kind == 1:
        find_long_tags(<const uint8_t*>data, size, chars, found)
    elif kind == 2:
        find_long_tags(<const uint16_t*>data, size, chars, found)
    else:
        find_long_tags(<const uint32_t*>data, size, chars, found)
    return [PyUnicode_Substring(text, span.start, span.end) for span in found]


cdef inline bint is_simple(Py_UCS4 code) noexcept nogil:
    """Whether a character is no mark that belongs to a word, nor one that `winnow.corpus.word_breaks.MARKED` finds."""
    return code < 0x300 or 0x2010 <= code <= 0x206F or code == 0x20AC


cdef bint all_simple(int kind, void* data, Py_ssize_t size) noexcept nogil:
    cdef Py_ssize_t at
    for at in range(size):
        if not is_simple(PyUnicode_READ(kind, data, at)):
            return False
    return True


cdef inline bint is_letter(Py_UCS4 code) noexcept nogil:
    """Whether a character is a letter or a digit."""
    if code < 128:
        return 97 <= code <= 122 or 48 <= code <= 57 or 65 <= code <= 90
    return Py_UNICODE_ISALNUM(code)


def bare_words(str folded, *, calls):
    """See `winnow.corpus.lines.bare_words`."""
    cdef int kind = PyUnicode_KIND(folded)
    cdef void* data = PyUnicode_DATA(folded)
    cdef Py_ssize_t size = PyUnicode_GET_LENGTH(folded), at
    cdef vector[Py_UCS4] words
    cdef Py_UCS4 code
    cdef bint is_apart = False
    if not PyUnicode_IS_ASCII(folded) and not all_simple(kind, data, size):
        return calls.other_words(folded)
    words.reserve(size)
    for at in range(size):
        code = PyUnicode_READ(kind, data, at)
        if not is_letter(code):
            is_apart = True
            continue
        if is_apart and words.size():
            words.push_back(32)
        is_apart = False
        words.push_back(code)
    return PyUnicode_FromKindAndData(4, words.data(), <Py_ssize_t>words.size()) if words.size() else ""


def word_runs(str text, *, calls):
    """See `winnow.corpus.lines.word_runs`."""
    cdef int kind = PyUnicode_KIND(text)
    cdef void* data = PyUnicode_DATA(text)
    cdef Py_ssize_t size = PyUnicode_GET_LENGTH(text), at = 0, start
    cdef Py_UCS4 code
    cdef list runs = []
    if not PyUnicode_IS_ASCII(text) and not all_simple(kind, data, size):
        return calls.other_runs(text)
    while at < size:
        code = PyUnicode_READ(kind, data, at)
        if not (is_letter(code) or code == 95):
            at += 1
            continue
        start = at
        while True:
            while at < size and (is_letter(code) or code == 95):
                at += 1
                code = PyUnicode_READ(kind, data, at) if at < size else 0
            if at + 1 >= size or not (code == 39 or code == 0x2019 or code == 45):
                break
            code = PyUnicode_READ(kind, data, at + 1)
            if not (is_letter(code) or code == 95):
                break
            at += 1
        runs.append(PyUnicode_Substring(text, start, at))
    return tuple(runs)


def feature_counts(const uint8_t[::1] text, const uint32_t[::1] moves, const uint32_t[::1] rows, const int32_t[::1] features):
    """See `winnow.models.language_features.feature_counts`."""
    cdef Py_ssize_t at, states = min(rows.shape[0], features.shape[0])
    cdef size_t place
    cdef uint32_t state = 0
    cdef dict counts = {}
    for at in range(text.shape[0]):
        if <Py_ssize_t>state >= states:
            raise IndexError("a state that the model does not have")
        place = (<size_t>rows[state] << 8) + text[at]
        if place >= <size_t>moves.shape[0]:
            raise IndexError("a row that the model does not have")
        state = moves[place]
        if <Py_ssize_t>state >= states:
            raise IndexError("a state that the model does not have")
        if features[state] >= 0:
            counts[features[state]] = counts.get(features[state], 0) + 1
    return counts
