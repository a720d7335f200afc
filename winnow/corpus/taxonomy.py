"""The kinds of noise, what each means, and what happens to it unless a setting says otherwise."""

from typing import Final, Literal

Action = Literal["drop", "keep", "meta"]

# kind: (action, definition). `meta` takes the text out of the body and into the record's metadata.
KINDS: Final[dict[str, tuple[Action, str]]] = {
    "ad_marker": (
        "drop",
        "Label of an ad slot with no content of its own ('ADVERTISEMENT', 'Reklama', 'Continued below...').",
    ),
    "promo": (
        "drop",
        "Sponsored or commercial copy, product widgets, partner offers, house ads with real sentences.",
    ),
    "newsletter_signup": ("drop", "E-mail newsletter / feed / subscribe invitation."),
    "notification_prompt": ("drop", "Browser or app push-notification prompt."),
    "social_follow": ("drop", "Follow us / join our community or channel."),
    "reader_submission": ("drop", "Call to send tips, stories, corrections, with its contact line."),
    "comment_prompt": ("drop", "Comment heading, form, rules, or invitation to comment."),
    "reader_comment": (
        "drop",
        "Text written by readers under the article (incl. commenter name/date lines).",
    ),
    "share_bar": ("drop", "Share, print, save, like controls."),
    "counter": ("drop", "Views, shares, votes, ratings, reading time, comment counts."),
    "related_links": (
        "drop",
        "Related / most read / more from / read-more teasers, also inline 'Read also: ...'.",
    ),
    "navigation": ("drop", "Menus, breadcrumbs, search, skip links, back to top."),
    "toc": ("drop", "Table-of-contents heading and entries (also empty)."),
    "tag_list": ("drop", "Tags, topics, labels, filed under."),
    "pull_quote": ("drop", "A sentence lifted from the body and shown again."),
    "repeated_text": ("drop", "Title, deck, caption or paragraph repeated by the template."),
    "paywall": ("drop", "Log-in, subscription, metering and continue-reading walls."),
    "cookie_consent": ("drop", "Cookie, privacy and consent notices."),
    "legal_footer": ("drop", "Copyright, disclaimer, terms, imprint."),
    "section_label": ("drop", "Site name, rubric, slogan printed as a line."),
    "donation_appeal": ("drop", "Support-us and donation appeals."),
    "widget_residue": (
        "drop",
        "Residue of scripts, players, forms and templates ('Loading...', lone bullets, truncated fields).",
    ),
    "fake_author_block": ("drop", "Generated or placeholder identity: Faker fields, lorem bio, John Doe."),
    "author_bio": ("meta", "Biography of a presumably real author (moved to metadata, not body)."),
    "byline_date": ("meta", "Byline, dateline, publication time, agency line."),
    "image_caption": ("meta", "Caption or photo credit, alone on a line or glued to text."),
    "endnote": ("meta", "Notes and references list, and bare source URLs under the text."),
    "source_note": ("meta", "'Source: ...', 'first published in ...', citation line."),
    "boilerplate": ("drop", "What page extraction judges not to be the document."),
}

LAYOUT = "layout"  # blank lines left over by other removals; follows them, so it has no action of its own
