"""Reading of libxml2's nodes, as HTML's parser makes them, that several modules of the core share."""

from cpython.unicode cimport PyUnicode_DecodeUTF8
from libc.stdint cimport uint8_t
from libc.string cimport strcmp
from lxml.includes.tree cimport XML_CDATA_SECTION_NODE, XML_ELEMENT_NODE, XML_TEXT_NODE, xmlAttr, xmlNode


cdef inline str decoded(const char* text, Py_ssize_t size):
    return PyUnicode_DecodeUTF8(text, size, NULL)


cdef inline Py_ssize_t count_chars(const uint8_t* s, Py_ssize_t size) noexcept nogil:
    cdef Py_ssize_t at, chars = 0
    for at in range(size):
        chars += (s[at] & 0xC0) != 0x80
    return chars


cdef inline bint is_text(xmlNode* node) noexcept nogil:
    return node != NULL and (node.type == XML_TEXT_NODE or node.type == XML_CDATA_SECTION_NODE)


cdef inline xmlNode* element_from(xmlNode* node) noexcept nogil:
    """A node if it is an element, else the next sibling that is one."""
    while node != NULL and node.type != XML_ELEMENT_NODE:
        node = node.next
    return node


cdef inline xmlAttr* attribute(xmlNode* node, const char* name) noexcept nogil:
    cdef xmlAttr* found = node.properties
    while found != NULL:
        if found.ns == NULL and strcmp(<const char*>found.name, name) == 0:
            return found
        found = found.next
    return NULL


cdef inline const char* raw_value(xmlAttr* found) noexcept nogil:
    """The bytes of an attribute that holds one text, NULL for any other."""
    if found == NULL or found.children == NULL or found.children.next != NULL or not is_text(found.children):
        return NULL
    return <const char*>found.children.content


cdef inline bint is_in_case(char letter, char lower) noexcept nogil:
    """Whether a letter of ASCII is another, or its capital; other signs are themselves alone."""
    return letter == lower or (b"a" <= lower <= b"z" and (letter | 0x20) == lower)


cdef inline bint begins_with(const char* text, const char* word) noexcept nogil:
    """Whether some text begins with a word of lower-case ASCII, in any case."""
    cdef Py_ssize_t size = 0
    while word[size] and is_in_case(text[size], word[size]):
        size += 1
    return not word[size]


cdef inline bint holds_ignoring_case(const char* text, const char* word) noexcept nogil:
    """Whether some text has a word of lower-case ASCII letters in it; true for any text outside ASCII."""
    cdef Py_ssize_t at = 0
    while text[at]:
        if <uint8_t>text[at] >= 0x80 or begins_with(text + at, word):
            return True
        at += 1
    return False
