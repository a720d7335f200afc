SOURCE_HASH: str
LXML_VERSION: str
LIBXML_VERSION: tuple[int, int, int]
