"""Rating lists that users have: read, checked row by row, and what is passed over counted."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from winnow.corpus.dates import iso_date
from winnow.corpus.domains import site_host
from winnow.corpus.errors import UsageError
from winnow.corpus.rating_option import FORM, RatingOption, parse_rating_option
from winnow.models.reliability.list_kinds import (
    DATES,
    MAPPED,
    RATINGS,
    SCALE,
    SITES,
    ListKind,
    UnreadableRatingError,
    Verdict,
    first_cell,
    kind_of,
    listed_values,
)
from winnow.models.reliability.list_tables import (
    MAX_ROWS,
    Cells,
    ListTable,
    column_key,
    read_table,
    shown_columns,
)
from winnow.models.reliability.ratings import Rating, RatingList

MAX_DIGITS: Final = 13  # of milliseconds since 1970, to the year 2286
# Of the ratings of a list; more that make no sense, and the list as a whole is not understood. Lists that people type,
# such as OpenSources, misspell a word now and then.
MAX_UNREADABLE_SHARE: Final = 0.1
USUAL: Final = {"domain": SITES, "rating": RATINGS, "scale": (SCALE,), "date": DATES}
HOME: Final = re.compile(r"/(?:index\.(?:html?|php))?(?:[?#].*)?", re.DOTALL)
SCHEME: Final = re.compile(r"\A(?:[a-z]{1,8}:)?//", re.IGNORECASE)
MAX_SITE_CHARS: Final = 2000


def read_rating_list(option: str | Path | RatingOption) -> RatingList:
    """The ratings of a file by site: CSV, JSON or Parquet, of a kind that its columns tell, or as the option maps them.

    A site is a host: `www.` is left out, international names are in ASCII, and a URL stands for its host. Rows that
    rate a part of a site (``example.com/blog``), name none, do not rate it or make no sense are counted and passed
    over. Of several ratings of a site the latest counts, of equally late ones the lowest. Raises UsageError, with
    file, row and what to do, for a file that cannot be read, and where over a tenth of the ratings make no sense.
    """
    if isinstance(option, str):
        option = parse_rating_option(option)
    elif isinstance(option, Path):
        option = RatingOption(option)
    try:
        content = option.path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{option.path}: {error.strerror}; --ratings names a CSV, JSON or Parquet file"
        ) from error
    table = read_table(option.path, content)
    kind, names = _mapped(option, table) if option.mapping else _recognised(option.path, table)
    collected = _Collected(option.name)
    for number, (place, cells) in enumerate(_read_cells(table, names, option.scale), 1):
        if number > MAX_ROWS:
            raise UsageError(f"{option.path}: over {MAX_ROWS} rows; leave out those of no use")
        collected.add(place, cells, kind)
    collected.check()
    return RatingList(
        name=option.name,
        sha256=hashlib.sha256(content).hexdigest(),
        ratings=collected.ratings,
        kind=kind.name,
        skipped=dict(sorted(collected.skipped.items())),
        examples=tuple(
            example.replace(str(option.path), f"{option.name}{option.path.suffix}", 1)
            for example in collected.examples.values()
        ),
        contradictions=collected.contradictions(),
        mapping=option.mapping,
    )


def _recognised(path: Path, table: ListTable) -> tuple[ListKind, Mapping[str, str]]:
    """The kind of a table, and the keys of its columns by their names."""
    names = {name: column_key(name) for name in table.columns}
    kind = kind_of(frozenset(names.values()))
    if kind is None:
        raise UsageError(
            f"{path}:1: needs the columns domain and rating (with scale and date where there are any), those of a list "
            f"in docs/ratings.md, or to be told which: {FORM}; there are: {shown_columns(table.columns)}"
        )
    return kind, names


def _mapped(option: RatingOption, table: ListTable) -> tuple[ListKind, Mapping[str, str]]:
    """Columns of our own by the names that an option gives, those that it does not give by their usual names."""
    names = {_column(option, table, wanted): key for key, wanted in option.columns.items()}
    for key, usual in USUAL.items():
        if key not in option.columns and (name := _usual_column(table, usual)) is not None:
            names.setdefault(name, key)
    for key in ("domain", "rating"):
        if key not in names.values():
            raise UsageError(
                f"{option.path}:1: which column is the {key}? add {key}=COLUMN; "
                f"there are: {shown_columns(table.columns)}"
            )
    return MAPPED, names


def _column(option: RatingOption, table: ListTable, wanted: str) -> str:
    """The column of a name: exactly, or without case and punctuation."""
    if wanted in table.columns:
        return wanted
    alike = [name for name in table.columns if column_key(name) == column_key(wanted)]
    if len(alike) != 1:
        what = "several columns are" if alike else "no column is"
        raise UsageError(
            f"{option.path}:1: {what} called {wanted!r}; there are: {shown_columns(table.columns)}"
        )
    return alike[0]


def _usual_column(table: ListTable, keys: tuple[str, ...]) -> str | None:
    return next((name for key in keys for name in table.columns if column_key(name) == key), None)


def _read_cells(table: ListTable, names: Mapping[str, str], scale: str) -> Iterator[tuple[str, Cells]]:
    """The rows by the keys of columns."""
    for place, row in table.rows:
        cells: dict[str, str] = {}
        for name, cell in row.items():
            if name in names:
                cells.setdefault(names[name], cell)
        yield place, cells | ({"scale": scale} if scale else {})


@dataclass(slots=True)
class _Collected:
    """The ratings of a list while its rows are read."""

    list_name: str
    ratings: dict[str, Rating] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)  # rows by why
    examples: dict[str, str] = field(default_factory=dict)  # the first of each
    rated: int = 0  # sites in rows, repeated ones as often
    latest: dict[str, tuple[str, set[float | None]]] = field(default_factory=dict)

    def add(self, place: str, cells: Cells, kind: ListKind) -> None:
        """Take a row in, or count why not."""
        named = listed_values(first_cell(cells, kind.sites))
        sites = dict.fromkeys(filter(None, map(_site, named)))
        if not sites:
            is_part = any(_part(each) for each in named)
            self._skip("part_of_site" if is_part else "no_site", place, ", ".join(named))
            return
        try:
            verdict = kind.verdict(cells)
        except UnreadableRatingError as error:
            self._skip("unreadable", place, str(error))
            return
        if verdict.score is None and not verdict.is_satire:
            self._skip("no_rating", place, next(iter(sites)))
            return
        for site in sites:
            self._rate(site, verdict, _date(first_cell(cells, DATES)))

    def check(self) -> None:
        """Raise UsageError where too many ratings make no sense."""
        unreadable = self.skipped["unreadable"]
        if unreadable > MAX_UNREADABLE_SHARE * (self.rated + unreadable):
            raise UsageError(self.examples["unreadable"])

    def contradictions(self) -> int:
        """Sites that rows of one day rate differently."""
        return sum(len(scores) > 1 for _, scores in self.latest.values())

    def _rate(self, site: str, verdict: Verdict, date: str) -> None:
        rating = Rating(self.list_name, verdict.said, date, verdict.score, verdict.is_satire)
        self.rated += 1
        if site not in self.ratings or _rank(rating) > _rank(self.ratings[site]):
            self.ratings[site] = rating
        day, scores = self.latest.get(site, ("", set()))
        if date > day:
            self.latest[site] = (date, {verdict.score})
        elif date == day:
            self.latest[site] = (day, scores | {verdict.score})

    def _skip(self, reason: str, place: str, what: str) -> None:
        self.skipped[reason] += 1
        shown = what if reason == "unreadable" else what[:100]
        self.examples.setdefault(reason, f"{place}: {shown}")


def _site(named: str) -> str:
    """The host that a text names, "" where it names none or a part of one."""
    if len(named) > MAX_SITE_CHARS:
        return ""
    host, below = _host_and_path(named)
    return site_host(host) if HOME.fullmatch(below) else ""


def _part(named: str) -> str:
    """The host of which a text names a part."""
    host, below = _host_and_path(named[:MAX_SITE_CHARS])
    return "" if HOME.fullmatch(below) else site_host(host)


def _host_and_path(named: str) -> tuple[str, str]:
    scheme = SCHEME.match(named)
    host, _, below = named[scheme.end() if scheme else 0 :].partition("/")
    return f"//{host}" if scheme else host, f"/{below.strip('/')}"


def _date(text: str) -> str:
    """A date as ISO 8601, "" for none; NewsGuard's are milliseconds since 1970."""
    is_number = text.isdecimal() and len(text) <= MAX_DIGITS
    return iso_date(text) or (iso_date(int(text)) if is_number else "")


def _rank(rating: Rating) -> tuple[str, bool, float, str]:
    """The order of ratings of a site: the latest first, then satire, then the lowest."""
    return rating.date, rating.is_satire, -(rating.score or 0), rating.verdict
