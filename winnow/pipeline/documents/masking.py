"""Masking of people's contacts in a record, as the setting ``contacts`` says."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from winnow.corpus.contacts.mask import CONTACT_KINDS, Contact, find_contacts, mask_contacts
from winnow.corpus.document import Cleaned
from winnow.corpus.record import Signal
from winnow.corpus.settings import Settings
from winnow.corpus.spans import removed_chars


@dataclass(frozen=True, slots=True)
class MaskedDocument:
    """A cleaned document as its record shows it. Masks are as long as what they hide, so that all offsets hold."""

    remaining: Cleaned  # for the text
    removed: Cleaned  # for the removed spans, and the metadata made of them
    masked: dict[str, int]  # contacts masked in either, by kind
    remaining_contacts: int  # masked ones in the text


def mask_document(cleaned: Cleaned, settings: Settings) -> MaskedDocument:
    """A cleaned document with its contacts masked: none, those in what was removed, or all."""
    if settings.contacts == "keep":
        return MaskedDocument(cleaned, cleaned, {}, 0)
    contacts = find_contacts(cleaned.document.text)
    text = mask_contacts(cleaned.document.text, contacts)
    masked = replace(cleaned, document=replace(cleaned.document, text=text))
    removed_counts = removed_chars(contacts, cleaned.removals)
    removed = [contact for contact, chars in zip(contacts, removed_counts, strict=True) if chars]
    if settings.contacts == "mask":
        return MaskedDocument(cleaned, masked, _counts_by_kind(removed), 0)
    remaining_contacts = sum(
        chars < c.end - c.start for c, chars in zip(contacts, removed_counts, strict=True)
    )
    return MaskedDocument(masked, masked, _counts_by_kind(contacts), remaining_contacts)


def mask_text(text: str, settings: Settings) -> str:
    """A piece of metadata, with its contacts masked unless the setting keeps them."""
    return text if settings.contacts == "keep" else mask_contacts(text)


def mask_signals(signals: Sequence[Signal], settings: Settings) -> tuple[Signal, ...]:
    """Signals whose evidence shows no contact, unless the setting keeps them."""
    return tuple(replace(s, evidence=mask_text(s.evidence, settings)) for s in signals)


def _counts_by_kind(contacts: Iterable[Contact]) -> dict[str, int]:
    counts = Counter(contact.kind for contact in contacts)
    return {kind: counts[kind] for kind in CONTACT_KINDS}
