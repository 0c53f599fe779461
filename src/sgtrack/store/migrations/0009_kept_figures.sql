-- What counts now, kept beside the entries, and sums by month that are read in the order they lie.
--
-- Whether an entry counts, what it serves and what proves it follow from corrections, voids,
-- resolutions and evidence; that is worked out when one of these is written, no longer whenever
-- someone reads. Everything here can be computed anew; `sgtrack verify` does, and compares.

DROP VIEW label_by_day;
DROP VIEW name_by_day;
DROP VIEW amount_by_day;

-- As before: what was given to an entry, and to those it replaces, which most do not.
DROP VIEW current_activity;
DROP VIEW entry_evidence;
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

-- What is to be kept of every entry that counts.
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

CREATE TABLE current_entry (
    activity_id TEXT NOT NULL,
    items TEXT NOT NULL,
    names INTEGER NOT NULL,
    evidence TEXT NOT NULL,
    CONSTRAINT pk_current_entry PRIMARY KEY (activity_id),
    CONSTRAINT fk_current_entry_activity_id_activity
        FOREIGN KEY (activity_id) REFERENCES activity (id)
) WITHOUT ROWID;

INSERT INTO current_entry SELECT activity_id, items, names, evidence FROM computed_entry;

CREATE VIEW current_activity AS
SELECT a.*, c.items, c.names, c.evidence
FROM activity AS a JOIN current_entry AS c ON c.activity_id = a.id;

-- As before, and with the item alone, by which its activities are found.
CREATE VIEW amount_by_day AS
SELECT a.community, a.item, a.items, a.day, m.unit, sum(m.hundredths) AS hundredths,
       sum(a.names) AS names, a.for_month, a.evidence
FROM current_activity AS a JOIN amount AS m ON m.activity_id = a.id
GROUP BY a.community, a.item, a.items, a.day, m.unit, a.for_month, a.evidence;

CREATE VIEW name_by_day AS
SELECT a.community, a.item, a.items, a.day, p.name, coalesce(m.unit, '') AS unit,
       coalesce(sum(m.hundredths), 0) AS hundredths, a.evidence
FROM current_activity AS a
JOIN participant AS p ON p.activity_id = a.id
LEFT JOIN amount AS m ON m.activity_id = a.id
GROUP BY a.community, a.item, a.items, a.day, p.name, m.unit, a.evidence;

CREATE VIEW kind_by_day AS
SELECT community, item, items, day, kind, count(*) AS activities, evidence
FROM current_activity GROUP BY community, item, items, day, kind, evidence;

CREATE VIEW title_by_day AS
SELECT community, item, items, day, title, count(*) AS activities, max(closes) AS closes, evidence
FROM current_activity GROUP BY community, item, items, day, title, evidence;

-- The month comes last in the keys: months of one thing lie together and are added up as read.
DROP TABLE amount_by_month;
CREATE TABLE amount_by_month (
    community TEXT NOT NULL,
    items TEXT NOT NULL,
    unit TEXT NOT NULL,
    for_month TEXT NOT NULL,
    evidence TEXT NOT NULL,
    month TEXT NOT NULL,
    hundredths INTEGER NOT NULL,
    names INTEGER NOT NULL,
    CONSTRAINT pk_amount_by_month
        PRIMARY KEY (community, items, unit, for_month, evidence, month)
) WITHOUT ROWID;
CREATE INDEX ix_amount_by_month_community_month ON amount_by_month (community, month);

-- When in a month something of a type was done first; the type is empty where there is none.
DROP TABLE kind_by_month;
CREATE TABLE kind_by_month (
    community TEXT NOT NULL,
    items TEXT NOT NULL,
    kind TEXT NOT NULL,
    evidence TEXT NOT NULL,
    month TEXT NOT NULL,
    first_day TEXT NOT NULL,
    activities INTEGER NOT NULL,
    CONSTRAINT pk_kind_by_month PRIMARY KEY (community, items, kind, evidence, month)
) WITHOUT ROWID;
CREATE INDEX ix_kind_by_month_community_month ON kind_by_month (community, month);

-- What was done in a month under one title, such as the sessions of a group.
CREATE TABLE title_by_month (
    community TEXT NOT NULL,
    items TEXT NOT NULL,
    title TEXT NOT NULL,
    evidence TEXT NOT NULL,
    month TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    activities INTEGER NOT NULL,
    closes INTEGER NOT NULL,
    CONSTRAINT pk_title_by_month PRIMARY KEY (community, items, title, evidence, month)
) WITHOUT ROWID;
CREATE INDEX ix_title_by_month_community_month ON title_by_month (community, month);

-- What everyone who was named has in a month; the unit is empty where there was no amount.
CREATE TABLE name_by_month (
    community TEXT NOT NULL,
    items TEXT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    evidence TEXT NOT NULL,
    month TEXT NOT NULL,
    hundredths INTEGER NOT NULL,
    CONSTRAINT pk_name_by_month PRIMARY KEY (community, items, name, unit, evidence, month)
) WITHOUT ROWID;
CREATE INDEX ix_name_by_month_community_month ON name_by_month (community, month);

INSERT INTO amount_by_month
SELECT community, items, unit, for_month, evidence, substr(day, 1, 7), sum(hundredths), sum(names)
FROM amount_by_day GROUP BY 1, 2, 3, 4, 5, 6;

INSERT INTO kind_by_month
SELECT community, items, kind, evidence, substr(day, 1, 7), min(day), count(*)
FROM current_activity GROUP BY 1, 2, 3, 4, 5;

INSERT INTO title_by_month
SELECT community, items, title, evidence, substr(day, 1, 7), min(day), max(day), count(*),
       max(closes)
FROM current_activity GROUP BY 1, 2, 3, 4, 5;

INSERT INTO name_by_month
SELECT community, items, name, unit, evidence, substr(day, 1, 7), sum(hundredths)
FROM name_by_day GROUP BY 1, 2, 3, 4, 5, 6;

-- Everyone who was ever named, one seek each.
CREATE INDEX ix_participant_name ON participant (name, activity_id);
