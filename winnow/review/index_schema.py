"""Tables of the index: a cache of the values of a clean corpus that pages need, rebuilt for each run."""

from typing import Final

VERSION: Final = 6  # of the tables; another one is built anew
TABLES: Final = (
    "create table facts (name text primary key, value text not null)",
    "create table files (number integer primary key, path text not null)",
    # `score`, `low` and `high` are the run's, and the model's own where a person decided without a number; `by_model`
    # says so. `rank`, `by_size` and `by_score` sort what to look at first upwards; with the name behind it, each is a
    # key that pages go by. `bin` and `chance` are the score's and the model's probability's, `moved` tenths of the
    # score since the run before.
    """create table sources (source text primary key, documents int, originals int, score real, low real, high real,
        by_model int, probability real, label text, basis text, verdict text, model_score real, model_low real,
        model_high real, model_verdict text, reason text, flags text, language text default 'und', rank real,
        by_size int, by_score real, bin int, chance int, moved int, signals text, changed int default 0,
        row_group int, row int) without rowid""",
    "create table flags (flag text, rank real, source text, primary key (flag, rank, source)) without rowid",
    """create table documents (id text, source text, rank real, title text, language text, status text,
        chars_in int, chars_out int, file int, row_group int, row int)""",
    # documents under review, rejected and quarantined; of the last, the id is a number and the source a path
    """create table held (status text, reason text, source text, id text, title text, detail text, language text,
        chars int, primary key (status, reason, source, id)) without rowid""",
    "create table held_reasons (status text, reason text, number int, primary key (status, reason))",
    # keys of the lines of a document (`winnow.review.line_matches`), by its rowid
    "create table lines (document integer primary key, keys blob)",
    "create table runs (run_id text primary key, at text, counts text)",
    """create table scores (source text, run_id text, at text, score real, label text,
        primary key (source, run_id)) without rowid""",
)
_FILTERED: Final = "source, label, basis, language, changed, bin, chance, moved"  # by the queue's filters
DOCUMENT_INDICES: Final = (
    "create index documents_by_id on documents (id)",
    "create index documents_by_source on documents (source, rank, id)",
)
# Each holds all that filters ask for, so that the queue reads the rows of its page alone.
SOURCE_INDICES: Final = (
    f"create index sources_by_rank on sources (rank, {_FILTERED})",
    f"create index sources_by_size on sources (by_size, {_FILTERED})",
    f"create index sources_by_score on sources (by_score, {_FILTERED})",
)
