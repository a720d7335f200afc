"""Reading rating lists: CSV with columns of our own, or like those of NewsGuard and Media Bias/Fact Check."""

import csv
import hashlib
import io
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, NoReturn

from winnow.corpus.dates import iso_date
from winnow.corpus.domains import site_host
from winnow.corpus.errors import UsageError
from winnow.models.reliability.ratings import Rating, RatingList

# Names of columns in lower case, the first that a file has counts. NewsGuard's are Domain, Rating, Score and
# Last Updated; Media Bias/Fact Check's those of its interface and of the copies that research groups publish.
SITES: Final = ("domain", "source_url", "site", "website", "host", "source", "url")
DATES: Final = ("date", "last_updated", "updated", "rated_on")
RATINGS: Final = ("rating", "score", "label")
LEVELS: Final = ("factual_reporting", "factual", "fact", "reporting")
CREDIBILITY: Final = ("credibility_rating", "credibility")
BIASES: Final = ("bias", "bias_rating")
SCALE: Final = "scale"
NEWSGUARD_SCALE: Final = "0-100"
CRITERION: Final = "does_not_repeatedly_publish_false"  # how NewsGuard's first criterion begins
DELIMITERS: Final = ",;\t"
NUMBER: Final = re.compile(r"-?\d{1,9}(?:\.\d{0,30})?(?:[eE][-+]?\d{1,2})?")
RANGE: Final = re.compile(
    r"(-?\d{1,9}(?:\.\d{1,9})?)\s{0,3}(?:-|–|to|\.\.)\s{0,3}(-?\d{1,9}(?:\.\d{1,9})?)"
)
MAX_DIGITS: Final = 13  # of milliseconds since 1970, to the year 2286
NOT_WORD: Final = re.compile(r"[\W_]+")
PREFIX: Final = re.compile(r"mbfc\d{0,4}_")

Cells = Mapping[str, str]


def read_rating_list(path: Path) -> RatingList:
    """The ratings of a CSV file (comma, semicolon or tab), named for the file, by site.

    A site is a host: `www.` is left out, international names are in ASCII, and a URL stands for its
    host. Rows that rate a part of a site (``example.com/blog``), name none, or do not rate it are
    counted and passed over. Of several ratings of a site the latest counts, of equally late ones
    the lowest. Raises UsageError with file, row and what to do.
    """
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; --ratings names a CSV file") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from error
    ratings: dict[str, Rating] = {}
    passed_over = 0
    for row, cells in _rows(path, text):
        site = _site(cells)
        rating = _rating(path, row, cells)
        if not site or (rating.score is None and not rating.is_satire):
            passed_over += 1
        elif site not in ratings or _rank(rating) > _rank(ratings[site]):
            ratings[site] = rating
    return RatingList(path.stem, hashlib.sha256(content).hexdigest(), ratings, passed_over)


def _rows(path: Path, text: str) -> Iterator[tuple[int, Cells]]:
    """The rows with the number of their last line, by normalised names of columns."""
    head = text.partition("\n")[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=head.count), strict=True
    )
    try:
        names = [PREFIX.sub("", NOT_WORD.sub("_", name.strip().lower())) for name in next(reader, [])]
        _check_columns(path, names)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, dict(zip(names, map(str.strip, cells), strict=False))
    except csv.Error as error:
        raise UsageError(f"{path}:{reader.line_num}: broken CSV ({error}); correct the row") from error


def _check_columns(path: Path, names: list[str]) -> None:
    alternatives = (SITES, (*RATINGS, *LEVELS, *CREDIBILITY, *BIASES))
    if not all(set(names) & set(columns) for columns in alternatives):
        raise UsageError(
            f"{path}:1: needs the columns domain and rating (with scale and date where there are any), or those "
            f"of NewsGuard or Media Bias/Fact Check; there are: {', '.join(names) or 'none'}"
        )


def _site(cells: Cells) -> str:
    """The host that a row rates, "" where it names none or a part of one."""
    named = _first(cells, SITES)
    host, _, below = re.sub(r"\A[a-z]{1,8}://", "", named.lower()).partition("/")
    return "" if below.strip("/") else site_host(host)


def _rating(path: Path, row: int, cells: Cells) -> Rating:
    """The rating in a row of any kind of list."""
    date = _date(_first(cells, DATES))
    if (bias := _words(_first(cells, BIASES))) in _unrated("satire"):
        return Rating(path.stem, bias, date, is_satire=True)
    for columns, table in ((LEVELS, "levels"), (CREDIBILITY, "credibility")):
        if (verdict := _words(_first(cells, columns).partition(" - ")[0])) not in _unrated("others"):
            return Rating(path.stem, verdict, date, _word_score(path, row, verdict, table))
    return _value_rating(path, row, cells, date)


def _value_rating(path: Path, row: int, cells: Cells, date: str) -> Rating:
    """A rating by number or word: a number where there is one, NewsGuard's T and N where there is none."""
    values = [cells[name] for name in RATINGS if cells.get(name)]
    words = [_words(value) for value in values]
    if any(word in _unrated("satire") for word in words):
        return Rating(path.stem, "satire", date, is_satire=True)
    if not words or any(word in _unrated("others") for word in words):
        return Rating(path.stem, "", date)
    scale = cells.get(SCALE) or (NEWSGUARD_SCALE if _is_newsguard(cells) else "")
    for value in values:
        if NUMBER.fullmatch(value):
            return Rating(path.stem, f"{value} of {scale}", date, _scaled(path, row, value, scale))
    return Rating(path.stem, words[0], date, _word_score(path, row, words[0], "verdicts"))


def _is_newsguard(cells: Cells) -> bool:
    return "score" in cells and ("rating" in cells or any(name.startswith(CRITERION) for name in cells))


def _scaled(path: Path, row: int, value: str, scale: str) -> float:
    """A number as its place between the worst and the best of a scale, which may run downwards."""
    if not (ends := RANGE.fullmatch(scale)) or float(ends[1]) == float(ends[2]):
        _fail(path, row, f"{value} has no scale", "add a column scale, from worst to best: 0-100")
    worst, best = float(ends[1]), float(ends[2])
    share = (float(value) - worst) / (best - worst)
    if not 0 <= share <= 1:
        _fail(path, row, f"{value} lies outside its scale {scale}", "correct one of them")
    return round(share, 4)


def _word_score(path: Path, row: int, verdict: str, table: str) -> float:
    scores: dict[str, float] = _tables()[table]
    if verdict not in scores:
        _fail(path, row, f"no rating is called {verdict!r}", f"use one of: {', '.join(scores)}")
    return scores[verdict]


def _fail(path: Path, row: int, what: str, next_step: str) -> NoReturn:
    raise UsageError(f"{path}:{row}: {what}; {next_step}")


def _first(cells: Cells, names: tuple[str, ...]) -> str:
    return next((cells[name] for name in names if cells.get(name)), "")


def _date(text: str) -> str:
    """A date as ISO 8601, "" for none; NewsGuard's are milliseconds since 1970."""
    is_number = text.isdecimal() and len(text) <= MAX_DIGITS
    return iso_date(text) or (iso_date(int(text)) if is_number else "")


def _words(text: str) -> str:
    return NOT_WORD.sub(" ", text.lower()).strip()


def _rank(rating: Rating) -> tuple[str, float]:
    return rating.date, -(rating.score or 0)


def _unrated(name: str) -> list[str]:
    words: list[str] = _tables()["unrated"][name]
    return words


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(
        (files("winnow.models.reliability") / "rating_words.toml").read_text(encoding="utf8")
    )
