"""The sketch and the keys of a text: words, hashes, facts and lowest values in one pass over its characters."""

from cpython.unicode cimport PyUnicode_GET_LENGTH, PyUnicode_Substring
from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t
from libcpp.algorithm cimport sort
from libcpp.vector cimport vector

cdef extern from "Python.h":
    int PyUnicode_KIND(object)
    void* PyUnicode_DATA(object)
    Py_UCS4 PyUnicode_READ(int, void*, Py_ssize_t) nogil
    int Py_UNICODE_ISALNUM(Py_UCS4) nogil

cdef enum:  # as `winnow.corpus.signature` has them
    NUMBER = 1
    CAPITAL = 2
    MARK_BITS = 3
    KEY_WORDS = 5
    KEYS = 24
    BINS = 256
    PLACE_SHIFT = 41  # 64 less the bits of a bin and of the order in it
    ORDER_BITS = 15
    EMPTY = 0xFFFF
    MIN_WORDS = 50

cdef struct Crc:
    uint32_t of[256]

cdef Crc crc_table() noexcept nogil:
    """CRC-32 as zlib has it, of each byte."""
    cdef Crc table
    cdef uint32_t value
    cdef int byte, bit
    for byte in range(256):
        value = byte
        for bit in range(8):
            value = (value >> 1) ^ (<uint32_t>0xEDB88320 if value & 1 else 0)
        table.of[byte] = value
    return table

cdef Crc CRC = crc_table()


cdef inline uint64_t mixed(uint64_t value) noexcept nogil:
    """One round of Stafford's mixer 13, as in SplitMix64."""
    value = (value ^ (value >> 30)) * <uint64_t>0xBF58476D1CE4E5B9ULL
    value = (value ^ (value >> 27)) * <uint64_t>0x94D049BB133111EBULL
    return value ^ (value >> 31)


cdef inline bint is_plain(Py_UCS4 code) noexcept nogil:
    """Whether a character needs no other notion of words: no mark, no letter of a script without spaces."""
    return (
        code < 0x300 or 0x370 <= code <= 0x482 or 0x48A <= code <= 0x52F or 0x2010 <= code <= 0x20CF
        or 0x2100 <= code <= 0x2CEE
    )


cdef inline bint is_letter(Py_UCS4 code) noexcept nogil:
    if code < 0x80:
        return 97 <= code <= 122 or 65 <= code <= 90 or 48 <= code <= 57
    return Py_UNICODE_ISALNUM(code) != 0


cdef inline void keep_lowest(uint16_t* sketch, uint64_t value, int is_fact) noexcept nogil:
    cdef uint64_t place = value >> PLACE_SHIFT
    cdef uint16_t kept = <uint16_t>((place << 1) | is_fact)
    if kept < sketch[place >> ORDER_BITS]:
        sketch[place >> ORDER_BITS] = kept


def sketch_and_keys(str text, *, calls):
    """See `winnow.corpus.signature.sketch_and_keys`."""
    cdef int kind = PyUnicode_KIND(text)
    cdef void* data = PyUnicode_DATA(text)
    cdef Py_ssize_t size = PyUnicode_GET_LENGTH(text), at = 0, end, before = 0, count, number, words
    cdef uint32_t code
    cdef str stops = calls.stops
    cdef vector[uint64_t] hashes, runs
    cdef vector[uint8_t] facts
    cdef uint16_t sketch[BINS]
    cdef uint64_t marked
    cdef uint32_t crc
    cdef bint is_ascii, has_digit, is_fact, stopped = False
    if kind > 1:
        for at in range(size):
            if not is_plain(PyUnicode_READ(kind, data, at)):
                return calls.otherwise(text)
        at = 0
    while at < size:
        code = PyUnicode_READ(kind, data, at)
        if not is_letter(code):
            if code == 46 or code == 33 or code == 63 or code == 58 or code == 10 or (code >= 0x80 and <Py_UCS4>code in stops):
                stopped = True
            at += 1
            before += 1
            continue
        end, is_ascii, has_digit, crc = at, True, False, 0xFFFFFFFF
        while end < size:
            code = PyUnicode_READ(kind, data, end)
            if not is_letter(code):
                break
            if code < 0x80:
                has_digit = has_digit or code < 58
                crc = (crc >> 8) ^ CRC.of[(crc ^ (code + 32 if 65 <= code <= 90 else code)) & 0xFF]
            else:
                is_ascii = False
            end += 1
        if is_ascii:
            code = PyUnicode_READ(kind, data, at)
            marked = <uint64_t>(crc ^ <uint32_t>0xFFFFFFFF) << MARK_BITS
            marked |= (NUMBER if has_digit else 0) | (CAPITAL if 65 <= code <= 90 else 0)
        else:
            marked = calls.marked_hash(PyUnicode_Substring(text, at, end))
        hashes.push_back(marked >> MARK_BITS)
        is_fact = (marked & NUMBER) != 0 or ((marked & CAPITAL) != 0 and before != 0 and not stopped)
        facts.push_back(is_fact)
        at, before, stopped = end, 0, False
    count = <Py_ssize_t>hashes.size()
    if count < MIN_WORDS:
        return b"", ()
    for number in range(BINS):
        sketch[number] = EMPTY
    runs.resize(count)
    with nogil:
        for number in range(count):
            runs[number] = mixed(hashes[number])
            keep_lowest(sketch, runs[number], 0)
        for words in range(1, KEY_WORDS):
            for number in range(count - words):
                runs[number] = mixed(runs[number] ^ hashes[number + words])
                if words == 1 and (facts[number] or facts[number + 1]):
                    keep_lowest(sketch, runs[number], 1)
        runs.resize(count - KEY_WORDS + 1)
        sort(runs.begin(), runs.end())
    keys = []
    for number in range(<Py_ssize_t>runs.size()):
        if not number or runs[number] != runs[number - 1]:
            keys.append(runs[number])
            if len(keys) == KEYS:
                break
    return (<const char*>sketch)[: BINS * sizeof(uint16_t)], tuple(keys)
