"""The settings of a selection: which documents, how many of a source, in which splits and files."""

from dataclasses import dataclass
from typing import Final

from winnow.corpus.errors import UsageError
from winnow.corpus.selection.formats import FORMATS

SPLITS: Final = ("train", "validation", "test")
ALL_TRAIN: Final = (100, 0, 0)
WHOLE: Final = 100  # parts of a split add up to it
SHARD_MB: Final = 500  # what Hugging Face cuts at
BYTES_PER_MB: Final = 1_000_000

NO_COPIES: Final = "not list_has_any(tags, ['duplicate', 'near_duplicate'])"
NOT_PLANTED: Final = "not list_has_any(tags, ['seo_spam', 'suspected_persona'])"
# Rae et al. 2021 (MassiveText, Gopher's corpus): the rules of A1.1, then the bounds of table A1
GOPHER: Final = (
    "quality.words between 50 and 100000 and quality.mean_word_chars between 3 and 10"
    " and quality.hashes_per_word <= 0.1 and quality.ellipses_per_word <= 0.1"
    " and quality.bullet_line_share <= 0.9 and quality.ellipsis_line_share <= 0.3"
    " and quality.alphabetic_share >= 0.8 and quality.stop_words >= 2"
    " and quality.repeated_line_share <= 0.3 and quality.repeated_line_char_share <= 0.2"
    " and quality.repeated_paragraph_share <= 0.3 and quality.repeated_paragraph_char_share <= 0.2"
    " and quality.top_2gram_share <= 0.2 and quality.top_3gram_share <= 0.18 and quality.top_4gram_share <= 0.16"
    " and quality.repeated_5gram_share <= 0.15 and quality.repeated_6gram_share <= 0.14"
    " and quality.repeated_7gram_share <= 0.13 and quality.repeated_8gram_share <= 0.12"
    " and quality.repeated_9gram_share <= 0.11 and quality.repeated_10gram_share <= 0.1"
)
# Raffel et al. 2020, 2.2, with the numbers of its code. There the other lines go; here none does.
C4: Final = "quality.c4_sentences >= 5"
# Penedo et al. 2024, 3.6: its own filters, which it applies to what Gopher's and most of C4's let through
FINEWEB: Final = (
    "quality.words > 0 and quality.punctuated_line_share >= 0.12 and quality.short_line_share <= 0.67"
    " and quality.repeated_line_char_share <= 0.01 and quality.line_breaks_per_word <= 0.3"
)
# name: its expression; docs/select.md explains each
PRESETS: Final = {
    "all": "true",
    "balanced": f"{NO_COPIES} and {NOT_PLANTED}"
    " and not (reliability_label = 'unreliable' and reliability_basis in ('human', 'list'))",
    "strict": f"{NO_COPIES} and {NOT_PLANTED} and not list_has_any(tags, ['satire_listed', 'mostly_removed'])"
    " and status = 'kept' and reliability_label = 'reliable' and language <> 'und'",
    "gopher": GOPHER,
    "c4": C4,
    "fineweb": FINEWEB,
}


@dataclass(frozen=True, slots=True)
class Selection:
    """Which documents to take, and how to lay them out. All of it shapes the output."""

    where: str = ""  # SQL expression over the columns; "" takes all that the preset takes
    preset: str = "all"  # one of `PRESETS`
    split: tuple[int, int, int] = ALL_TRAIN  # percent of the sources in each of `SPLITS`
    per_source: int = 0  # documents of a source at most; 0 takes all
    format: str = "parquet"  # one of `FORMATS`
    shard_mb: int = SHARD_MB  # a file that is longer ends; megabytes as it lies on disk
    with_removed: bool = False  # keep the removed spans in the metadata

    def __post_init__(self) -> None:
        if self.preset not in PRESETS:
            raise UsageError(f"no preset is called {self.preset!r}; there are: {', '.join(PRESETS)}")
        if self.format not in FORMATS:
            raise UsageError(f"no format is called {self.format!r}; there are: {', '.join(FORMATS)}")
        if len(self.split) != len(SPLITS) or min(self.split) < 0 or sum(self.split) != WHOLE:
            percents = ",".join(map(str, self.split))
            raise UsageError(
                f"--split {percents}: give percents of {', '.join(SPLITS)} that add up to {WHOLE}"
            )
        if self.per_source < 0 or self.shard_mb < 1:
            raise UsageError("--per-source is 0 or more, --shard-mb 1 or more")


EVERYTHING: Final = Selection()


def parse_split(text: str) -> tuple[int, int, int]:
    """Percents of train, validation and test from a text like ``90,5,5``. Raises UsageError for any other."""
    try:
        train, validation, test = map(int, text.split(","))
    except ValueError as error:
        raise UsageError(f"--split {text}: give three whole percents like 90,5,5") from error
    return train, validation, test
