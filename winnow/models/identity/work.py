"""Companies, job titles and slogans, as generators put them together."""

import re
from collections.abc import Iterator
from typing import Final

from winnow.models.identity.generator_lexicon import EDGES, Lexicon, Parts, load_lexicon

NAME: Final = r"[^\W\d_a-z][\w'’-]{1,30}"
AND: Final = r"(?:and|und|et|e|y|og|och|en|i|и|un|ve|és)"
THREE: Final = re.compile(rf"({NAME}), ({NAME}) {AND} ({NAME})(?: [A-Z]\w{{1,7}}\.?)?")
PAIR: Final = re.compile(rf"({NAME})(?:-| - | & | {AND} )({NAME})")
SONS: Final = re.compile(rf"({NAME}) (?:and|&) Sons")
QUOTES: Final = str.maketrans("", "", '«»“”„"')
JOINTS: Final = frozenset("& and und et e y og och en i и és söhne søn társa tsa. bros. - 2000".split())
ENGLISH_FORMS: Final = frozenset({"group", "llc", "plc", "inc", "ltd"})
MAX_WORDS: Final = 7  # of a company's name with its legal form
MAX_COMPANY: Final = 60  # characters
BEFORE_COMPANY: Final = frozenset(
    "at bei chez en presso na w bij hos ved u у в la for für pour para".split()
)
RARE_IN_TITLES: Final = frozenset(  # of the words that built titles are made of: real jobs have the others
    "direct dynamic future forward legacy directives functionality response paradigm tactics identity markets "
    "division intranet accountability interactions factors metrics configuration mobility usability "
    "implementation orchestrator facilitator".split()
)
MAX_JOB_WORDS: Final = 7
CJK: Final = re.compile(r"[぀-ヿ一-鿿]{4,24}")
EMOJI: Final = re.compile(r"[\U0001F000-\U0001FAFF\u2600-\u27BF\uFE0F]")
TOKEN: Final = re.compile(r"[^\s,;()|]+")


def company_evidence(value: str) -> str:
    """The kind of company name that a value is, "" for none.

    >>> company_evidence("Hoppe and Sons"), company_evidence("Kuhn, Mraz and Hoppe"), company_evidence("Kuhn GmbH")
    ('company_sons', 'company_three', 'company_local')
    """
    lexicon, low = load_lexicon(), value.casefold()
    if len(value) > MAX_COMPANY:
        return ""
    if low in lexicon.companies:
        return "company_listed"
    if sons := SONS.fullmatch(value):
        return "company_sons" if sons[1].casefold() in lexicon.last else ""
    if three := THREE.fullmatch(value):
        return "company_three" if _share_a_locale(three.groups(), lexicon) else ""
    if pair := PAIR.fullmatch(value):
        return "company_pair" if _share_a_locale(pair.groups(), lexicon) else ""
    if CJK.fullmatch(value):
        return _joined_company(low, lexicon)
    return _with_legal_form(value, lexicon)


def companies_in(text: str) -> Iterator[str]:
    """The kinds of company names that stand in running text."""
    lexicon = load_lexicon()
    yield from (
        "company_three_in" for three in THREE.finditer(text) if _share_a_locale(three.groups(), lexicon)
    )
    tokens = [token.rstrip(".:") for token in TOKEN.findall(text)]
    for at, token in enumerate(tokens):
        if token.casefold() in lexicon.legal_edges and _is_form(token):
            windows = [tokens[max(0, at - size) : at + 1] for size in (1, 2, 3)] + [tokens[at : at + 2]]
        elif token in BEFORE_COMPANY:
            windows = [tokens[at + 1 : at + 1 + size] for size in (1, 2, 3)]
        else:
            continue
        if any(company_evidence(" ".join(window)) for window in windows):
            yield "company_in"


def job_evidence(value: str) -> str:
    """The kind of job title that a value is, "" for none. Harm: people do have the jobs of the lists.

    >>> job_evidence("Dynamic Markets Orchestrator"), job_evidence("Senior Research Engineer")
    ('job_built', 'job_ordinary')
    """
    if _is_built_job(value):
        return "job_ordinary" if RARE_IN_TITLES.isdisjoint(value.casefold().split()) else "job_built"
    return "job_listed" if value.casefold() in load_lexicon().jobs else ""


def _is_built_job(value: str) -> bool:
    """Whether a value is a descriptor, an area and a type of one language."""
    lexicon, words = load_lexicon(), value.casefold().split()
    if (
        not 3 <= len(words) <= 5
        or words[0] not in lexicon.title_edges
        or words[-1] not in lexicon.title_edges
    ):
        return False
    return any(_is_built(words, parts) or _is_built(words[::-1], parts) for parts in lexicon.titles)


def jobs_in(text: str) -> Iterator[str]:
    """Evidence of job titles that stand in running text."""
    lexicon, words = load_lexicon(), text.casefold().split()
    bare = [word.strip(EDGES) for word in words]
    for at, word in enumerate(bare):
        if word in lexicon.title_edges and (built := job_evidence(" ".join(bare[at : at + 3]))):
            yield "job_in" if built == "job_listed" else built
        if word in lexicon.job_starts:
            phrases = (" ".join(words[at : at + size]).strip(EDGES) for size in range(1, MAX_JOB_WORDS))
            yield from ("job_in" for phrase in phrases if phrase in lexicon.jobs)


def is_slogan(value: str) -> bool:
    """Whether a value is a catch phrase of three lists: "Multi-layered client-server neural-net"."""
    words = value.casefold().split()
    return 3 <= len(words) <= 6 and any(_is_built(words, parts) for parts in load_lexicon().slogans)


def _is_form(token: str) -> bool:
    """Whether a token of a text may be a legal form: such are not written small."""
    return token != token.lower() or "." in token or not token.isascii()


def _share_a_locale(names: tuple[str, ...], lexicon: Lexicon) -> bool:
    shared = -1
    for name in names:
        shared &= lexicon.last.get(name.casefold(), 0)
    return bool(shared)


def _with_legal_form(value: str, lexicon: Lexicon) -> str:
    """Surnames with a legal form of their own country, before or after. Harm: family firms are called so."""
    words = value.casefold().translate(QUOTES).replace(",", "").split()
    if not 1 < len(words) <= MAX_WORDS or not {words[0], words[-1]} & lexicon.legal_edges:
        return ""
    for at in range(1, len(words)):
        head, tail = words[:at], words[at:]
        if _is_company(head, " ".join(tail), lexicon):
            return "company_suffix" if words[-1] in ENGLISH_FORMS else "company_local"
        if _is_company(tail, " ".join(head), lexicon):
            return "company_local"
    return ""


def _is_company(names: list[str], form: str, lexicon: Lexicon) -> bool:
    locales = lexicon.legal.get(form, 0)
    parts = [part for name in names if name not in JOINTS for part in name.split("-")] if locales else []
    return bool(parts) and all(lexicon.last.get(part, 0) & locales for part in parts)


def _joined_company(value: str, lexicon: Lexicon) -> str:
    """A company in a script without spaces: legal forms at its ends, a listed head or a surname between."""
    for size in range(2, len(value) - 1):
        head, tail = value[:size], value[size:]
        if head in lexicon.heads and tail in lexicon.heads:
            return "company_headed"
        if head in lexicon.legal and _begins_with_name(tail, lexicon):
            return "company_local"
        if tail in lexicon.legal and _begins_with_name(head, lexicon):
            return "company_local"
    return ""


def _begins_with_name(value: str, lexicon: Lexicon) -> bool:
    return any(value[:size] in lexicon.last for size in (2, 3) if len(value) > size)


def _is_built(words: list[str], parts: Parts) -> bool:
    """Whether words are one phrase of each of three lists, in their order."""
    one, two, three = parts
    return any(
        " ".join(words[:i]) in one and " ".join(words[i:j]) in two and " ".join(words[j:]) in three
        for i in range(1, len(words) - 1)
        for j in range(i + 1, len(words))
    )


def is_made_biography(value: str) -> bool:
    """Whether a value lists trades and tastes as one package does: "transom devotee, musician". Harm: so do people."""
    parts = [part.strip(" .").casefold() for part in EMOJI.sub("", value).split(", ")]
    bio = load_lexicon().bio
    return len(parts) > 1 and all(part in bio or part.rpartition(" ")[2] in bio for part in parts)
