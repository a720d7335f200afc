"""The day behind words such as "Published on", anywhere in the text of a page."""

import re
from itertools import islice
from typing import Final

from lxml.etree import XPath

from winnow.corpus.layout.html import PageTree
from winnow.corpus.page_metadata.day_reader import DayReader
from winnow.corpus.page_metadata.element_texts import one_line

LABEL: Final = re.compile(
    r"(?:(?<!\w)(?:(?:date )?(?:published|posted|created)(?: (?:on|at))?|publication date|date of publication"
    r"|submitted (?:on|by)|first published|originally published|release date"
    r"|veröffentlicht(?: am)?|erstellt(?: am)?|verfasst am|publiziert am|erschienen am|publié le|mis en ligne le"
    r"|publicado(?: el| em)?|fecha de publicación|pubblicato il|data di pubblicazione|data publikacji|data dodania"
    r"|opublikowano|dodano|utworzono|geplaatst op|gepubliceerd op|publicerad|publiceret|publisert|julkaistu|publikováno"
    r"|vydáno|zveřejněno|közzétéve|megjelent|publicat(?: pe| la)?|data publicării|yayınlanma(?: tarihi)?|yayın tarihi"
    r"|eklenme tarihi|опубликовано|дата публикации|размещено|добавлено|опубліковано|публикувано|δημοσιε[υύ][τθ]ηκε"
    r"|δημοσ[ιί]ευση|ημερομηνία δημοσίευσης"
    r"|diterbitkan|ngày đăng|đăng ngày|نشر(?: في| بتاريخ)?|تاريخ النشر|تاریخ انتشار|פורסם)"
    r"|(?:发稿|發稿|刊登|入稿|上传|上傳|录入|錄入|刊发|刊發|發佈|发布)(?:时间|時間|日期)|发布时间|发布日期|发表时间|发表于|发布于|發布時間|發佈日期|發表於|公開日|投稿日|掲載日|配信|등록일?|입력|작성일|게시일|เผยแพร่|วันที่)"
    r"[\s:：|·,-]{0,6}(?P<day>[^\n]{6,50})",
    re.IGNORECASE,
)
# Begins with two digits and looks back at them: a search for such a beginning takes a third of the time
YEAR: Final = re.compile(
    r"\d\d(?:(?:(?<=19)|(?<=20)|(?<=25)|(?<=13)|(?<=14))\d\d(?!\d)|(?<=[۰-۹٠-٩]{2})[۰-۹٠-٩]{2}"
    r"|[./]\d\d[./]\d\d(?!\d))"
)
CODE: Final = re.compile(r"[{}=;*<>\\]")  # beside a year in a script or a style
TEXTS: Final = XPath("descendant::text()", smart_strings=False)
MAX_CHARS: Final = 300_000  # of a page that are searched
MAX_PIECE_CHARS: Final = 2_000  # of a text between tags; longer ones are scripts
MAX_YEARS: Final = 200  # of a page that are looked at
CHARS_BEFORE: Final = 80  # of a year, that may hold its label
CHARS_BEHIND: Final = 16


def labelled_day(tree: PageTree, reader: DayReader) -> str:
    """The first day that follows directly on a label in the page's text, "" without one."""
    text = " ".join([piece for piece in TEXTS(tree) if len(piece) <= MAX_PIECE_CHARS])[:MAX_CHARS]
    for year in islice(YEAR.finditer(text), MAX_YEARS):
        around = one_line(text[max(0, year.start() - CHARS_BEFORE) : year.end() + CHARS_BEHIND])
        label = None if CODE.search(around) else LABEL.search(around)
        if label and (day := reader.text_day(label["day"])):
            return day
    return ""
