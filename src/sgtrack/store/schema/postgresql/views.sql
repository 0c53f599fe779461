-- Functions, row numbers and views that PostgreSQL needs besides the generated tables.

-- Refuses any change of a row, unless a setting of the transaction allows it. Redaction and merging
-- use this setting to rewrite texts.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('sgtrack.rewriting', true) IS DISTINCT FROM 'on' THEN
        RAISE EXCEPTION 'entries are only ever added' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;

-- The position of a text in another, from 1; 0 if it does not occur. SQLite has the same function.
CREATE FUNCTION instr(whole text, part text) RETURNS integer LANGUAGE sql IMMUTABLE
RETURN strpos(whole, part);

-- A value of a JSON document by its path, and the elements of an array by its path. SQLite has functions
-- of the same names; numbers come as text here.
CREATE FUNCTION json_extract(document text, path text) RETURNS text LANGUAGE sql IMMUTABLE
RETURN jsonb_path_query_first(CAST(document AS jsonb), CAST(path AS jsonpath)) #>> '{}';

CREATE FUNCTION json_each(document text, path text) RETURNS TABLE (key bigint, value text)
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    SELECT e.place - 1, e.element #>> '{}'
    FROM jsonb_array_elements(
        jsonb_path_query_first(CAST(document AS jsonb), CAST(path AS jsonpath))
    ) WITH ORDINALITY AS e (element, place);
END;

-- A text as a JSON string, byte for byte as SQLite writes it.
CREATE FUNCTION json_text(words text) RETURNS text LANGUAGE sql STABLE
RETURN coalesce(to_json(words)::text, 'null');

-- Row numbers, which record the order of typing; SQLite numbers its rows by itself.
ALTER TABLE amount ADD COLUMN rowid bigint GENERATED ALWAYS AS IDENTITY;
ALTER TABLE participant ADD COLUMN rowid bigint GENERATED ALWAYS AS IDENTITY;
ALTER TABLE also ADD COLUMN rowid bigint GENERATED ALWAYS AS IDENTITY;

-- A ledger has one id; in SQLite, a trigger ensures this.
CREATE UNIQUE INDEX ix_ledger_one ON ledger ((true));

-- The evidence of each entry (`activity_id`), including evidence of the entries that it replaces.
-- `given_to` is the entry to which the evidence was added.
CREATE VIEW entry_evidence AS
SELECT e.activity_id, e.activity_id AS given_to, e.id, e.sha256, e.size, e.name, e.kind,
       e.recorded_at, e.recorded_by, e.command
FROM evidence AS e
WHERE NOT EXISTS (SELECT 1 FROM evidence_void AS v WHERE v.evidence_id = e.id)
UNION ALL
SELECT a.id, e.activity_id, e.id, e.sha256, e.size, e.name, e.kind,
       e.recorded_at, e.recorded_by, e.command
FROM activity AS a
CROSS JOIN LATERAL (
    WITH RECURSIVE up(id) AS (
        SELECT a.replaces UNION ALL
        SELECT older.replaces FROM up JOIN activity AS older ON older.id = up.id
        WHERE older.replaces IS NOT NULL
    ) SELECT id FROM up
) AS line
JOIN evidence AS e ON e.activity_id = line.id
WHERE a.replaces IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM evidence_void AS v WHERE v.evidence_id = e.id);

-- The annotations of each entry, including annotations of the entries that it replaces.
CREATE VIEW entry_annotation AS
SELECT activity_id, id, subject, text FROM annotation
UNION ALL
SELECT a.id, n.id, n.subject, n.text
FROM activity AS a
CROSS JOIN LATERAL (
    WITH RECURSIVE up(id) AS (
        SELECT a.replaces UNION ALL
        SELECT older.replaces FROM up JOIN activity AS older ON older.id = up.id
        WHERE older.replaces IS NOT NULL
    ) SELECT id FROM up
) AS line
JOIN annotation AS n ON n.activity_id = line.id
WHERE a.replaces IS NOT NULL;

-- The correction or void that counts for an entry: the last choice of the officer, else the first
-- decision, because a single ledger would have accepted only the first.
CREATE VIEW ruling AS
SELECT a.id AS entry_id, coalesce(
    (SELECT r.chosen FROM resolution AS r WHERE r.entry_id = a.id ORDER BY r.id DESC LIMIT 1),
    least((SELECT min(r.id) FROM activity AS r WHERE r.replaces = a.id),
          (SELECT min(v.id) FROM void AS v WHERE v.activity_id = a.id))
) AS decision
FROM activity AS a;

-- Entries that count: they are neither corrected nor voided, and no conflicting decision counts instead
-- of them or of an earlier correction that they replace. `items` are the codes of the items that an
-- entry counts for, its own item first. `evidence` are its kinds of evidence in alphabetical order.
CREATE VIEW computed_entry AS
SELECT
    a.id AS activity_id,
    a.item || coalesce(
        (SELECT ' ' || string_agg(o.item, ' ' ORDER BY o.item)
         FROM also AS o WHERE o.activity_id = a.id), ''
    ) AS items,
    (SELECT count(*) FROM participant AS p WHERE p.activity_id = a.id) AS names,
    coalesce(
        (SELECT string_agg(DISTINCT k.kind, ' ' ORDER BY k.kind)
         FROM entry_evidence AS k WHERE k.activity_id = a.id), ''
    ) AS evidence
FROM activity AS a
WHERE NOT EXISTS (SELECT 1 FROM activity AS r WHERE r.replaces = a.id)
  AND NOT EXISTS (SELECT 1 FROM void AS v WHERE v.activity_id = a.id)
  AND (a.replaces IS NULL OR NOT EXISTS (
      WITH RECURSIVE up(id, older) AS (
          SELECT a.id, a.replaces UNION ALL
          SELECT o.id, o.replaces FROM up JOIN activity AS o ON o.id = up.older
      ) SELECT 1 FROM up JOIN ruling AS g ON g.entry_id = up.older WHERE g.decision <> up.id
  ));
