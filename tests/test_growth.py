"""The time that cleaning takes grows as a document does, whatever is repeated in it (`python -m bench.growth`)."""

import pytest

from bench.growth.cases import WorstCase, read_cases
from bench.growth.files import SUFFIXES, WRITERS
from bench.growth.measure import MAX_RATIO, MIN_SECONDS, Growth, growth
from bench.growth.parts import BOUNDED, Part, one_argument_functions, parts
from winnow.cleaners import CLEANERS
from winnow.corpus.readers import ARCHIVES, PAGES, TABLES
from winnow.models.reliability.signals import SIGNALS

PARTS = {part.name: part for part in parts()}
CASES = {case.label: case for case in read_cases()}
QUICK_BYTES = 64_000  # of the greatest size
SLOW_BYTES = 16_000
# What took quadratic time once: part and case.
ONCE_QUADRATIC = [
    ("corpus.layout.page.lay_out_page", "td nbsp"),
    ("corpus.layout.html.parse_page", "numbered attributes"),
    ("cleaner endnotes", "references that are numbered"),
    ("models.lines.line_shapes.outlines", "marks out of order"),
    ("second opinion", "comment p"),
    ("second opinion", "numbered attributes"),
]


def square(text: str) -> int:
    """A function whose time grows with the square of its text."""
    return sum(text.count("b") for _ in text[::8])


@pytest.mark.parametrize(("part", "case"), ONCE_QUADRATIC)
def test_what_took_quadratic_time_once_takes_linear_time(part: str, case: str) -> None:
    measured = growth(PARTS[part], CASES[case], QUICK_BYTES)
    assert measured is not None
    assert measured.is_linear, measured


@pytest.mark.slow
@pytest.mark.parametrize("case", [pytest.param(case, id=case.label) for case in CASES.values()])
def test_a_document_takes_time_by_its_length_whatever_is_repeated_in_it(case: WorstCase) -> None:
    measured = growth(PARTS["document"], case, SLOW_BYTES)
    assert measured is None or measured.is_linear, measured


@pytest.mark.slow
def test_a_function_that_takes_quadratic_time_is_found() -> None:
    measured = growth(
        Part("square", lambda subject: subject.text, square), CASES["letters"], QUICK_BYTES // 2
    )
    assert measured is not None
    assert measured.ratio > 3 and not measured.is_linear


def test_a_step_is_no_slope() -> None:
    def run(text: str) -> int:
        """Do nothing much up to a size, and as much for each character from there on."""
        return sum(map(text.count, "b" * 40)) if len(text) < 10_000 else sum(map(ord, text * 20))

    measured = growth(Part("step", lambda subject: subject.text, run), CASES["letters"], QUICK_BYTES)
    assert measured is not None
    assert measured.is_linear, measured


@pytest.mark.parametrize(("last", "is_linear"), [(0.025, True), (0.027, False)])
def test_twice_the_size_may_take_26_tenths_of_the_time(last: float, is_linear: bool) -> None:
    assert Growth("part", "case", 1, (0.005, 0.01, last)).is_linear is is_linear
    assert MAX_RATIO == 2.6


@pytest.mark.parametrize(("last", "is_linear"), [(MIN_SECONDS - 1e-4, True), (MIN_SECONDS, False)])
def test_a_time_of_less_than_20_milliseconds_says_nothing(last: float, is_linear: bool) -> None:
    assert Growth("part", "case", 1, (1e-6, 1e-5, last)).is_linear is is_linear


def test_all_that_a_registry_names_is_measured() -> None:
    assert {f"cleaner {cleaner.__name__}" for cleaner in CLEANERS} <= PARTS.keys()
    assert {f"reader {suffix}" for suffix in (*PAGES, *ARCHIVES, *TABLES)} <= PARTS.keys()
    assert {f"signal {signal.__name__}" for signal in SIGNALS} <= PARTS.keys()
    assert {*SUFFIXES} == WRITERS.keys()


def test_a_function_of_a_document_is_measured_or_has_a_reason_not_to_be() -> None:
    names = {name for name, _, _ in one_argument_functions()}
    assert names == {name for name in PARTS if name[:7] in ("corpus.", "models.")} | BOUNDED.keys()
    assert {
        "corpus.contacts.mask.find_contacts",
        "corpus.written_dates.written_date",
        "models.language.detect_language",
    } <= names


def test_a_case_is_as_long_as_it_is_asked_for() -> None:
    for case in CASES.values():
        frame = len((case.before + case.after).encode())
        short, long = (len(case.text(size).encode()) - frame for size in (8_000, 16_000))
        assert 1.8 < long / short < 2.2, case.label
