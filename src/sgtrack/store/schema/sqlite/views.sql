-- Views that each database writes in its own way; here those of SQLite.

-- Evidence stays with an activity when its entry is corrected: the evidence of an entry, and of those
-- it replaces, which most do not. `activity_id` is the entry it belongs to now or belonged to when it
-- was replaced, `given_to` the one it was added to.
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

-- Annotations stay with an activity when its entry is corrected, as evidence does.
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

-- The decision that counts for an entry: the last choice of the officer, else the first decision, as
-- one ledger would have taken only the first. SQLite would scan the view `decision` for every entry.
CREATE VIEW ruling AS
SELECT a.id AS entry_id, coalesce(
    (SELECT r.chosen FROM resolution AS r WHERE r.entry_id = a.id ORDER BY r.id DESC LIMIT 1),
    (SELECT min(first) FROM (
        SELECT min(id) AS first FROM activity WHERE replaces = a.id UNION ALL
        SELECT min(id) FROM void WHERE activity_id = a.id))
) AS decision
FROM activity AS a;

-- Entries that count: nothing replaces or voids them, and no other decision goes before a correction
-- among them or before one it builds on. `items` are the codes an activity counts for, its own first,
-- `evidence` its kinds of evidence in alphabetical order.
CREATE VIEW computed_entry AS
SELECT
    a.id AS activity_id,
    a.item || coalesce(
        (SELECT ' ' || group_concat(o.item, ' ')
         FROM (SELECT item FROM also WHERE activity_id = a.id ORDER BY item) AS o), ''
    ) AS items,
    (SELECT count(*) FROM participant AS p WHERE p.activity_id = a.id) AS names,
    -- Not by the view: SQLite would read all evidence for every entry.
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
