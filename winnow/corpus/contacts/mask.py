"""Contacts of people in a text, and the text with placeholders of the same length in their place."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, Literal

from winnow.corpus.contacts.addresses import find_addresses
from winnow.corpus.contacts.contact_words import load_words
from winnow.corpus.contacts.phones import find_phones

ContactKind = Literal["email", "phone", "address"]
CONTACT_KINDS: Final[tuple[ContactKind, ...]] = ("email", "phone", "address")
AT: Final = r"(?:@|＠|\s?[\[({<]\s?(?:at|@|arroba|ät)\s?[\])}>]\s?)"
DOT: Final = r"(?:\.|\s?[\[({<]\s?(?:dot|punkt|punto|point|\.)\s?[\])}>]\s?)"
EMAIL: Final = re.compile(  # RFC 5321: 64 characters before the @; one that the text's end cuts counts too
    rf"(?<![\w.%+-])(?P<box>[\w%+'-][\w.%+'-]{{0,63}}){AT}"
    rf"(?:[\w-]{{1,63}}{DOT}){{0,5}}(?:[^\W\d_]{{2,24}}(?![\w@-])|[\w-]{{0,63}}\Z)",
    re.IGNORECASE,
)
AT_SIGN: Final = re.compile(  # behind what may be the end of a mailbox
    r"[@＠\[({<](?<=[\w.%+'\-\s\[({<].)(?:(?<=[@＠])|\s?(?i:at|arroba|ät)\s?[\])}>])"
)
BOX_BEFORE: Final = re.compile(r"[\w.%+'-]{1,64}\s?(?:[\[({<]\s?)?\Z")
BOX_START: Final = re.compile(r"(?<![\w.%+-])[\w%+'-]")  # where `EMAIL` may begin
BOX_CHARS: Final = 67  # of `BOX_BEFORE` at most
BOX_WORDS: Final = re.compile(r"[^\W_]+")
FILL: Final = "."
PLACEHOLDER: Final = re.compile(rf"\[(?:{'|'.join(CONTACT_KINDS)})\.*\]")


@dataclass(frozen=True, slots=True, order=True)
class Contact:
    """An e-mail address, telephone number or postal address, at ``text[start:end]``."""

    start: int
    end: int
    kind: ContactKind


def find_contacts(text: str) -> tuple[Contact, ...]:
    """The contacts in a text, disjoint and in order; mailboxes of a role, such as ``info@``, do not count.

    Linear in the text's length.
    """
    contacts = (
        *(Contact(*span, "email") for span in _find_emails(text)),
        *(Contact(*span, "address") for span in find_addresses(text)),
        *(Contact(*span, "phone") for span in find_phones(text)),
    )
    return tuple(_without_overlaps(sorted(contacts)))


def mask_contacts(text: str, contacts: Iterable[Contact] | None = None) -> str:
    r"""A text of the same length and lines, with a placeholder for each of ``contacts``, or for all that are found.

    >>> mask_contacts("Write to ada.moss@post.example.\n")
    'Write to [email...............].\n'
    """
    contacts = find_contacts(text) if contacts is None else contacts
    pieces, at = list[str](), 0
    for contact in contacts:
        pieces += [text[at : contact.start], _placeholder(text[contact.start : contact.end], contact.kind)]
        at = contact.end
    return "".join([*pieces, text[at:]])


def has_placeholder(text: str) -> bool:
    """Whether a text was masked, or quotes one that was."""
    return PLACEHOLDER.search(text) is not None


def _find_emails(text: str) -> Iterator[tuple[int, int]]:
    for address in _mail_addresses(text):
        words = BOX_WORDS.findall(address["box"].casefold())
        if not (words and _mailboxes().issuperset(words)):
            yield address.span()


def _mail_addresses(text: str) -> Iterator[re.Match[str]]:
    """The matches of `EMAIL`, in order; only places before a sign that may mean @ are searched, for speed."""
    reached = 0
    for at in AT_SIGN.finditer(text):
        box = BOX_BEFORE.search(text, max(reached, at.start() - BOX_CHARS), at.start())
        starts = BOX_START.finditer(text, *box.span()) if box else ()
        address = next(filter(None, (EMAIL.match(text, start.start()) for start in starts)), None)
        if address:
            reached = address.end()
            yield address


def _without_overlaps(contacts: Iterable[Contact]) -> Iterator[Contact]:
    """Sorted contacts, each without the characters that earlier ones cover."""
    reached = 0
    for contact in contacts:
        if contact.end > reached:
            yield replace(contact, start=max(contact.start, reached))
            reached = contact.end


def _placeholder(text: str, kind: ContactKind) -> str:
    """``[kind....]`` for each line of a text, as long as the line; cut or only dots where the line is too short."""
    return "\n".join(_mask_line(len(line), kind) for line in text.split("\n"))


def _mask_line(length: int, kind: ContactKind) -> str:
    inside = max(0, length - 2)
    return f"[{kind[:inside].ljust(inside, FILL)}]" if length > 2 else FILL * length  # brackets


@cache
def _mailboxes() -> frozenset[str]:
    """Names of mailboxes that belong to a role, not a person."""
    return frozenset(load_words("mailboxes", "rfc2142") + load_words("mailboxes", "offices"))
