"""Records (JSON objects, Parquet rows) as documents; the checks that every document passes."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Final

from winnow.corpus.dates import iso_date
from winnow.corpus.document import Metadata
from winnow.corpus.domains import folder_host, registered_domain, site_host
from winnow.corpus.inputs import InputFile
from winnow.corpus.raw import HTML, Quarantined, RawDocument
from winnow.corpus.readers.sniffing import sniffed_type
from winnow.corpus.settings import Fields, Settings

PLACES: Final = ("", "metadata.", "meta.")  # where dolma and datatrove write what is not text
LISTED_FIELDS: Final = 20  # of those that a record has, in a message


def accepted(document: RawDocument, settings: Settings) -> RawDocument | Quarantined:
    """The document itself, or the row for the quarantine if it is empty or too long."""
    size = len(document.content)
    if size > settings.max_document_bytes:
        limit = f"{size} bytes, over {settings.max_document_bytes}; raise --max-document-bytes to read it"
        return Quarantined(document.path, document.sha256, "too_large", limit)
    if not document.content.strip():
        return Quarantined(
            document.path, document.sha256, "empty", f"{size} bytes, all of them white space"
        )
    return document


def read_record(
    record: Mapping[str, object], path: str, file: InputFile, settings: Settings
) -> RawDocument | Quarantined:
    """A record's document, from its html if it has any, which says more, else from its text, which may be markup, too.

    URL, title, date and domain are read from the record or from its ``metadata`` or ``meta``. A name
    with a dot ("page.text") reads a field inside another.
    """
    fields = settings.fields
    names = [name for name in (fields.html, fields.text) if name]
    values = {name: value_at(record, name) for name in names}
    name = next((name for name in names if values[name]), "")
    if not name:
        return _without_content(record, values, path, fields)
    value = values[name]
    if not isinstance(value, str | bytes):
        return Quarantined(path, "", "malformed", f"{name!r} holds a {type(value).__name__}, not text")
    content = value if isinstance(value, bytes) else _utf8(value)
    recorded = iso_date(_text(record, "added"))
    document = RawDocument(
        path,
        content,
        HTML if name == fields.html else sniffed_type(content),  # texts of many collections are markup
        file.collection,
        recorded or file.modified,
        "utf-8" if isinstance(value, str) else "",
        _metadata(record, fields),
        host_folder(file),
        recorded=recorded,
    )
    return accepted(document, settings)


def value_at(record: Mapping[str, object], name: str) -> object:
    """The value of a record under a name, or under "outer.inner" in an inner object; None without one."""
    outer, _, inner = name.partition(".")
    below = record.get(outer)
    if name not in record and isinstance(below, Mapping):
        return below.get(inner)
    return record.get(name)


def missing_fields(present: Iterable[str], fields: Fields) -> str:
    """A message that lists the fields that are there, and the settings that name others."""
    names = sorted(present)
    listed = ", ".join(names[:LISTED_FIELDS]) + (", ..." if len(names) > LISTED_FIELDS else "")
    return (
        f"neither {fields.text!r} nor {fields.html!r}; there is: {listed or 'nothing'}; "
        "name the one to read with --text-field or --html-field"
    )


@lru_cache(maxsize=1024)
def host_folder(file: InputFile) -> str:
    """The host that the nearest folder of a file is named for, "" if none is named like one."""
    folders = (file.folder, *reversed(PurePosixPath(file.name).parent.parts))
    return next(filter(None, map(folder_host, folders)), "")


def _without_content(
    record: Mapping[str, object], content_fields: Iterable[str], path: str, fields: Fields
) -> Quarantined:
    present = [name for name in content_fields if name in record or value_at(record, name) is not None]
    if present:
        return Quarantined(path, sha256(b"").hexdigest(), "empty", f"nothing in {' or '.join(present)}")
    return Quarantined(path, "", "missing_field", _utf8(missing_fields(record, fields)).decode())


def _metadata(record: Mapping[str, object], fields: Fields) -> Metadata:
    url = str(_text(record, fields.url))
    domain = str(_text(record, fields.domain))
    place = domain if registered_domain(domain) else url
    title = str(_text(record, fields.title))
    date = iso_date(_text(record, fields.date))
    return Metadata(url, registered_domain(place), title, published=date, host=site_host(place))


def _text(record: Mapping[str, object], name: str) -> str | int | float:
    """A field's text or number, from the first place that has one; "" without."""
    values = (value_at(record, place + name) for place in PLACES if name)
    for value in values:
        if isinstance(value, bytes | str) and value.strip():
            return (value if isinstance(value, bytes) else _utf8(value)).decode("utf-8", "replace").strip()
        if isinstance(value, int | float):
            return value
    return ""


def _utf8(text: str) -> bytes:
    """A text's bytes, with half surrogate pairs (JSON allows them) replaced."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
