"""Files of ratings of every form: read alike, mapped by an option, and told of what they hold and of what is wrong."""

import gzip
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.corpus.domains import site_host
from winnow.corpus.errors import UsageError
from winnow.models.reliability.list_kinds import SITES, kind_of
from winnow.models.reliability.list_tables import MAX_LIST_BYTES, read_table
from winnow.models.reliability.rating_lists import read_rating_list
from winnow.models.reliability.ratings import RatingList

ROWS: list[dict[str, object]] = [
    {"Site": "ledger.example", "pc1": 0.75, "Seen": "2024-05-01"},
    {"Site": "www.blaze.example", "pc1": 0.125, "Seen": "2024-05-02"},
    {"Site": "amber.example", "pc1": None, "Seen": None},
]


def as_csv(rows: Sequence[dict[str, object]], delimiter: str = ",") -> str:
    lines = [[*rows[0]], *(["" if cell is None else str(cell) for cell in row.values()] for row in rows)]
    return "".join(delimiter.join(line) + "\n" for line in lines)


def scores(rating_list: RatingList) -> dict[str, float | None]:
    return {site: rating.score for site, rating in rating_list.ratings.items()}


def written(folder: Path, content: str | bytes, name: str = "watchers.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


FORMS = {
    "CSV": as_csv(ROWS),
    "TSV": as_csv(ROWS, "\t"),
    "UTF-16": as_csv(ROWS, "\t").encode("utf-16"),
    "JSON": json.dumps(ROWS),
    "JSON in UTF-16": json.dumps(ROWS).encode("utf-16"),
    "JSON Lines": "".join(json.dumps(row) + "\r\n" for row in ROWS),
    "a wrapper": json.dumps({"made": "2024", "sources": ROWS}),
}


@pytest.mark.parametrize("content", FORMS.values(), ids=FORMS)
def test_every_form_gives_the_same_ratings_whatever_the_file_is_called(
    tmp_path: Path, content: str | bytes
) -> None:
    rating_list = read_rating_list(written(tmp_path, content, "list.dat"))
    assert (rating_list.name, rating_list.kind) == ("list", "Lin et al.")
    assert scores(rating_list) == {"ledger.example": 0.75, "blaze.example": 0.125}
    assert dict(rating_list.skipped) == {"no_rating": 1}


@pytest.mark.parametrize("seen", [pa.string(), pa.large_string(), pa.dictionary(pa.int8(), pa.string())])
def test_parquet_is_read_as_text_would_be(tmp_path: Path, seen: pa.DataType) -> None:
    schema = pa.schema({"Site": pa.string(), "pc1": pa.float64(), "Seen": seen})
    pq.write_table(pa.Table.from_pylist(ROWS, schema), tmp_path / "list.parquet")
    rating_list = read_rating_list(f"{tmp_path}/list.parquet:domain=Site,rating=pc1,scale=0-1,date=Seen")
    assert scores(rating_list) == {"ledger.example": 0.75, "blaze.example": 0.125}
    assert rating_list.ratings["blaze.example"].date == "2024-05-02"


def test_lists_of_sites_in_parquet_are_sites_each(tmp_path: Path) -> None:
    table = pa.table({"domain": [["a.example", "b.example/x"], []], "status": ["Deprecated", "gr"]})
    pq.write_table(table, tmp_path / "wiki.parquet")
    rating_list = read_rating_list(tmp_path / "wiki.parquet")
    assert (scores(rating_list), dict(rating_list.skipped)) == ({"a.example": 0.2}, {"no_site": 1})


OTHER = "Homepage,Trust (0 to 5),Seen on\nledger.example,4,2024-05-01\nblaze.example,1,\n"


@pytest.mark.parametrize(
    "mapping",
    [
        "domain=Homepage,rating=Trust (0 to 5),scale=0-5,date=Seen on",
        "domain=homepage,rating=trust 0 TO 5,scale=0-5",
    ],
)
def test_columns_that_no_kind_has_are_read_by_the_names_that_are_given(
    tmp_path: Path, mapping: str
) -> None:
    rating_list = read_rating_list(f"{written(tmp_path, OTHER)}:{mapping}")
    assert scores(rating_list) == {"ledger.example": 0.8, "blaze.example": 0.2}
    assert (rating_list.kind, rating_list.name) == ("columns as named", "watchers")


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ("", ["needs the columns domain and rating", "FILE:domain=COLUMN"]),
        (":domain=Homepage", ["which column is the rating? add rating=COLUMN"]),
        (":rating=Seen on", ["which column is the domain? add domain=COLUMN"]),
        (":domain=Homepage,rating=Trust", ["no column is called 'Trust'"]),
        (":domain=Homepage,rating=Trust (0 to 5),scale=0-3", [":2: 4 lies outside its scale 0-3"]),
        (":domain=Homepage,rating=Trust (0 to 5)", [":2: 4 has no scale; add a column scale"]),
    ],
)
def test_columns_that_are_not_there_are_told_with_those_that_are(
    tmp_path: Path, mapping: str, says: list[str]
) -> None:
    with pytest.raises(UsageError) as raised:
        read_rating_list(f"{written(tmp_path, OTHER)}{mapping}")
    columns = [] if "lies" in says[0] or "scale;" in says[0] else ["Homepage, Trust (0 to 5), Seen on"]
    assert [each for each in [*says, *columns] if each not in str(raised.value)] == []


def test_a_name_that_two_columns_could_have_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "domain,my score,My Score!\na.example,1,2\n")
    with pytest.raises(UsageError, match="several columns are called 'MY SCORE'"):
        read_rating_list(f"{path}:rating=MY SCORE,scale=0-5")
    assert scores(read_rating_list(f"{path}:rating=My Score!,scale=0-5")) == {"a.example": 0.4}


def test_words_of_any_list_count_in_a_column_that_a_user_names(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "domain,level\na.example,Mostly-Factual\nb.example,Generally unreliable\nc.example,mixed\n",
    )
    assert scores(read_rating_list(f"{path}:rating=level")) == {
        "a.example": 0.71,
        "b.example": 0.2,
        "c.example": 0.5,
    }


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"PK\x03\x04rest", ["is a workbook or a zip archive; save the sheet as CSV"]),
        (gzip.compress(b"domain,rating\n", mtime=0), ["is packed with gzip; unpack it"]),
        (b"PAR1 cut off", ["not a Parquet file that can be read", "write it again"]),
        (b"\xff\xfeab\x00", ["not UTF-16 at byte", "save it as UTF-8"]),
        ('[{"domain": "a.example",]', [":1: invalid JSON", "correct the line"]),
        ('{"domain": "a.example"}\n{"domain": \n', [":2: invalid JSON", "correct the line"]),
        ('{"a": "b"}\n7\n', [":2: not a JSON object; give one a line"]),
        ("[1, 2]", [":1: no list of JSON objects; give one for each site"]),
        ("[" * 100_000, ["invalid JSON (nested too deep)"]),
        ("{}", ["there are: none"]),
        ("[]", ["there are: none"]),
        (",".join(f"column {n}" for n in range(1000)), ["column 39, and 960 more"]),
        (f"{'x' * 100_000},b\n", [f"there are: {'x' * 60}…, b"]),
        ("domain,rating\n" + '"' + "x" * 200_000 + '",mixed\n', ["broken CSV (field larger than"]),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_a_line(
    tmp_path: Path, content: str | bytes, says: list[str]
) -> None:
    path = written(tmp_path, content)
    with pytest.raises(UsageError) as raised:
        read_rating_list(path)
    message = str(raised.value)
    assert message.startswith(str(path)) and "\n" not in message and len(message) < 3000
    assert [each for each in says if each not in message] == []


def test_what_is_nested_costs_nothing_and_is_no_text(tmp_path: Path) -> None:
    deep = '["' + "[" * 300 + '\\"' + "]" * 300 + '", ' + "[" * 300 + '"x"' + "]" * 300 + "]"
    rows = ",".join(
        f'{{"domain": "n{n}.example", "rating": {value}}}' for n, value in enumerate([deep, '{"x": [1]}'])
    )
    rating_list = read_rating_list(written(tmp_path, f'[{rows}, {{"domain": {deep}, "rating": "mixed"}}]'))
    assert rating_list.passed_over == 3 and rating_list.ratings == {}


def test_half_a_character_and_a_name_that_is_not_utf8_can_be_written(tmp_path: Path) -> None:
    content = '[{"domain": "\\ud800", "rating": "mixed"}, {"domain": "a.example", "rating": "mixed"}]'
    rating_list = read_rating_list(written(tmp_path, content, "caf\udce9.json"))
    assert (rating_list.name, [*rating_list.ratings]) == ("caf?", ["a.example"])
    assert [example.encode() for example in rating_list.examples] == [b"caf?.json: entry 1: ?"]


def test_all_sites_of_a_long_cell_count(tmp_path: Path) -> None:
    record = {"domain": [f"n{n}.example" for n in range(300)], "status": "Deprecated"}
    assert len(read_rating_list(written(tmp_path, json.dumps([record]))).ratings) == 300


def test_parquet_may_hold_text_as_bytes_and_days_as_times(tmp_path: Path) -> None:
    table = pa.table({"domain": [b"a.example"], "rating": [b"mixed"], "date": [datetime(2024, 5, 1)]})
    pq.write_table(table, tmp_path / "list.parquet")
    [rating] = read_rating_list(tmp_path / "list.parquet").ratings.values()
    assert (rating.score, rating.date[:10]) == (0.5, "2024-05-01")


def test_a_number_with_a_comma_is_told_how_to_be_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no rating is called '0,75'; give a number like 0\.75"):
        read_rating_list(written(tmp_path, "domain;score;scale\na.example;0,75;0-1\n"))


def test_a_file_over_the_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(UsageError, match="over 200 MB; leave out columns"):
        read_table(Path("list.csv"), bytes(MAX_LIST_BYTES + 1))


def test_what_is_passed_over_is_counted_by_reason_with_the_first_of_each(tmp_path: Path) -> None:
    good = "".join(f"n{n}.example,50,0-100\n" for n in range(20))
    bad = (
        "The Ledger,50,0-100\na.example/blog,50,0-100\nb.example,n/a,\nc.example,7,0-5\nd.example/x,1,0-5\n"
    )
    rating_list = read_rating_list(written(tmp_path, f"domain,rating,scale\n{good}{bad}"))
    assert dict(rating_list.skipped) == {"no_site": 1, "part_of_site": 2, "no_rating": 1, "unreadable": 1}
    assert rating_list.passed_over == 5
    assert sorted(rating_list.examples) == [
        "watchers.csv:22: The Ledger",
        "watchers.csv:23: a.example/blog",
        "watchers.csv:24: b.example",
        "watchers.csv:25: 7 lies outside its scale 0-5; correct one of them",
    ]


@pytest.mark.parametrize(("good", "is_read"), [(9, True), (8, False)])
def test_a_list_of_which_over_a_tenth_makes_no_sense_is_refused(
    tmp_path: Path, good: int, is_read: bool
) -> None:
    rows = "".join(f"n{n}.example,mixed\n" for n in range(good))
    path = written(tmp_path, f"domain,rating\n{rows}a.example,splendid\n")
    if is_read:
        assert read_rating_list(path).skipped == {"unreadable": 1}
    else:
        with pytest.raises(UsageError, match=r"csv:10: no rating is called 'splendid'"):
            read_rating_list(path)


@pytest.mark.parametrize(
    ("rows", "contradictions"),
    [
        ("a.example,90\nwww.A.example,90\n", 0),
        ("a.example,90\nwww.A.example,30\n", 1),
        ("a.example,90,2024-01-01\na.example,30,2023-01-01\n", 0),
        ("a.example,30,2023-01-01\na.example,40,2023-01-01\na.example,90,2024-01-01\n", 0),
        (
            "a.example,90,2024-01-01\na.example,30,2023-01-01\na.example,80,2024-01-01\nb.example,1\nb.example,2\n",
            2,
        ),
    ],
)
def test_sites_that_a_list_rates_twice_differently_are_counted(
    tmp_path: Path, rows: str, contradictions: int
) -> None:
    path = written(tmp_path, "domain,rating,date\n" + rows)
    assert read_rating_list(f"{path}:scale=0-100").contradictions == contradictions


LABELS = st.from_regex(r"[a-z0-9]([a-z0-9\-]{0,8}[a-z0-9])?", fullmatch=True).filter(
    lambda label: label != "www" and "--" not in label
)
HOSTS = st.lists(LABELS, min_size=1, max_size=3).map(lambda labels: ".".join([*labels, "example"]))
WAYS = (
    "{}", "www.{}", "{}.", "{}/", "{}:8080", "http://{}", "https://www.{}/", "HTTPS://{}/index.html", "//{}/",
    "https://ada@{}:443/?x=1#y", " {} ",
)  # fmt: skip


@given(HOSTS, st.sampled_from(WAYS), st.booleans(), st.sampled_from(["", "ü", "日本"]))
def test_a_site_is_the_same_however_it_is_written(
    tmp_path_factory: pytest.TempPathFactory, host: str, way: str, is_upper: bool, letters: str
) -> None:
    named = way.format(letters + (host.upper() if is_upper else host))
    path = written(tmp_path_factory.mktemp("way"), json.dumps([{"domain": named, "rating": "mixed"}]))
    assert [*read_rating_list(path).ratings] == [site_host(letters + host)]


@given(HOSTS, st.sampled_from(["{}/blog", "https://{}/a/b?c", "www.{}/@ada", "{}//x"]))
def test_a_part_of_a_site_is_counted_as_one(
    tmp_path_factory: pytest.TempPathFactory, host: str, way: str
) -> None:
    path = written(tmp_path_factory.mktemp("part"), f"domain,rating\n{way.format(host)},mixed\n")
    rating_list = read_rating_list(path)
    assert (rating_list.ratings, dict(rating_list.skipped)) == ({}, {"part_of_site": 1})


NAMED = st.sampled_from(["a.example", "A.example.", "www.b.example", "b.example/x", "Nobody", "", "=1+1"])
VALUES = st.sampled_from(["0", "50", "100", "", "n/a", "satire"])
DAYS = st.sampled_from(["", "2024-01-01", "2023-01-01", "yesterday"])


@given(st.lists(st.tuples(NAMED, VALUES, DAYS), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_every_row_is_rated_or_counted_and_their_order_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]], dice: object
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    shuffled = [*rows]
    dice.shuffle(shuffled)  # type: ignore[attr-defined]  # a Random
    lists = []
    for order in (rows, shuffled):
        records = [{"domain": name, "rating": value, "date": day} for name, value, day in order]
        lists.append(read_rating_list(f"{written(folder, json.dumps(records))}:rating=rating,scale=0-100"))
    first, second = lists
    assert first.ratings == second.ratings and first.skipped == second.skipped
    assert first.contradictions == second.contradictions
    usable = [
        row
        for row in rows
        if row[0] in ("a.example", "A.example.", "www.b.example") and row[1] not in ("", "n/a")
    ]
    assert len(rows) == len(usable) + first.passed_over
    assert bool(usable) == bool(first.ratings)


@pytest.mark.parametrize("columns", [{"domain"}, {"rating"}, {"pc1"}, {"type", "name"}, set()])
def test_a_list_without_sites_or_ratings_is_of_no_kind(columns: set[str]) -> None:
    assert kind_of(frozenset(columns)) is None


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        ("domain pc1 mbfc fact", "Lin et al."),
        ("domain category credibility_score fact", "CRED-1"),
        ("domain s c n", "CRED-1, compact"),
        ("domain fact bias cred score", "Iffy"),
        (" type 2nd_type 3rd_type", "OpenSources"),
        ("domain type", "OpenSources"),
        ("name status urls", "Wikipedia's perennial sources"),
        ("domain rating score", "NewsGuard"),
        ("source bias factual_reporting", "Media Bias/Fact Check"),
        ("domain type rating", "columns of your own"),
        ("domain status rating", "columns of your own"),
    ],
)
def test_a_kind_is_told_by_its_columns(columns: str, kind: str) -> None:
    told = kind_of(frozenset(columns.split(" ")))
    assert told and told.name == kind
    assert told.sites[: len(SITES)] == SITES
