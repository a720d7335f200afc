"""Families of kinds of noise, one for each colour, and the keys and signs of labels."""

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
# label, key, letter on its button
SIGNS: Final = (
    ("reliable", "1", "R"),
    ("mixed", "2", "M"),
    ("unreliable", "3", "U"),
    ("unknown", "0", "–"),
)
