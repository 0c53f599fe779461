-- Views that need different SQL in each database; these are for SQLite.

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
JOIN evidence AS e ON e.activity_id IN (
    WITH RECURSIVE up(id) AS (
        SELECT a.replaces UNION ALL
        SELECT older.replaces FROM up JOIN activity AS older ON older.id = up.id
        WHERE older.replaces IS NOT NULL
    ) SELECT id FROM up
)
WHERE a.replaces IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM evidence_void AS v WHERE v.evidence_id = e.id);

-- The annotations of each entry, including annotations of the entries that it replaces.
CREATE VIEW entry_annotation AS
SELECT activity_id, id, subject, text FROM annotation
UNION ALL
SELECT a.id, n.id, n.subject, n.text
FROM activity AS a
JOIN annotation AS n ON n.activity_id IN (
    WITH RECURSIVE up(id) AS (
        SELECT a.replaces UNION ALL
        SELECT older.replaces FROM up JOIN activity AS older ON older.id = up.id
        WHERE older.replaces IS NOT NULL
    ) SELECT id FROM up
)
WHERE a.replaces IS NOT NULL;

-- The correction or void that counts for an entry: the last choice of the officer, else the first
-- decision, because a single ledger would have accepted only the first. The view `decision` is not
-- used, because SQLite would scan it for every entry.
CREATE VIEW ruling AS
SELECT a.id AS entry_id, coalesce(
    (SELECT r.chosen FROM resolution AS r WHERE r.entry_id = a.id ORDER BY r.id DESC LIMIT 1),
    (SELECT min(first) FROM (
        SELECT min(id) AS first FROM activity WHERE replaces = a.id UNION ALL
        SELECT min(id) FROM void WHERE activity_id = a.id))
) AS decision
FROM activity AS a;

-- Entries that count: they are neither corrected nor voided, and no conflicting decision counts instead
-- of them or of an earlier correction that they replace. `items` are the codes of the items that an
-- entry counts for, its own item first. `evidence` are its kinds of evidence in alphabetical order.
CREATE VIEW computed_entry AS
SELECT
    a.id AS activity_id,
    a.item || coalesce(
        (SELECT ' ' || group_concat(o.item, ' ')
         FROM (SELECT item FROM also WHERE activity_id = a.id ORDER BY item) AS o), ''
    ) AS items,
    (SELECT count(*) FROM participant AS p WHERE p.activity_id = a.id) AS names,
    -- The view `entry_evidence` is not used: SQLite would read all evidence for every entry.
    coalesce(
        (SELECT group_concat(k.kind, ' ')
         FROM (SELECT DISTINCT e.kind FROM evidence AS e
               WHERE e.activity_id IN (
                   WITH RECURSIVE up(id) AS (
                       SELECT a.id UNION ALL
                       SELECT older.replaces FROM up JOIN activity AS older ON older.id = up.id
                       WHERE older.replaces IS NOT NULL
                   ) SELECT id FROM up)
                 AND NOT EXISTS (SELECT 1 FROM evidence_void AS v WHERE v.evidence_id = e.id)
               ORDER BY e.kind) AS k),
        ''
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
