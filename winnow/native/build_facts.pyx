"""What the native core was built from and against."""

cdef extern from "lxml-version.h":
    const char* LXML_VERSION_STRING

cdef extern from "libxml/xmlversion.h":
    int LIBXML_VERSION_NUMBER "LIBXML_VERSION"

cdef extern from *:
    """
    #ifndef WINNOW_SOURCE_HASH
    #define WINNOW_SOURCE_HASH ""
    #endif
    """
    const char* WINNOW_SOURCE_HASH

SOURCE_HASH = WINNOW_SOURCE_HASH.decode("ascii")
LXML_VERSION = LXML_VERSION_STRING.decode("ascii")
LIBXML_VERSION = (
    LIBXML_VERSION_NUMBER // 10000,
    LIBXML_VERSION_NUMBER // 100 % 100,
    LIBXML_VERSION_NUMBER % 100,
)
