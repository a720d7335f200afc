"""The counts of a text's quality in one pass: tokens and lines by number, then runs of tokens by pairs of numbers.

Equal parts are told by their characters, not by their hashes alone, so that all counts are exact.
"""

from cpython.unicode cimport PyUnicode_GET_LENGTH, PyUnicode_Substring
from libc.stdint cimport int32_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memcmp, memcpy, strlen
from libcpp.vector cimport vector

cdef extern from "Python.h":
    int PyUnicode_KIND(object)
    void* PyUnicode_DATA(object)
    int Py_UNICODE_ISALNUM(Py_UCS4) nogil
    int Py_UNICODE_ISALPHA(Py_UCS4) nogil
    int Py_UNICODE_ISDECIMAL(Py_UCS4) nogil
    int Py_UNICODE_ISSPACE(Py_UCS4) nogil

ctypedef fused Unit:
    uint8_t
    uint16_t
    uint32_t

ctypedef const char* Place

cdef enum:  # as `winnow.corpus.quality_counts` has them
    SHORT_LINE_CHARS = 30
    FIRST_TOP = 2
    LAST_TOP = 4
    LAST_REPEATED = 10
    C4_LINE_WORDS = 3
    C4_WORD_CHARS = 1000
    PAGE_GOES = -1
    # Marks of an ASCII character
    WORD = 1
    SPACE = 2
    LETTER = 4
    DIGIT = 8
    SYMBOL = 16
    # What C4's rules look for in a line
    PLACEHOLDER = 1
    SCRIPT = 2
    BRACE = 4
    POLICY = 8
    # Entries of the lists below
    STOPS = 8
    SHORTENED_WORDS = 30
    POLICY_WORDS = 5
    # Sorts of tokens
    OTHER = 0
    SIGN = 1
    MARK = 2  # a sign that ends a sentence

cdef const char** STOP_WORDS = ["the", "be", "to", "of", "and", "that", "have", "with"]
cdef const char** SHORTENED = [
    "Mr", "Mrs", "Ms", "Dr", "Sen", "Rep", "Gov", "Inc", "Jr", "Co", "St", "Adm", "Corp", "Gen", "Ltd", "Prof", "Rev", "vs",
    "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec",
]
cdef const char** POLICIES = ["terms of use", "privacy policy", "uses cookies", "use of cookies", "use cookies"]
# Other in each process, so that no text can be made to fill one stretch of a table; no count depends on it.
cdef uint64_t SEED = <uint64_t>hash("quality")

cdef struct Marks:
    uint8_t of[128]

cdef Marks ascii_marks() noexcept nogil:
    cdef Marks table
    cdef int code
    for code in range(128):
        table.of[code] = 0
        if 48 <= code <= 57:
            table.of[code] = WORD | DIGIT
        elif 65 <= code <= 90 or 97 <= code <= 122:
            table.of[code] = WORD | LETTER
        elif code == 32 or 9 <= code <= 13 or 28 <= code <= 31:
            table.of[code] = SPACE
        elif 33 <= code <= 126:
            table.of[code] = SYMBOL | (WORD if code == 95 else 0)
    return table

cdef Marks MARKS = ascii_marks()


cdef inline bint is_word(uint32_t code) noexcept nogil:
    return (MARKS.of[code] & WORD) != 0 if code < 128 else Py_UNICODE_ISALNUM(code) != 0


cdef inline bint is_space(uint32_t code) noexcept nogil:
    return (MARKS.of[code] & SPACE) != 0 if code < 128 else Py_UNICODE_ISSPACE(code) != 0


cdef inline bint is_letter(uint32_t code) noexcept nogil:
    return (MARKS.of[code] & LETTER) != 0 if code < 128 else Py_UNICODE_ISALPHA(code) != 0


cdef inline bint is_digit(uint32_t code) noexcept nogil:
    return (MARKS.of[code] & DIGIT) != 0 if code < 128 else Py_UNICODE_ISDECIMAL(code) != 0


cdef inline bint is_apostrophe(uint32_t code) noexcept nogil:
    return code == 39 or code == 0x2019


cdef inline bint is_capital(uint32_t code) noexcept nogil:
    return 65 <= code <= 90


cdef inline uint64_t mixed(uint64_t value) noexcept nogil:
    """One round of Stafford's mixer 13, as in SplitMix64."""
    value = (value ^ (value >> 30)) * <uint64_t>0xBF58476D1CE4E5B9ULL
    value = (value ^ (value >> 27)) * <uint64_t>0x94D049BB133111EBULL
    return value ^ (value >> 31)


cdef inline uint32_t at_or_0(const Unit* s, Py_ssize_t size, Py_ssize_t at) noexcept nogil:
    """A character; NUL, which is neither word nor sign, behind the last one."""
    return s[at] if at < size else 0


cdef inline uint64_t hash_of(Place place, size_t size) noexcept nogil:
    """A hash of characters as they lie in memory, eight bytes at a time."""
    cdef uint64_t value = SEED ^ size, part
    while size >= 8:
        memcpy(&part, place, 8)
        value = (value ^ part) * <uint64_t>0x9E3779B97F4A7C15ULL
        value ^= value >> 32
        place += 8
        size -= 8
    part = 0
    while size:
        size -= 1
        part = (part << 8) | <uint8_t>place[size]
    return mixed(value ^ part)


cdef cppclass Numbering:
    """Parts of a text by number, equal ones by the same, in the order in which they are first met."""
    vector[int32_t] slots  # numbers, from 1; 0 is free
    vector[uint64_t] hashes
    vector[Place] places
    vector[size_t] sizes

    void widen() noexcept nogil:
        cdef size_t width = 256 if this.slots.empty() else 2 * this.slots.size(), number, slot
        this.slots.assign(width, 0)
        for number in range(this.hashes.size()):
            slot = this.hashes[number] & (width - 1)
            while this.slots[slot]:
                slot = (slot + 1) & (width - 1)
            this.slots[slot] = <int32_t>number + 1

    int32_t number(Place place, size_t size) noexcept nogil:
        cdef uint64_t hash_value = hash_of(place, size)
        cdef size_t slot
        cdef int32_t found
        if 2 * this.hashes.size() >= this.slots.size():
            this.widen()
        slot = hash_value & (this.slots.size() - 1)
        while this.slots[slot]:
            found = this.slots[slot] - 1
            if (
                this.hashes[found] == hash_value and this.sizes[found] == size
                and memcmp(this.places[found], place, size) == 0
            ):
                return found
            slot = (slot + 1) & (this.slots.size() - 1)
        found = <int32_t>this.hashes.size()
        this.slots[slot] = found + 1
        this.hashes.push_back(hash_value)
        this.places.push_back(place)
        this.sizes.push_back(size)
        return found


cdef bint is_one_of(const Unit* s, Py_ssize_t start, Py_ssize_t end, const char** words, int count) noexcept nogil:
    """Whether a part of the text is one of some words."""
    cdef int number
    cdef Py_ssize_t at
    for number in range(count):
        if <Py_ssize_t>strlen(words[number]) != end - start:
            continue
        at = start
        while at < end and s[at] == <uint8_t>words[number][at - start]:
            at += 1
        if at == end:
            return True
    return False


cdef bint stands_at(const Unit* s, Py_ssize_t at, Py_ssize_t end, const char* words) noexcept nogil:
    """Whether words stand there, in whatever case of ASCII."""
    cdef Py_ssize_t size = <Py_ssize_t>strlen(words), next
    cdef uint32_t code
    if size > end - at:
        return False
    for next in range(size):
        code = s[at + next]
        if (code + 32 if is_capital(code) else code) != <uint8_t>words[next]:
            return False
    return True


cdef int words_of_c4(const Unit* s, Py_ssize_t start, Py_ssize_t end) noexcept nogil:
    """Which words of C4's rules a line holds: `PLACEHOLDER`, `SCRIPT`, `BRACE` and `POLICY` added up."""
    cdef Py_ssize_t at
    cdef uint32_t code, next
    cdef int found = 0, number
    for at in range(start, end):
        code = s[at]
        if code > 123 or code < 67:
            continue
        if code == 123:
            found |= BRACE
            continue
        code |= 32
        next = s[at + 1] | 32 if at + 1 < end else 0
        if next == 111:
            if code == 108:
                found |= PLACEHOLDER if stands_at(s, at, end, "lorem ipsum") else 0
            elif code == 99:
                found |= POLICY if stands_at(s, at, end, "cookie policy") else 0
        elif next == 97:
            if code == 106:
                found |= SCRIPT if stands_at(s, at, end, "javascript") else 0
        elif (code == 117 and next == 115) or (code == 116 and next == 101) or (code == 112 and next == 114):
            for number in range(POLICY_WORDS):
                found |= POLICY if stands_at(s, at, end, POLICIES[number]) else 0
    return found


cdef Py_ssize_t word_end(const Unit* s, Py_ssize_t size, Py_ssize_t at) noexcept nogil:
    while at < size and is_word(s[at]):
        at += 1
    return at


cdef bint is_contracted(const Unit* s, Py_ssize_t size, Py_ssize_t at) noexcept nogil:
    """Whether "n't" stands there, and ends a word."""
    return (
        at + 2 < size and s[at] == 110 and is_apostrophe(s[at + 1]) and s[at + 2] == 116
        and not (at + 3 < size and is_word(s[at + 3]))
    )


cdef Py_ssize_t address_end(const Unit* s, Py_ssize_t size, Py_ssize_t at) noexcept nogil:
    """Where an address ends that begins with http or https; its start, where none does."""
    cdef const char* scheme = "http"
    cdef Py_ssize_t end = at, part
    for part in range(4):
        if at_or_0(s, size, at + part) != <uint8_t>scheme[part]:
            return at
    end = at + (5 if at_or_0(s, size, at + 4) == 115 else 4)
    if at_or_0(s, size, end) != 58 or at_or_0(s, size, end + 1) != 47 or at_or_0(s, size, end + 2) != 47:
        return at
    end += 3
    if end >= size or is_space(s[end]):
        return at
    while end < size and not is_space(s[end]):
        end += 1
    return end


cdef Py_ssize_t token_end(const Unit* s, Py_ssize_t size, Py_ssize_t at) noexcept nogil:
    """Where the match of `winnow.corpus.quality_counts.TOKEN` ends that begins with some character, no space."""
    cdef uint32_t code = s[at]
    cdef Py_ssize_t end
    if code == 104:
        end = address_end(s, size, at)
        if end > at:
            return end
    if code == 64 and at + 1 < size and is_word(s[at + 1]):
        return word_end(s, size, at + 1)
    if is_contracted(s, size, at):
        return at + 3
    if is_word(code):
        end = word_end(s, size, at)
        if end - at > 1 and is_contracted(s, size, end - 1):
            return end - 1
        if is_capital(code) and end == at + 1 and at_or_0(s, size, end) == 46:
            end += 1
            while end + 1 < size and is_capital(s[end]) and s[end + 1] == 46:
                end += 2
            return end
        if end - at <= 4 and at_or_0(s, size, end) == 46 and is_one_of(s, at, end, SHORTENED, SHORTENED_WORDS):
            return end + 1
    elif is_apostrophe(code) and at + 1 < size and is_word(s[at + 1]):
        end = word_end(s, size, at + 1)
    else:
        end = at + 1
        if code == 46 or code == 45:
            while end < size and s[end] == code:
                end += 1
        return end
    while end + 1 < size and 44 <= s[end] <= 58 and (
        (s[end] == 46 and 97 <= s[end + 1] <= 122)
        or (is_digit(s[end + 1]) and (s[end] <= 47 or s[end] == 58))
    ):
        end = word_end(s, size, end + 2)
    return end


cdef struct Tokens:
    int32_t words
    Py_ssize_t word_chars
    int32_t stop_words
    int32_t alphabetic


cdef Tokens number_tokens(
    const Unit* s, Py_ssize_t size, object calls,
    vector[int32_t]& numbers, vector[int32_t]& lengths, vector[Py_ssize_t]& ends, vector[uint8_t]& sorts
):
    """Put the number, the length, the end and the sort of each token into vectors; give the counts of words."""
    cdef str symbols = calls.symbols, line_ends = calls.line_ends
    cdef Numbering numbering
    cdef Tokens counts
    cdef Py_ssize_t at = 0, end, place
    cdef uint32_t code
    cdef size_t different
    cdef int32_t number
    cdef bint alphabetic, symbol
    counts.words = counts.stop_words = counts.alphabetic = 0
    counts.word_chars = 0
    while at < size:
        if is_space(s[at]):
            at += 1
            continue
        end = token_end(s, size, at)
        alphabetic, symbol = False, True
        for place in range(at, end):
            code = s[place]
            if is_letter(code):
                alphabetic, symbol = True, False
                break
            if symbol:
                symbol = (MARKS.of[code] & SYMBOL) != 0 if code < 128 else <Py_UCS4>code in symbols
        counts.alphabetic += alphabetic
        sorts.push_back(SIGN if symbol else OTHER)
        if symbol:
            code = s[at]
            if end == at + 1 and <Py_UCS4>code in line_ends and not (end < size and is_word(s[end])):
                sorts[sorts.size() - 1] = MARK
        else:
            counts.words += 1
            counts.word_chars += end - at
        different = numbering.hashes.size()
        number = numbering.number(<Place>(s + at), (end - at) * sizeof(Unit))
        if numbering.hashes.size() > different and end - at <= 4 and is_one_of(s, at, end, STOP_WORDS, STOPS):
            counts.stop_words += 1
        numbers.push_back(number)
        lengths.push_back(<int32_t>(end - at))
        ends.push_back(end)
        at = end
    return counts


cdef uint64_t number_runs(
    vector[uint64_t]& keys, vector[int32_t]& numbers, vector[int32_t]& counts
) noexcept nogil:
    """Number keys in the order in which they are first met, and count each; give the highest count."""
    cdef vector[int32_t] slots
    cdef vector[uint64_t] different
    cdef size_t width = 64, slot, at
    cdef int32_t number
    cdef uint64_t highest = 0
    while width < 2 * keys.size():
        width *= 2
    slots.assign(width, 0)
    numbers.resize(keys.size())
    counts.clear()
    for at in range(keys.size()):
        slot = mixed(keys[at] ^ SEED) & (width - 1)
        while slots[slot] and different[slots[slot] - 1] != keys[at]:
            slot = (slot + 1) & (width - 1)
        if not slots[slot]:
            different.push_back(keys[at])
            counts.push_back(0)
            slots[slot] = <int32_t>different.size()
        number = slots[slot] - 1
        numbers[at] = number
        counts[number] += 1
        if <uint64_t>counts[number] > highest:
            highest = counts[number]
    return highest


cdef inline Py_ssize_t run_chars(vector[Py_ssize_t]& ends, Py_ssize_t at, int words) noexcept nogil:
    return ends[at + words] - ends[at]


cdef Py_ssize_t repeated_chars(
    vector[Py_ssize_t]& starts, vector[int32_t]& numbers, vector[int32_t]& counts, vector[Py_ssize_t]& ends, int words
) noexcept nogil:
    """Characters of runs that stood before, none of them counted twice."""
    cdef vector[uint8_t] seen
    cdef size_t at
    cdef Py_ssize_t chars = 0, next = 0
    seen.assign(counts.size(), 0)
    for at in range(starts.size()):
        if starts[at] < next:
            continue
        if seen[numbers[at]]:
            chars += run_chars(ends, starts[at], words)
            next = starts[at] + words
        else:
            seen[numbers[at]] = 1
    return chars


cdef int count_runs(vector[int32_t]& tokens, vector[int32_t]& lengths, Py_ssize_t* chars) noexcept nogil:
    """Put the characters of the most frequent and of repeated runs behind one another, by length.

    Only a run that comes again can be the beginning of one that does, so the others are not looked at again.
    """
    cdef Py_ssize_t size = <Py_ssize_t>tokens.size(), first
    cdef vector[Py_ssize_t] ends, starts, kept
    cdef vector[uint64_t] keys
    cdef vector[int32_t] numbers, counts
    cdef uint64_t highest
    cdef size_t at
    cdef int words
    ends.push_back(0)
    for at in range(tokens.size()):
        ends.push_back(ends[at] + lengths[at])
        starts.push_back(at)
    numbers = tokens
    for words in range(FIRST_TOP, LAST_REPEATED + 1):
        kept.clear()
        keys.clear()
        for at in range(starts.size()):
            first = starts[at]
            if (words == FIRST_TOP or counts[numbers[at]] > 1) and first + words <= size:
                kept.push_back(first)
                keys.push_back((<uint64_t>numbers[at] << 32) | <uint32_t>tokens[first + words - 1])
        starts.swap(kept)
        highest = number_runs(keys, numbers, counts)
        if words > LAST_TOP:
            chars[words - FIRST_TOP] = repeated_chars(starts, numbers, counts, ends, words)
        elif highest > 1:
            at = 0
            while <uint64_t>counts[numbers[at]] < highest:
                at += 1
            chars[words - FIRST_TOP] = highest * (run_chars(ends, starts[at], words) + words - 1)
        else:
            chars[words - FIRST_TOP] = run_chars(ends, 0, words) + words - 1 if words <= size else 0
    return 0


cdef int sentences_of(vector[uint8_t]& sorts, size_t token, size_t next_token) noexcept nogil:
    """Sentences of a line with these tokens: the next word behind a mark begins one."""
    cdef int sentences = 1
    cdef bint has_ended = False
    while token < next_token:
        if sorts[token] == MARK:
            has_ended = True
        elif has_ended and sorts[token] == OTHER:
            sentences += 1
            has_ended = False
        token += 1
    return sentences


cdef bint is_whole(const Unit* s, Py_ssize_t start, Py_ssize_t end) noexcept nogil:
    """Whether a line without blanks around it ends as a sentence does, and has enough words, none of them too long."""
    cdef uint32_t last = s[end - 1]
    cdef Py_ssize_t at = start, word
    cdef int words = 0
    if not (last == 46 or last == 63 or last == 33 or last == 34 or last == 39):
        return False
    if end - start > 2 and last == 46 and s[end - 2] == 46 and s[end - 3] == 46:
        return False
    while at < end:
        word = at
        while at < end and not is_space(s[at]):
            at += 1
        if at - word > C4_WORD_CHARS:
            return False
        words += at > word
        at += 1
    return words >= C4_LINE_WORDS


cdef int c4_sentences(
    const Unit* s, Py_ssize_t start, Py_ssize_t end, str text, object calls, vector[uint8_t]& sorts, size_t token, size_t next_token
) except -2:
    """See `winnow.corpus.quality_counts.c4_sentences_of`; the line has no blanks around it, and these tokens."""
    cdef Py_ssize_t at
    cdef int found = 0
    for at in range(start, end):
        found |= s[at] == 91
    if found:  # a bracket: it may cite something, which does not count
        return calls.c4_sentences_of(PyUnicode_Substring(text, start, end))
    if not is_whole(s, start, end):
        return 0
    found = words_of_c4(s, start, end)
    if found & PLACEHOLDER:
        return PAGE_GOES
    if found & SCRIPT:
        return 0
    if found & BRACE:
        return PAGE_GOES
    return 0 if found & POLICY else sentences_of(sorts, token, next_token)


cdef struct Lines:
    Py_ssize_t lines, bullets, ellipses, filled, punctuated, brief, repeated, repeated_chars, kept, sentences


cdef Lines count_lines(
    const Unit* s, Py_ssize_t size, str text, object calls, vector[Py_ssize_t]& ends, vector[uint8_t]& sorts
):
    cdef Numbering numbering
    cdef Lines counts
    cdef Py_ssize_t start = 0, end, first, last
    cdef size_t different, token = 0, next_token = 0
    cdef str line_ends = calls.line_ends
    cdef bint page_goes = False
    cdef int sentences
    counts.lines = counts.bullets = counts.ellipses = counts.filled = counts.punctuated = counts.brief = 0
    counts.repeated = counts.repeated_chars = counts.kept = counts.sentences = 0
    while start <= size:
        end = start
        while end < size and s[end] != 10:
            end += 1
        first, last = start, end
        while first < last and is_space(s[first]):
            first += 1
        while last > first and is_space(s[last - 1]):
            last -= 1
        counts.lines += 1
        if first < last:
            counts.filled += 1
            counts.bullets += s[first] == 45 or s[first] == 0x2022
            counts.ellipses += s[last - 1] == 0x2026 or (
                last - first > 2 and s[last - 1] == 46 and s[last - 2] == 46 and s[last - 3] == 46
            )
            counts.punctuated += <Py_UCS4>s[end - 1] in line_ends
            counts.brief += end - start <= SHORT_LINE_CHARS
            different = numbering.hashes.size()
            numbering.number(<Place>(s + start), (end - start) * sizeof(Unit))
            if numbering.hashes.size() == different:
                counts.repeated += 1
                counts.repeated_chars += end - start
            token = next_token
            while next_token < ends.size() and ends[next_token] <= end:
                next_token += 1
            sentences = c4_sentences(s, first, last, text, calls, sorts, token, next_token)
            page_goes = page_goes or sentences == PAGE_GOES
            counts.kept += sentences > 0
            counts.sentences += sentences
        start = end + 1
    if page_goes:
        counts.kept = counts.sentences = 0
    return counts


cdef struct Paragraphs:
    Py_ssize_t paragraphs, repeated, repeated_chars


cdef Paragraphs count_paragraphs(const Unit* s, Py_ssize_t size) noexcept nogil:
    cdef Numbering numbering
    cdef Paragraphs counts
    cdef Py_ssize_t start = 0, end, last = size
    cdef size_t different
    counts.paragraphs = counts.repeated = counts.repeated_chars = 0
    while start < last and is_space(s[start]):
        start += 1
    while last > start and is_space(s[last - 1]):
        last -= 1
    while True:
        end = start
        while end < last and not (s[end] == 10 and s[end + 1] == 10):
            end += 1
        counts.paragraphs += 1
        different = numbering.hashes.size()
        numbering.number(<Place>(s + start), (end - start) * sizeof(Unit))
        if numbering.hashes.size() == different:
            counts.repeated += 1
            counts.repeated_chars += end - start
        if end >= last:
            return counts
        start = end
        while s[start] == 10:  # the last character is none
            start += 1


cdef tuple counts_of(const Unit* s, Py_ssize_t size, str text, object calls):
    cdef vector[int32_t] numbers, lengths
    cdef vector[Py_ssize_t] ends
    cdef vector[uint8_t] sorts
    cdef Py_ssize_t hashes = 0, ellipses = 0, at = 0
    cdef Py_ssize_t[9] chars
    cdef Tokens words = number_tokens(s, size, calls, numbers, lengths, ends, sorts)
    cdef Lines lines = count_lines(s, size, text, calls, ends, sorts)
    cdef Paragraphs paragraphs = count_paragraphs(s, size)
    while at < size:
        hashes += s[at] == 35
        ellipses += s[at] == 0x2026
        if s[at] == 46 and at + 2 < size and s[at + 1] == 46 and s[at + 2] == 46:
            ellipses += 1
            at += 2
        at += 1
    count_runs(numbers, lengths, chars)
    return (
        numbers.size(), words.words, words.word_chars, words.stop_words, words.alphabetic, hashes, ellipses,
        lines.lines, lines.bullets, lines.ellipses, lines.filled, lines.punctuated, lines.brief,
        lines.repeated, lines.repeated_chars, paragraphs.repeated, paragraphs.repeated_chars, paragraphs.paragraphs,
        chars[0], chars[1], chars[2], chars[3], chars[4], chars[5], chars[6], chars[7], chars[8],
        lines.kept, lines.sentences,
    )


def quality_counts(str text, *, calls):
    """See `winnow.corpus.quality_counts.quality_counts`."""
    cdef int kind = PyUnicode_KIND(text)
    cdef void* data = PyUnicode_DATA(text)
    cdef Py_ssize_t size = PyUnicode_GET_LENGTH(text)
    if kind == 1:
        return counts_of(<const uint8_t*>data, size, text, calls)
    if kind == 2:
        return counts_of(<const uint16_t*>data, size, text, calls)
    return counts_of(<const uint32_t*>data, size, text, calls)
