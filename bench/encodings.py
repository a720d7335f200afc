"""How often bytes become the right text, beside other libraries: languages, encodings, sizes, declarations, damage.

    python -m bench.encodings [--samples N]

A text is right if it is equal to the one that was encoded; one with broken bytes, if nine in ten of the pairs of
characters outside ASCII that its own encoding can still read are there. Texts are those of an installed Django
(`pip install django`).
"""

import argparse
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from importlib.metadata import version

from bench.encoding_texts import Sample, catalogues, samples
from bench.results import write_results
from bench.rivals import is_installed
from winnow.corpus.decode import decode
from winnow.corpus.errors import UnreadableError
from winnow.corpus.normal_form import plain_text

SAMPLES = 3  # of each language, encoding, size, declaration and share of broken bytes
SEED = 15
RECALL = 0.9  # of the pairs of characters of a text with broken bytes
SAMPLED_TEXTS = 300  # that speed is measured on

Decode = Callable[[bytes], str]


def main() -> None:
    """Decode all samples with Winnow and with each rival that is installed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--samples", type=int, default=SAMPLES, help="of each combination")
    count = parser.parse_args().samples
    folder = catalogues()
    if folder is None:
        sys.exit("Django is not installed, and its texts are what is measured; pip install django")
    decoders = {"winnow": _winnow, **rivals()}
    drawn = list(samples(count, SEED))
    figures: dict[str, object] = {
        "samples": len(drawn),
        "languages": len({sample.language for sample in drawn}),
        "encodings": len({sample.encoding for sample in drawn}),
        "versions": {name: version(name) for name in decoders if name != "winnow"},
    }
    for name, decoder in decoders.items():
        figures[name] = _figures(decoder, drawn)
    write_results("encodings", [folder / "conf" / "locale"], figures)


def rivals() -> Mapping[str, Decode]:
    """The decoders that are installed, each by the name of its package."""
    decoders = {
        "charset-normalizer": _charset_normalizer,
        "chardet": _chardet,
        "faust-cchardet": _cchardet,
        "chardetng-py": _chardetng,
        "trafilatura": _trafilatura,
        "resiliparse": _resiliparse,
        "w3lib": _w3lib,
    }
    return {name: decoder for name, decoder in decoders.items() if is_installed(name)}


def is_right(sample: Sample, text: str) -> bool:
    """Whether a decoded text is the one that was encoded, or most of it where bytes were broken."""
    start = text.find("<p>") + len("<p>") if sample.declaration != "undeclared text" else 0
    end = text.rfind("</p>") if start else len(text)
    inner, expected = " ".join(plain_text(text[start:end]).split()), plain_text(sample.text)
    if not sample.broken:
        return inner == " ".join(expected.split())
    pairs, there = _pairs(expected) & _pairs(plain_text(sample.readable)), _pairs(inner)
    return (pairs & there).total() >= RECALL * pairs.total()


def _pairs(text: str) -> Counter[str]:
    pairs = (text[at : at + 2] for at in range(len(text) - 1))
    return Counter(pair for pair in pairs if not pair.isascii())


def _figures(decoder: Decode, drawn: list[Sample]) -> dict[str, object]:
    """Shares of samples that are right, by each of the ways in which they differ."""
    right: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for sample in drawn:
        is_correct = is_right(sample, _safely(decoder, sample.content))
        broken = f"{sample.broken:.1%} broken"
        right["all"]["all"].append(is_correct)
        right["by_declaration"][sample.declaration].append(is_correct)
        right["by_damage"][broken].append(is_correct)
        right["by_size"][f"{sample.declaration}, {sample.size} bytes"].append(is_correct)
        right["by_encoding"][sample.encoding].append(is_correct)
        right["by_language"][sample.language].append(is_correct)
    shares = {
        way: {name: round(sum(values) / len(values), 3) for name, values in groups.items()}
        for way, groups in right.items()
    }
    return {"all": shares.pop("all")["all"], **shares, "milliseconds": _milliseconds(decoder, drawn)}


def _milliseconds(decoder: Decode, drawn: list[Sample]) -> float:
    chosen = random.Random(SEED).sample(drawn, min(SAMPLED_TEXTS, len(drawn)))
    began = time.process_time()
    for sample in chosen:
        _safely(decoder, sample.content)
    return round(1000 * (time.process_time() - began) / len(chosen), 2)


def _safely(decoder: Decode, content: bytes) -> str:
    """What a decoder gives; "" where it gives up, which counts as wrong."""
    try:
        return decoder(content)
    except (UnreadableError, UnicodeError, LookupError, ValueError, TypeError):
        return ""


def _winnow(content: bytes) -> str:
    return decode(content, html=content.startswith((b"<html", b"<\0h\0")))


def _charset_normalizer(content: bytes) -> str:
    from charset_normalizer import from_bytes

    return str(from_bytes(content).best() or "")


def _chardet(content: bytes) -> str:
    import chardet

    return content.decode(chardet.detect(content)["encoding"] or "utf-8", "replace")


def _cchardet(content: bytes) -> str:
    import cchardet

    return content.decode(cchardet.detect(content)["encoding"] or "utf-8", "replace")


def _chardetng(content: bytes) -> str:
    import chardetng_py

    return content.decode(chardetng_py.detect(content), "replace")


def _trafilatura(content: bytes) -> str:
    from trafilatura.utils import decode_file

    return str(decode_file(content))


def _resiliparse(content: bytes) -> str:
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    return str(bytes_to_str(content, detect_encoding(content, html5_compatible=True)))


def _w3lib(content: bytes) -> str:
    from w3lib.encoding import html_to_unicode

    return str(html_to_unicode(None, content)[1])


if __name__ == "__main__":
    main()
