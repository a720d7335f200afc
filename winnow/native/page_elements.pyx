"""Scans for elements of a page over libxml2's nodes: only those that are found become objects of Python."""

from libc.stdint cimport uint8_t
from libc.string cimport memset, strcmp, strlen, strstr
from libcpp.string cimport string
from libcpp.vector cimport vector
from lxml.includes.etreepublic cimport _Document, _Element, elementFactory, import_lxml__etree
from lxml.includes.tree cimport xmlAttr, xmlNode
from winnow.native.html_nodes cimport (
    attribute,
    begins_with,
    count_chars,
    decoded,
    element_from,
    is_text,
    raw_value,
)

import_lxml__etree()


cdef inline xmlNode* next_element(xmlNode* node, xmlNode* root) noexcept nogil:
    """The element behind another in the order of a page, NULL behind the last one below the root."""
    cdef xmlNode* found = element_from(node.children)
    while found == NULL and node != root:
        found = element_from(node.next)
        node = node.parent
    return found


cdef list encoded(words):
    return [word.encode() for word in words]


cdef class WordSet:
    """Words of ASCII, which are told by their first letters before they are compared."""

    cdef vector[string] words
    cdef uint8_t begins[256]  # whether one begins so, in either case

    def __cinit__(self, words):
        memset(self.begins, 0, sizeof(self.begins))
        for word in words:
            self.words.push_back(word.encode())
            for letter in (word[0], word[0].upper()):
                self.begins[ord(letter)] = True

    cdef bint has(self, const char* name) noexcept nogil:
        """Whether a name is one of the words."""
        cdef size_t index
        if not self.begins[<uint8_t>name[0]]:
            return False
        for index in range(self.words.size()):
            if strcmp(name, self.words[index].c_str()) == 0:
                return True
        return False

    cdef bint may_be_in(self, const char* text) noexcept nogil:
        """Whether some text has one of the words in it, in any case; true for any text outside ASCII."""
        cdef Py_ssize_t at = 0
        cdef size_t index
        while text[at]:
            if <uint8_t>text[at] >= 0x80:
                return True
            if self.begins[<uint8_t>text[at]]:
                for index in range(self.words.size()):
                    if begins_with(text + at, self.words[index].c_str()):
                        return True
            at += 1
        return False


cdef bint may_name(xmlNode* node, list attributes, WordSet words):
    """Whether the tag or an attribute of an element holds a word, or characters outside ASCII."""
    cdef xmlAttr* found
    cdef const char* value
    if words.may_be_in(<const char*>node.name):
        return True
    for name in attributes:
        found = attribute(node, <const char*><bytes>name)
        if found == NULL or found.children == NULL:
            continue
        value = raw_value(found)
        if value == NULL or words.may_be_in(value):  # of several texts: for Python to say
            return True
    return False


def elements_with(_Element tree not None, names):
    """See `winnow.corpus.page_metadata.element_scan.elements_with`."""
    cdef WordSet wanted = WordSet(names)
    cdef list found = []
    cdef xmlNode* root = tree._c_node
    cdef xmlNode* node = root
    cdef xmlAttr* each
    while node != NULL:
        each = node.properties
        while each != NULL:
            if each.ns == NULL and wanted.has(<const char*>each.name):
                found.append(elementFactory(tree._doc, node))
                break
            each = each.next
        node = next_element(node, root)
    return found


def elements_that_name(_Element tree not None, tags, attributes, words, Py_ssize_t most):
    """See `winnow.corpus.page_metadata.element_scan.elements_that_name`."""
    cdef WordSet wanted = WordSet(tags), sought = WordSet(words)
    cdef list names = encoded(attributes), found = []
    cdef xmlNode* root = tree._c_node
    cdef xmlNode* node = root
    cdef Py_ssize_t met = 0
    while node != NULL and met < most:
        if node.ns == NULL and wanted.has(<const char*>node.name):
            met += 1
            if may_name(node, names, sought):
                found.append(elementFactory(tree._doc, node))
        node = next_element(node, root)
    return found


cdef str text_from(xmlNode* first, list signs, Py_ssize_t below_chars):
    """The text of nodes that follow each other, None where it is as long or has no sign."""
    cdef xmlNode* node = first
    cdef Py_ssize_t chars = 0
    cdef str text
    while is_text(node):
        if node.content != NULL:
            chars += count_chars(node.content, strlen(<const char*>node.content))
            if chars >= below_chars:
                return None
        node = node.next
    if not chars:
        return None
    node, text = first, ""
    while is_text(node):
        if node.content != NULL:
            text += decoded(<const char*>node.content, strlen(<const char*>node.content))
        node = node.next
    for sign in signs:
        if sign in text:
            return text
    return None


cdef bint may_have(xmlNode* first, list signs):
    """Whether one of nodes that follow each other holds a sign, or there are several, between which one may stand."""
    if not is_text(first) or first.content == NULL:
        return False
    if is_text(first.next):
        return True
    for sign in signs:
        if strstr(<const char*>first.content, <const char*><bytes>sign) != NULL:
            return True
    return False


def texts_with(_Element tree not None, signs, Py_ssize_t below_chars):
    """See `winnow.corpus.page_metadata.element_scan.texts_with`."""
    cdef list sought = list(signs), raw = encoded(signs), found = []
    cdef xmlNode* root = tree._c_node
    cdef xmlNode* node = root
    while node != NULL:
        if may_have(node.children, raw):
            text = text_from(node.children, sought, below_chars)
            if text is not None:
                found.append((text, elementFactory(tree._doc, node)))
        if node != root and may_have(node.next, raw):
            text = text_from(node.next, sought, below_chars)
            if text is not None:
                found.append((text, elementFactory(tree._doc, node.parent)))
        node = next_element(node, root)
    return found
