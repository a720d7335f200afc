"""Documentation that cannot go stale: its lists match the code."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from typer.main import get_command

from winnow.cli.commands import app
from winnow.corpus.errors import QUARANTINE_REASONS
from winnow.corpus.raw import PASSED_OVER_REASONS, ArchiveFacts
from winnow.corpus.schema import DOCUMENTS, SOURCES
from winnow.corpus.settings import Settings
from winnow.corpus.tags import TAGS
from winnow.corpus.taxonomy import KINDS
from winnow.corpus.text_quality import TextQuality
from winnow.models.reliability.flags import FLAGS

ROOT = Path(__file__).parents[1]
OUTPUT = (ROOT / "docs" / "output.md").read_text(encoding="utf8")


@pytest.mark.parametrize("name", [*DOCUMENTS.names, *SOURCES.names])
def test_every_column_is_documented(name: str) -> None:
    short = name.replace("reliability", "")
    assert re.search(rf"\b{name}\b|[ ,]{short}\b", OUTPUT)


@pytest.mark.parametrize("name", [each.name for each in fields(TextQuality)])
def test_every_field_of_quality_is_documented(name: str) -> None:
    numbered = re.sub(r"repeated_[6-9]gram", "repeated_5gram", name)  # of 5 to 10: the row names the ends
    assert re.search(rf"^\|[^|]*\b{numbered}\b[^|]*\|", OUTPUT, re.MULTILINE)


@pytest.mark.parametrize("tag", TAGS)
def test_every_tag_is_documented_with_its_meaning(tag: str) -> None:
    assert f"| `{tag}` | {TAGS[tag]} |" in OUTPUT


@pytest.mark.parametrize("flag", FLAGS)
def test_every_flag_is_documented_with_its_rule(flag: str) -> None:
    assert f"| `{flag}` | {FLAGS[flag]} |" in OUTPUT


@pytest.mark.parametrize("name", ["ratings", "overrides", "as_of"])
def test_every_setting_of_judgements_is_documented_and_an_option(name: str) -> None:
    option = f"--{name.replace('_', '-')}"
    page = (ROOT / "docs" / "ratings.md").read_text(encoding="utf8")
    assert hasattr(Settings(), name) and option in page
    assert any(option in param.opts for param in get_command(app).commands["clean"].params)  # type: ignore[attr-defined]  # a group


@pytest.mark.parametrize("reason", QUARANTINE_REASONS)
def test_every_reason_for_quarantine_is_documented_with_its_meaning(reason: str) -> None:
    assert f"| {reason} | {QUARANTINE_REASONS[reason]} |" in OUTPUT


@pytest.mark.parametrize("reason", PASSED_OVER_REASONS)
def test_every_reason_to_pass_over_a_record_is_documented_with_its_meaning(reason: str) -> None:
    assert f"| {reason} | {PASSED_OVER_REASONS[reason]} |" in OUTPUT


@pytest.mark.parametrize("fact", [fact.name for fact in fields(ArchiveFacts)])
def test_what_archives_say_is_a_documented_field_of_the_metadata(fact: str) -> None:
    assert re.search(rf"^\| metadata \| struct \|.*\b{fact}\b", OUTPUT, re.MULTILINE)
    assert f"`{fact}`" in OUTPUT


def test_the_readme_names_no_kind_that_does_not_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf8")
    assert set(re.findall(r"--kind (\w+)=", readme)) <= set(KINDS)


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_every_file_that_the_docs_name_is_there(page: Path) -> None:
    files = re.findall(r"`((?:bench|winnow)/[\w/]+\.\w+)`", page.read_text(encoding="utf8"))
    assert [name for name in files if not (ROOT / name).is_file()] == []
