"""Tables of the index: a cache of the values of a clean corpus that pages need, rebuilt for each run."""

from typing import Final

VERSION: Final = 4  # of the tables; another one is built anew
TABLES: Final = (
    "create table facts (name text primary key, value text not null)",
    "create table files (number integer primary key, path text not null)",
    # `rank` sorts what to look at first upwards; with the name behind it, it is the key that pages go by
    """create table sources (source text primary key, documents int, originals int, score real, low real, high real,
        probability real, label text, basis text, verdict text, language text default 'und', rank real, signals text,
        changed int default 0, row_group int, row int) without rowid""",
    "create table flags (flag text, rank real, source text, primary key (flag, rank, source)) without rowid",
    """create table documents (id text, source text, rank real, title text, language text, status text,
        chars_in int, chars_out int, file int, row_group int, row int)""",
    # keys of the lines of a document (`winnow.review.line_matches`), by its rowid
    "create table lines (document integer primary key, keys blob)",
    "create table runs (run_id text primary key, at text, counts text)",
    """create table scores (source text, run_id text, at text, score real, label text,
        primary key (source, run_id)) without rowid""",
)
INDICES: Final = (
    "create index documents_by_id on documents (id)",
    "create index documents_by_source on documents (source, rank, id)",
    "create index sources_by_rank on sources (rank, source)",
    "create index sources_by_label on sources (label, rank, source)",
    "create index sources_by_basis on sources (basis, rank, source)",
    "create index sources_by_language on sources (language, rank, source)",
    "create index sources_changed on sources (changed, rank, source)",
)
