"""A page's metadata, from JSON-LD, meta elements and the visible page."""

from winnow.corpus.document import Metadata
from winnow.corpus.layout.html import PageTree
from winnow.corpus.page_metadata.days import page_date
from winnow.corpus.page_metadata.declared import declared_language, read_declared
from winnow.corpus.page_metadata.json_ld import json_ld_url
from winnow.corpus.page_metadata.page_authors import page_authors
from winnow.corpus.page_metadata.shown import VisibleBylines
from winnow.corpus.page_metadata.site_name import site_name
from winnow.corpus.page_metadata.titles import page_site, page_title

__all__ = ["declared_language", "json_ld_url", "page_metadata"]


def page_metadata(tree: PageTree, url: str = "", latest: str = "") -> Metadata:
    """A page's address, title, authors, time of publication and site; its domain is left empty.

    ``url`` is the address of the page, if known; without it the address that the page declares is taken.
    ``latest`` is the last day on which it can have been published; later ones are passed over ("" for no bound).
    A field is "" or () where the page does not give it. Takes 5 ms of CPU on WCXB's pages (mean,
    bench.metadata); little more on larger ones, for what is read is bounded.

    >>> from winnow.corpus.layout import parse_page
    >>> page_metadata(parse_page("<title>Rain | Pigeon</title><h1>Rain</h1><p>By Ada Moss, 3 May 2024")).authors
    ('Ada Moss',)
    """
    declared = read_declared(tree, url)
    site = page_site(declared)
    title, heading = page_title(declared, site)
    bylines = VisibleBylines(tree, heading)
    return Metadata(
        url=declared.url,
        title=title,
        authors=page_authors(declared, bylines, site, title),
        published=page_date(declared, bylines, latest),
        site_name=site_name(declared),
    )
