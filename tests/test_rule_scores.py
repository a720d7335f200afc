"""The scores of the rules: each is a measured share of right firings, and none may change unseen."""

import json
from collections.abc import Iterator
from pathlib import Path

from tests.test_cleaner_limits import LIMITS
from tests.test_cleaners import CASES, document_of
from winnow.cleaners import CLEANERS
from winnow.cleaners.captions import captions
from winnow.cleaners.fake_authors import fake_authors
from winnow.corpus.document import Block, Cleaner, Document

SCORES = Path(__file__).parent / "cases" / "rule_scores.json"
BY_MODEL = {"boilerplate", "fake_authors", "lines"}  # cleaners whose scores are probabilities of a model
PERSON = """Name : Ona Kuhn DVM
Birthdate : 1991-02-15
Address : 5171 Fritz Ridge, Lake Kuhnview, OH 98121-4512
Phone : +1-541-754-3010
Company : Bashirian and Sons
Job : Customer Accountability Engineer
"""


def documents() -> Iterator[tuple[Cleaner, Document]]:
    """Texts in which rules fire, and the cleaner that has them."""
    cleaners = {cleaner.__name__: cleaner for cleaner in CLEANERS if cleaner.__name__ not in BY_MODEL}
    for param in CASES:
        name, case = param.values
        assert isinstance(name, str) and isinstance(case, dict)
        if name in cleaners:
            given = case.get("site_name", ""), (), case.get("authors", ())
            yield cleaners[name], document_of(case["text"], *given)
    for limit in LIMITS:
        yield limit.cleaner, document_of("".join(f"{line}\n" for line in limit.text(limit.fires)))


def test_every_rule_has_the_score_that_was_measured_for_it() -> None:
    expected = json.loads(SCORES.read_text(encoding="utf8"))
    scores = {
        f"{cleaner.__name__} {removal.kind} {removal.rule}": removal.score
        for cleaner, document in documents()
        for removal in cleaner(document)
    }
    assert scores == expected


def test_what_a_page_marks_as_a_caption_is_one_almost_surely() -> None:
    document = Document("The bridge\n", (Block(0, 11, "body/figure/figcaption", "figcaption"),))
    assert [(removal.rule, removal.score) for removal in captions(document)] == [("figcaption", 0.98)]


def test_the_rule_of_a_made_up_person_names_three_kinds_of_evidence() -> None:
    [rule] = {removal.rule for removal in fake_authors(document_of(PERSON))}
    assert rule.count("+") == 2
