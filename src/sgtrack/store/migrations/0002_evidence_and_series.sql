-- Evidence: files that prove an activity, kept by their content. Groups and cases can be closed, a
-- submission says which reporting month it is for, and a roster can be corrected.

-- 1 where this session closes its group or case.
ALTER TABLE activity ADD COLUMN closes INTEGER NOT NULL DEFAULT 0
    CONSTRAINT ck_activity_closes_is_flag CHECK (closes IN (0, 1));
-- The month (2026-03) a submission is for, where the day alone does not say it; else empty.
ALTER TABLE activity ADD COLUMN for_month TEXT NOT NULL DEFAULT ''
    CONSTRAINT ck_activity_for_month_is_iso CHECK (for_month = '' OR for_month LIKE '____-__');

CREATE TABLE evidence (
    id TEXT NOT NULL,
    activity_id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    command TEXT NOT NULL,
    CONSTRAINT pk_evidence PRIMARY KEY (id),
    CONSTRAINT ck_evidence_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_evidence_sha256_is_hex CHECK (length(sha256) = 64),
    CONSTRAINT ck_evidence_size_positive CHECK (size > 0),
    CONSTRAINT ck_evidence_name_given CHECK (length(name) > 0),
    CONSTRAINT ck_evidence_kind_given CHECK (length(kind) > 0),
    CONSTRAINT fk_evidence_activity_id_activity FOREIGN KEY (activity_id) REFERENCES activity (id)
);
CREATE INDEX ix_evidence_activity_id ON evidence (activity_id);
CREATE INDEX ix_evidence_sha256 ON evidence (sha256);

CREATE TABLE evidence_void (
    id TEXT NOT NULL,
    evidence_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    command TEXT NOT NULL,
    CONSTRAINT pk_evidence_void PRIMARY KEY (id),
    CONSTRAINT ck_evidence_void_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_evidence_void_reason_given CHECK (length(reason) > 0),
    CONSTRAINT fk_evidence_void_evidence_id_evidence
        FOREIGN KEY (evidence_id) REFERENCES evidence (id)
);
CREATE INDEX ix_evidence_void_evidence_id ON evidence_void (evidence_id);

CREATE TRIGGER evidence_is_not_updated BEFORE UPDATE ON evidence
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER evidence_is_not_deleted BEFORE DELETE ON evidence
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER evidence_is_not_replaced BEFORE INSERT ON evidence
WHEN EXISTS (SELECT 1 FROM evidence WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER evidence_void_is_not_updated BEFORE UPDATE ON evidence_void
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER evidence_void_is_not_deleted BEFORE DELETE ON evidence_void
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER evidence_void_is_not_replaced BEFORE INSERT ON evidence_void
WHEN EXISTS (SELECT 1 FROM evidence_void WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

-- Someone who should not be on a roster.
CREATE TABLE person_void (
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    command TEXT NOT NULL,
    CONSTRAINT pk_person_void PRIMARY KEY (id),
    CONSTRAINT ck_person_void_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_person_void_reason_given CHECK (length(reason) > 0),
    CONSTRAINT fk_person_void_person_id_person
        FOREIGN KEY (person_id) REFERENCES person (id)
);
CREATE INDEX ix_person_void_person_id ON person_void (person_id);

CREATE TRIGGER person_void_is_not_updated BEFORE UPDATE ON person_void
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER person_void_is_not_deleted BEFORE DELETE ON person_void
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER person_void_is_not_replaced BEFORE INSERT ON person_void
WHEN EXISTS (SELECT 1 FROM person_void WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE VIEW current_person AS
SELECT p.* FROM person AS p
WHERE NOT EXISTS (SELECT 1 FROM person_void AS v WHERE v.person_id = p.id);

-- Evidence stays with an activity when its entry is corrected, so it is looked up along the entries
-- that an entry replaces. `activity_id` is the entry it belongs to now or belonged to when it was
-- replaced; `given_to` the one it was added to.
CREATE VIEW entry_evidence AS
SELECT a.id AS activity_id, e.activity_id AS given_to, e.id, e.sha256, e.size, e.name, e.kind,
       e.recorded_at, e.recorded_by, e.command
FROM activity AS a
JOIN evidence AS e ON e.activity_id IN (
    WITH RECURSIVE up(id) AS (
        SELECT a.id UNION ALL
        SELECT older.replaces FROM up JOIN activity AS older ON older.id = up.id
        WHERE older.replaces IS NOT NULL
    ) SELECT id FROM up
)
WHERE NOT EXISTS (SELECT 1 FROM evidence_void AS v WHERE v.evidence_id = e.id);

DROP VIEW label_by_day;
DROP VIEW name_by_day;
DROP VIEW amount_by_day;
DROP VIEW current_activity;

-- As before, and with the kinds of evidence an activity has, in alphabetical order.
CREATE VIEW current_activity AS
SELECT
    a.*,
    a.item || coalesce(
        (SELECT ' ' || group_concat(o.item, ' ')
         FROM (SELECT item FROM also WHERE activity_id = a.id ORDER BY item) AS o), ''
    ) AS items,
    (SELECT count(*) FROM participant AS p WHERE p.activity_id = a.id) AS names,
    coalesce(
        (SELECT group_concat(k.kind, ' ')
         FROM (SELECT DISTINCT kind FROM entry_evidence WHERE activity_id = a.id ORDER BY kind) AS k),
        ''
    ) AS evidence
FROM activity AS a
WHERE NOT EXISTS (SELECT 1 FROM activity AS r WHERE r.replaces = a.id)
  AND NOT EXISTS (SELECT 1 FROM void AS v WHERE v.activity_id = a.id);

CREATE VIEW amount_by_day AS
SELECT a.community, a.items, a.day, m.unit, sum(m.hundredths) AS hundredths, sum(a.names) AS names,
       a.for_month, a.evidence
FROM current_activity AS a JOIN amount AS m ON m.activity_id = a.id
GROUP BY a.community, a.items, a.day, m.unit, a.for_month, a.evidence;

CREATE VIEW name_by_day AS
SELECT a.community, a.items, a.day, p.name, coalesce(m.unit, '') AS unit,
       coalesce(sum(m.hundredths), 0) AS hundredths, a.evidence
FROM current_activity AS a
JOIN participant AS p ON p.activity_id = a.id
LEFT JOIN amount AS m ON m.activity_id = a.id
GROUP BY a.community, a.items, a.day, p.name, m.unit, a.evidence;

CREATE VIEW label_by_day AS
SELECT community, items, day, title, kind, count(*) AS activities, max(closes) AS closes, evidence
FROM current_activity
GROUP BY community, items, day, title, kind, evidence;
