"""The SQL of `winnow.pipeline.report.differences`: tables of two runs, matched and compared in DuckDB."""

from typing import Final

COLUMNS: Final = """
    id, url, metadata.raw_path AS path, metadata.raw_sha256 AS content, status, {reason} AS reason,
    md5(text) AS text, length(text) AS chars, language, reliability_label AS label, reliability_score AS score,
    list_sort(list_filter(tags, t -> NOT starts_with(t, 'reliability:'))) AS tags,
    hash([r.kind || ' ' || r.rule || ' ' || r.text FOR r IN metadata.removed IF r.kind != 'layout']) AS removed
"""
CREATE_RUN: Final = """
    CREATE TABLE {run} AS SELECT row_number() OVER () AS number, * FROM (
        SELECT {kept_columns} FROM documents
        UNION ALL SELECT {dropped_columns} FROM rejected
        UNION ALL SELECT '', '', path, sha256, 'quarantined', reason, '', 0, '', '', NULL, [], NULL FROM quarantine
    )
"""
MATCH_BY_KEY: Final = """
    INSERT INTO pairs WITH
    b AS (SELECT number, {key}, row_number() OVER (PARTITION BY {key} ORDER BY path, number) AS nth FROM before
          WHERE {key} != '' AND number NOT IN (SELECT before FROM pairs)),
    n AS (SELECT number, {key}, row_number() OVER (PARTITION BY {key} ORDER BY path, number) AS nth FROM now
          WHERE {key} != '' AND number NOT IN (SELECT now FROM pairs))
    SELECT b.number, n.number FROM b JOIN n USING ({key}, nth)
"""
CREATE_DIFFERENCES: Final = """
    CREATE TABLE differences AS SELECT * FROM (
        SELECT CASE WHEN b.number IS NULL THEN 'new' WHEN n.number IS NULL THEN 'gone' ELSE 'changed' END AS change,
            b, n, b.content IS DISTINCT FROM n.content AS content,
            list_filter([
                CASE WHEN (b.status, b.reason) IS DISTINCT FROM (n.status, n.reason) THEN 'status' END,
                CASE WHEN b.text IS DISTINCT FROM n.text THEN 'text' END,
                CASE WHEN b.removed IS DISTINCT FROM n.removed THEN 'removals' END,
                CASE WHEN b.tags IS DISTINCT FROM n.tags THEN 'tags' END,
                CASE WHEN b.language IS DISTINCT FROM n.language THEN 'language' END,
                CASE WHEN b.label IS DISTINCT FROM n.label THEN 'label' END,
                CASE WHEN coalesce(abs(b.score - n.score) > {step}, (b.score IS NULL) != (n.score IS NULL))
                    THEN 'score' END
            ], a -> a IS NOT NULL) AS aspects
        FROM before b LEFT JOIN pairs p ON p.before = b.number FULL JOIN now n ON n.number = p.now
    ) WHERE change != 'changed' OR content OR len(aspects) > 0
"""
INSERT_PIECES: Final = """
    INSERT INTO pieces SELECT number, rule, md5(text), {sign} FROM (
        SELECT d.n.number AS number, unnest(list_transform([r FOR r IN t.metadata.removed IF r.kind != 'layout'],
            r -> {{'rule': r.kind || ' ' || r.rule, 'text': r.text}}), recursive := true)
        FROM {table} t JOIN differences d ON t.id = d.{side}.id AND t.metadata.raw_path = d.{side}.path
        WHERE d.change = 'changed' AND list_contains(d.aspects, 'removals')
    )
"""
CREATE_RULES: Final = """
    CREATE TABLE rules AS SELECT number, rule, sum(greatest(more, 0))::BIGINT AS came, sum(greatest(-more, 0))::BIGINT
    AS went FROM (SELECT number, rule, sum(sign) AS more FROM pieces GROUP BY number, rule, piece)
    GROUP BY number, rule HAVING came > 0 OR went > 0
"""
SELECT_DOCUMENTS: Final = """
    SELECT change, d.b, d.n, content, aspects, coalesce(r.rules, []) AS rules FROM differences d
    LEFT JOIN (SELECT number, list({'rule': rule, 'came': came, 'went': went} ORDER BY rule) AS rules FROM rules
               GROUP BY number) r ON r.number = d.n.number
    ORDER BY change = 'changed', change DESC, len(list_filter(aspects, a -> a NOT IN ('label', 'score'))) = 0,
        coalesce(d.n.path, d.b.path), d.n.number, d.b.number
"""
