"""Inputs: files, folders and globs, in a stable order and with names that can be written."""

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.corpus.errors import UsageError
from winnow.corpus.inputs import InputFile, find_files, printable, unprintable
from winnow.corpus.listing import PackedFiles, list_files
from winnow.corpus.raw import Quarantined


def make(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Rain.\n", encoding="utf8")
    return folder


def names(*inputs: Path | str) -> list[str]:
    return [getattr(item, "name", "") or getattr(item, "path", "") for item in find_files(map(str, inputs))]


def files(inputs: Iterable[Path]) -> list[InputFile]:
    return [item for item in find_files(map(str, inputs)) if isinstance(item, InputFile)]


def test_a_folder_gives_every_file_below_it_by_name(tmp_path: Path) -> None:
    raw = make(tmp_path / "raw", "b.html", "site/x/c.txt", "a.md")
    assert names(raw) == ["raw/a.md", "raw/b.html", "raw/site/x/c.txt"]


def test_a_file_knows_its_place(tmp_path: Path) -> None:
    raw = make(tmp_path / "raw", "daily.example/a.html")
    path = raw / "daily.example" / "a.html"
    os.utime(path, (0, 1741944600))
    expected = InputFile(
        "raw/daily.example/a.html", str(path), "raw", "daily.example", 6, "2025-03-14T09:30:00Z"
    )
    assert [replace(file, stamp="") for file in files([raw])] == [expected]


def test_a_file_given_itself_is_named_by_its_name_and_collected_under_its_folder(tmp_path: Path) -> None:
    (file,) = files([make(tmp_path / "raw", "site/a.html") / "site" / "a.html"])
    assert (file.name, file.collection, file.folder) == ("a.html", "site", "site")


def test_the_order_of_the_inputs_does_not_matter(tmp_path: Path) -> None:
    inputs = [
        make(tmp_path / "one", "a.html"),
        make(tmp_path / "two", "b.html"),
        tmp_path / "one" / "a.html",
    ]
    assert find_files(map(str, inputs)) == find_files(map(str, reversed(inputs)))


def test_inputs_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    one, two = make(tmp_path / "one" / "raw", "a.html", "b.html"), make(tmp_path / "two" / "raw", "a.html")
    assert names(one, two) == ["one/raw/a.html", "raw/b.html", "two/raw/a.html"]


def test_hidden_files_below_a_folder_are_skipped(tmp_path: Path) -> None:
    assert names(make(tmp_path / "raw", ".git/a.html", ".b.html", "c.html")) == ["raw/c.html"]


def test_a_file_that_two_inputs_reach_is_listed_once(tmp_path: Path) -> None:
    raw = make(tmp_path / "raw", "a.html", "b.html")
    (raw / "same.html").symlink_to(raw / "a.html")
    assert names(raw, raw / "a.html", f"{raw}/*.html") == ["raw/a.html", "raw/b.html"]


def test_links_that_go_round_in_circles_end(tmp_path: Path) -> None:
    raw = make(tmp_path / "raw", "site/a.html")
    (raw / "site" / "up").symlink_to(raw)
    (raw / "again").symlink_to(raw / "site")
    assert len(names(raw)) == 1


def test_a_glob_gives_its_matches(tmp_path: Path) -> None:
    make(tmp_path / "raw", "a.html", "b.txt", "site/c.html")
    assert names(tmp_path / "raw" / "*.html") == ["a.html"]
    assert names(f"{tmp_path}/raw/**/*.html") == ["a.html", "c.html"]


def test_an_existing_file_may_be_named_like_a_glob(tmp_path: Path) -> None:
    assert names(make(tmp_path, "a[1].html") / "a[1].html") == ["a[1].html"]


def test_a_folder_may_be_named_like_a_page(tmp_path: Path) -> None:
    assert names(make(tmp_path / "raw", "x.html/a.html")) == ["raw/x.html/a.html"]


def test_an_empty_folder_gives_nothing(tmp_path: Path) -> None:
    assert find_files([str(tmp_path)]) == []


@pytest.mark.parametrize("text", ["nosuch.html", "nosuch/*.html", ""])
def test_an_input_that_does_not_exist_is_a_mistake_of_the_user(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match="check"):
        find_files([str(tmp_path / text) if text else text])


def test_a_link_to_nowhere_is_quarantined_and_the_rest_goes_on(tmp_path: Path) -> None:
    raw = make(tmp_path / "raw", "b.html")
    (raw / "a.html").symlink_to(tmp_path / "gone")
    broken, file = find_files([str(raw)])
    assert isinstance(broken, Quarantined)
    assert (broken.path, broken.reason) == ("raw/a.html", "unreadable")
    assert isinstance(file, InputFile)


def test_a_folder_without_permission_is_quarantined_and_the_rest_goes_on(tmp_path: Path) -> None:
    raw = make(tmp_path / "raw", "a.html", "secret/b.html")
    (raw / "secret").chmod(0)
    if os.access(raw / "secret", os.R_OK):
        pytest.skip("this user may read every folder, as root may")
    file, secret = find_files([str(raw)])
    (raw / "secret").chmod(0o700)
    assert isinstance(file, InputFile)
    assert isinstance(secret, Quarantined)
    assert (secret.path, secret.reason) == ("raw/secret", "unreadable")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_quarantined_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.html")
    (row,) = find_files([str(tmp_path)])
    assert isinstance(row, Quarantined)
    assert row.reason == "unsupported"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_every_name_can_be_written_as_one_line_of_utf8(tmp_path: Path) -> None:
    for name in (b"a\nb.html", b"caf\xe9.html", "schön\u2028.html".encode()):
        (tmp_path / os.fsdecode(name)).write_text("Rain.\n", encoding="utf8")
    file_names = [name.rpartition("/")[2] for name in names(tmp_path)]
    assert file_names == [r"a\nb.html", r"caf\udce9.html", r"schön\u2028.html"]
    assert all(Path(file.location).read_bytes() for file in files([tmp_path]))


# What escapes are made of, and what is escaped
ALPHABET = st.sampled_from("\\\n\r\t\x85\u2028\udce9\U000e0001nrtxuU01289eaé. ")
NAMES = st.text(ALPHABET) | st.binary().map(os.fsdecode) | st.text()


@given(NAMES)
def test_a_printable_name_gives_the_name_back(name: str) -> None:
    text = printable(name)
    assert text.encode().decode() == text and len(text.splitlines()) <= 1
    assert unprintable(text) == name


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\\")))
def test_an_ordinary_name_stays_as_it_is(name: str) -> None:
    assert printable(name) == name


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_line_break_and_what_it_is_escaped_to_are_two_names(tmp_path: Path) -> None:
    raw = make(tmp_path / "raw", "a\nb.txt", r"a\nb.txt")
    assert names(raw) == [r"raw/a\\nb.txt", r"raw/a\nb.txt"]


def test_an_output_folder_inside_an_input_is_not_read_back(tmp_path: Path) -> None:
    (tmp_path / "raw" / "clean" / ".winnow").mkdir(parents=True)
    (tmp_path / "raw" / "clean" / "sources.csv").write_text("domain")
    (tmp_path / "raw" / "a.txt").write_text("Rain fell.")
    assert [f.name for f in find_files([str(tmp_path / "raw")]) if isinstance(f, InputFile)] == [
        "raw/a.txt"
    ]


def test_a_packed_list_has_the_files_of_the_plain_one(tmp_path: Path) -> None:
    for name in ("one/raw/a.html", "one/raw/a-b/c.html", "one/raw/a/\n.txt", "two/raw/a.html", "two/b.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (tmp_path / "one" / "raw" / "nowhere").symlink_to("nothing")
    (tmp_path / "two" / "raw" / "again.html").symlink_to(tmp_path / "one" / "raw" / "a.html")
    inputs = [str(tmp_path / name) for name in ("one/raw", "two/raw", "two/b.txt")]
    listing, found = list_files(inputs), find_files(inputs)
    assert [*listing.files] == [item for item in found if isinstance(item, InputFile)]
    assert [*listing.unlisted] == [item for item in found if isinstance(item, Quarantined)]
    assert {file.name for file in listing.files} >= {"one/raw/a.html", "two/raw/a.html"}


def test_packed_files_are_a_sequence_of_files_that_takes_a_tenth_of_a_list() -> None:
    files = [
        InputFile(f"raw/{n // 9}.example/news/{n}.html", f"/crawl/raw/{n // 9}.example/news/{n}.html", "raw", "news", n, "2025-03-14T09:30:00Z", str(n**5))
        for n in range(2100)
    ]  # fmt: skip
    files[3] = replace(files[3], location="/crawl/\udcff.html", taken=(2, 5))
    packed = PackedFiles.of(iter(files))
    assert [*packed] == files and len(packed) == len(files)
    assert [packed[0], packed[1000], packed[-1], *packed[3:5]] == [
        files[0],
        files[1000],
        files[-1],
        *files[3:5],
    ]
    with pytest.raises(IndexError):
        packed[2100]
    assert packed == PackedFiles.of(files) != PackedFiles.of(files[1:])
    assert sum(map(len, packed.packs)) < 60 * len(files)
