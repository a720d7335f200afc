"""The value of ``--ratings``: paths with colons, names of columns, and what is said of one that makes no sense."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.corpus.errors import UsageError
from winnow.corpus.rating_option import RatingOption, absolute_rating_option, parse_rating_option
from winnow.corpus.settings import Settings

NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(
    lambda name: name.strip() and ":domain=" not in f":{name}" and ",domain=" not in name
)


@pytest.mark.parametrize(
    ("text", "path", "columns", "scale"),
    [
        ("list.csv", "list.csv", {}, ""),
        (
            "list.csv:domain=Site,rating=pc1,scale=0-1",
            "list.csv",
            {"domain": "Site", "rating": "pc1"},
            "0-1",
        ),
        ("list.csv:scale=6 to 1", "list.csv", {}, "6 to 1"),
        ("a:b.csv", "a:b.csv", {}, ""),
        ("a:b.csv:date=Last seen", "a:b.csv", {"date": "Last seen"}, ""),
        (r"C:\lists\a.csv", r"C:\lists\a.csv", {}, ""),
        (r"C:\lists\a.csv:domain=Site", r"C:\lists\a.csv", {"domain": "Site"}, ""),
        (
            "a.csv:rating=Score, of 100: = good,scale=0-100",
            "a.csv",
            {"rating": "Score, of 100: = good"},
            "0-100",
        ),
    ],
)
def test_a_list_is_named_by_its_path_and_its_columns(
    text: str, path: str, columns: dict[str, str], scale: str
) -> None:
    assert parse_rating_option(text) == RatingOption(Path(path), columns, scale)


def test_a_path_that_exists_wins_over_what_looks_like_names_of_columns(tmp_path: Path) -> None:
    odd = tmp_path / "a:domain=b.csv"
    odd.touch()
    assert parse_rating_option(str(odd)) == RatingOption(odd)
    assert parse_rating_option(f"{odd}:domain=Site") == RatingOption(odd, {"domain": "Site"})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a.csv:site=Domain", "no field is called 'site'; give it as FILE:domain=COLUMN"),
        ("a.csv:domain=", "domain is empty"),
        ("a.csv:domain=A,rating= ", "rating is empty"),
        ("a.csv:domain=A,domain=B", "domain is given twice"),
        ("a.csv:scale=0-0", "'0-0' is no scale; give it from worst to best"),
        ("a.csv:scale=high", "'high' is no scale"),
        (":domain=A", "names no file"),
        ("", "names no file"),
        ("a\0.csv", "names no file"),
        ("x" * 20_000, "names no file"),
    ],
)
def test_an_option_that_makes_no_sense_is_refused_with_its_form(text: str, says: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse_rating_option(text)
    assert says in str(raised.value)
    assert len(str(raised.value)) < 300


@given(site=NAMES, rating=st.none() | NAMES, scale=st.sampled_from(["", "0-1", "100-0", "-3 to 3"]))
def test_what_is_put_in_comes_out_from_any_folder(site: str, rating: str | None, scale: str) -> None:
    parts = {"domain": site, "rating": rating, "scale": scale}
    text = "no such list.csv:" + ",".join(f"{name}={value}" for name, value in parts.items() if value)
    if any(
        f",{name}=" in f",{value}" for name in ("rating", "scale", "date") for value in (site, rating or "")
    ):
        return  # a name that holds a field is read as one
    option = parse_rating_option(text)
    assert (option.columns.get("domain"), option.columns.get("rating"), option.scale) == (
        site,
        rating,
        scale,
    )
    again = parse_rating_option(absolute_rating_option(text))
    assert (again.path, again.mapping) == (option.path.absolute(), option.mapping)


@given(st.text(max_size=60))
def test_any_text_is_an_option_or_a_mistake_that_is_told(text: str) -> None:
    try:
        option = parse_rating_option(text)
    except UsageError as error:
        assert str(error).startswith("--ratings ")
    else:
        assert str(option.path) and option.columns.keys() <= {"domain", "rating", "date"}


def test_settings_keep_the_columns_of_a_list_whose_path_they_complete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    option = "lists/a.csv:domain=../Site,scale=0-1"
    settings = Settings(ratings=(option,)).with_absolute_paths()
    assert settings.ratings == (f"{tmp_path}/{option}",)
