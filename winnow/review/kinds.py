"""Families of kinds of noise, one for each colour, and text with its hidden characters visible."""

import unicodedata
from typing import Final

FAMILIES: Final = {
    "ads": ("ad_marker", "promo", "donation_appeal"),
    "prompts": (
        "newsletter_signup", "notification_prompt", "social_follow", "reader_submission", "comment_prompt", "paywall",
        "cookie_consent",
    ),
    "links": ("related_links", "navigation", "toc", "tag_list", "section_label"),
    "controls": ("share_bar", "counter", "legal_footer", "widget_residue"),
    "repeats": ("pull_quote", "repeated_text"),
    "people": ("fake_author_block", "reader_comment"),
    "moved": ("author_bio", "byline_date", "image_caption", "endnote", "source_note"),
    "page": ("boilerplate",),
}  # fmt: skip
FAMILY_OF_KIND: Final = {kind: family for family, kinds in FAMILIES.items() for kind in kinds}
HIDDEN: Final = frozenset({"Cc", "Cf", "Co", "Cs"})  # categories that show nothing, or steer what is shown
SHOWN: Final = frozenset("\n\t\u200c\u200d\xad")  # of these; Persian, emoji and hyphenation need them
SIGN: Final = "␦"  # stands for one hidden character, so that offsets stay


def visible(text: object) -> str:
    r"""A text with a sign for every character that is invisible or reverses the text beside it.

    >>> visible("gnp.\u202eexe")
    'gnp.␦exe'
    """
    characters = str(text)
    if characters.isascii() and characters.isprintable():
        return characters
    return "".join(SIGN if unicodedata.category(c) in HIDDEN and c not in SHOWN else c for c in characters)
