-- Several ledgers in one: what their merging needs.
--
-- A link is known by its hash, so that a copy of a ledger that went on for itself keeps its own
-- branch of the chain. Each source has as many heads as it has branches.

CREATE TABLE new_link (
    source TEXT NOT NULL,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    salt TEXT NOT NULL,
    digest TEXT NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT pk_link PRIMARY KEY (source, seq, hash),
    CONSTRAINT ck_link_seq_positive CHECK (seq > 0),
    CONSTRAINT ck_link_digest_is_hex CHECK (length(digest) = 64),
    CONSTRAINT ck_link_hash_is_hex CHECK (length(hash) = 64)
);
INSERT INTO new_link SELECT * FROM link ORDER BY source, seq;
DROP TABLE link;
ALTER TABLE new_link RENAME TO link;
CREATE INDEX ix_link_kind_record_id ON link (kind, record_id);

CREATE TABLE new_head (
    source TEXT NOT NULL,
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT pk_head PRIMARY KEY (source, hash)
);
INSERT INTO new_head SELECT * FROM head;
DROP TABLE head;
ALTER TABLE new_head RENAME TO head;

CREATE TRIGGER link_is_not_updated BEFORE UPDATE ON link
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER link_is_not_deleted BEFORE DELETE ON link
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
-- Every ledger has migrations of its own; of any other record there is one in the world.
CREATE TRIGGER link_is_not_replaced BEFORE INSERT ON link
WHEN EXISTS (SELECT 1 FROM link WHERE source = NEW.source AND seq = NEW.seq AND hash = NEW.hash)
  OR (NEW.kind <> 'migration' AND EXISTS (
      SELECT 1 FROM link WHERE kind = NEW.kind AND record_id = NEW.record_id))
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

-- That a ledger was merged: where its history stood. It puts the other history into this one's own.
CREATE TABLE merge (
    id TEXT NOT NULL,
    source TEXT NOT NULL,
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    command TEXT NOT NULL,
    CONSTRAINT pk_merge PRIMARY KEY (id),
    CONSTRAINT ck_merge_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_merge_hash_is_hex CHECK (length(hash) = 64)
);

-- Records that came without their names: what each is held to in place of its link, whose salt was
-- left out with the names. In a bundle they belong to no merging yet, and merge_id is empty.
CREATE TABLE abridgement (
    merge_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    salt TEXT NOT NULL,
    CONSTRAINT pk_abridgement PRIMARY KEY (merge_id, kind, record_id),
    CONSTRAINT ck_abridgement_digest_is_hex CHECK (length(digest) = 64)
);
CREATE INDEX ix_abridgement_kind_record_id ON abridgement (kind, record_id);

-- Which of several decisions on one entry is to count, and what was weighed: the decisions, and
-- earlier resolutions of the same entry.
CREATE TABLE resolution (
    id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    chosen TEXT NOT NULL,
    reason TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    command TEXT NOT NULL,
    CONSTRAINT pk_resolution PRIMARY KEY (id),
    CONSTRAINT ck_resolution_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_resolution_reason_given CHECK (length(reason) > 0),
    CONSTRAINT fk_resolution_entry_id_activity FOREIGN KEY (entry_id) REFERENCES activity (id)
);
CREATE INDEX ix_resolution_entry_id ON resolution (entry_id);

CREATE TABLE resolved (
    resolution_id TEXT NOT NULL,
    decision_id TEXT NOT NULL,
    CONSTRAINT pk_resolved PRIMARY KEY (resolution_id, decision_id),
    CONSTRAINT fk_resolved_resolution_id_resolution
        FOREIGN KEY (resolution_id) REFERENCES resolution (id)
);

CREATE TRIGGER merge_is_not_updated BEFORE UPDATE ON merge
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER merge_is_not_deleted BEFORE DELETE ON merge
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER merge_is_not_replaced BEFORE INSERT ON merge
WHEN EXISTS (SELECT 1 FROM merge WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER abridgement_is_not_updated BEFORE UPDATE ON abridgement
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER abridgement_is_not_deleted BEFORE DELETE ON abridgement
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER abridgement_is_not_replaced BEFORE INSERT ON abridgement
WHEN EXISTS (SELECT 1 FROM abridgement WHERE merge_id = NEW.merge_id AND kind = NEW.kind
             AND record_id = NEW.record_id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER resolution_is_not_updated BEFORE UPDATE ON resolution
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER resolution_is_not_deleted BEFORE DELETE ON resolution
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER resolution_is_not_replaced BEFORE INSERT ON resolution
WHEN EXISTS (SELECT 1 FROM resolution WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER resolved_is_not_updated BEFORE UPDATE ON resolved
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER resolved_is_not_deleted BEFORE DELETE ON resolved
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER resolved_is_not_replaced BEFORE INSERT ON resolved
WHEN EXISTS (SELECT 1 FROM resolved WHERE resolution_id = NEW.resolution_id
             AND decision_id = NEW.decision_id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

-- Two laptops may have issued the same month, and told of the same entry.
DROP VIEW content;
DROP INDEX ix_issued_brief_community_month;
CREATE INDEX ix_issued_brief_community_month ON issued_brief (community, month);
DROP TRIGGER issued_brief_is_not_replaced;
CREATE TRIGGER issued_brief_is_not_replaced BEFORE INSERT ON issued_brief
WHEN EXISTS (SELECT 1 FROM issued_brief WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TABLE new_issued_entry (
    entry_id TEXT NOT NULL,
    brief_id TEXT NOT NULL,
    CONSTRAINT pk_issued_entry PRIMARY KEY (entry_id, brief_id),
    CONSTRAINT fk_issued_entry_brief_id_issued_brief
        FOREIGN KEY (brief_id) REFERENCES issued_brief (id)
);
INSERT INTO new_issued_entry SELECT entry_id, brief_id FROM issued_entry;
DROP TABLE issued_entry;
ALTER TABLE new_issued_entry RENAME TO issued_entry;
CREATE INDEX ix_issued_entry_brief_id ON issued_entry (brief_id);
CREATE TRIGGER issued_entry_is_not_updated BEFORE UPDATE ON issued_entry
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER issued_entry_is_not_deleted BEFORE DELETE ON issued_entry
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER issued_entry_is_not_replaced BEFORE INSERT ON issued_entry
WHEN EXISTS (SELECT 1 FROM issued_entry WHERE entry_id = NEW.entry_id AND brief_id = NEW.brief_id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

-- The brief of a month is the one that was issued first; what it told of has been told.
CREATE VIEW told_entry AS
SELECT e.entry_id, e.brief_id FROM issued_entry AS e JOIN issued_brief AS b ON b.id = e.brief_id
WHERE NOT EXISTS (SELECT 1 FROM issued_brief AS f
                  WHERE f.community = b.community AND f.month = b.month AND f.id < b.id);

-- What was decided on an entry: corrections and voids.
CREATE VIEW decision AS
SELECT replaces AS entry_id, id, 'activity' AS kind FROM activity WHERE replaces IS NOT NULL
UNION ALL
SELECT activity_id, id, 'void' FROM void;

-- The decision that counts: what was chosen last, else what was decided first, as one ledger would
-- have taken only the first. The view `decision` is not used: SQLite would scan it for every entry.
CREATE VIEW ruling AS
SELECT a.id AS entry_id, coalesce(
    (SELECT r.chosen FROM resolution AS r WHERE r.entry_id = a.id ORDER BY r.id DESC LIMIT 1),
    (SELECT min(first) FROM (
        SELECT min(id) AS first FROM activity WHERE replaces = a.id UNION ALL
        SELECT min(id) FROM void WHERE activity_id = a.id))
) AS decision
FROM activity AS a;

DROP VIEW label_by_day;
DROP VIEW name_by_day;
DROP VIEW amount_by_day;
DROP VIEW current_activity;
DROP VIEW entry;

-- As before, and without corrections that another decision on the same entry goes before, or that
-- build on such a one.
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
  AND NOT EXISTS (SELECT 1 FROM void AS v WHERE v.activity_id = a.id)
  AND (a.replaces IS NULL OR NOT EXISTS (
      WITH RECURSIVE up(id, older) AS (
          SELECT a.id, a.replaces UNION ALL
          SELECT o.id, o.replaces FROM up JOIN activity AS o ON o.id = up.older
      ) SELECT 1 FROM up JOIN ruling AS g ON g.entry_id = up.older WHERE g.decision <> up.id
  ));

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

-- Every entry with what became of it. `set_aside` is the decision that went before it, where it is
-- a correction that does not count, or builds on one.
CREATE VIEW entry AS
SELECT
    a.*,
    (SELECT r.id FROM ruling AS g JOIN activity AS r ON r.id = g.decision
     WHERE g.entry_id = a.id) AS replaced_by,
    v.id AS void_id, v.reason AS void_reason, v.recorded_at AS void_at, v.recorded_by AS void_by,
    v.command AS void_command,
    CASE WHEN a.replaces IS NOT NULL THEN (
        WITH RECURSIVE up(id, older) AS (
            SELECT a.id, a.replaces UNION ALL
            SELECT o.id, o.replaces FROM up JOIN activity AS o ON o.id = up.older
        ) SELECT g.decision FROM up JOIN ruling AS g ON g.entry_id = up.older
        WHERE g.decision <> up.id LIMIT 1
    ) END AS set_aside
FROM activity AS a
LEFT JOIN void AS v ON v.id = (SELECT g.decision FROM ruling AS g WHERE g.entry_id = a.id);

-- As before, and with mergings and resolutions.
CREATE VIEW content AS
SELECT 'activity' AS kind, a.id AS record_id, json_array(
    a.community, a.item, a.day, a.title, a.place, a.kind, a.note, a.replaces, a.reason, a.closes,
    a.for_month, a.recorded_at, a.recorded_by, a.command,
    json((SELECT json_group_array(json_array(m.unit, m.hundredths))
          FROM (SELECT * FROM amount WHERE activity_id = a.id ORDER BY unit) AS m)),
    json((SELECT json_group_array(p.name)
          FROM (SELECT * FROM participant WHERE activity_id = a.id ORDER BY name) AS p)),
    json((SELECT json_group_array(o.item)
          FROM (SELECT * FROM also WHERE activity_id = a.id ORDER BY item) AS o))
) AS body FROM activity AS a
UNION ALL
SELECT 'void', id, json_array(activity_id, reason, recorded_at, recorded_by, command) FROM void
UNION ALL
SELECT 'person', id,
    json_array(community, name, role, since, recorded_at, recorded_by, command) FROM person
UNION ALL
SELECT 'person_void', id, json_array(person_id, reason, recorded_at, recorded_by, command)
FROM person_void
UNION ALL
SELECT 'evidence', id,
    json_array(activity_id, sha256, size, name, kind, recorded_at, recorded_by, command)
FROM evidence
UNION ALL
SELECT 'evidence_void', id, json_array(evidence_id, reason, recorded_at, recorded_by, command)
FROM evidence_void
UNION ALL
SELECT 'issued_brief', b.id, json_array(
    b.community, b.number, b.month, b.first_day, b.last_day, b.due, b.issued, b.submission, b.head,
    b.context, b.recorded_at, b.recorded_by, b.command,
    json((SELECT json_group_array(json_array(f.item, f.kind, f.unit, f.per, f.gain, f.total))
          FROM (SELECT * FROM issued_figure WHERE brief_id = b.id
                ORDER BY item, kind, unit, per) AS f)),
    json((SELECT json_group_array(e.entry_id)
          FROM (SELECT * FROM issued_entry WHERE brief_id = b.id ORDER BY entry_id) AS e)),
    json((SELECT json_group_array(json_array(f.format, f.sha256, f.size))
          FROM (SELECT * FROM issued_file WHERE brief_id = b.id ORDER BY format) AS f))
) FROM issued_brief AS b
UNION ALL
SELECT 'migration', CAST(number AS TEXT), json_array(number, name, applied_at) FROM migration
UNION ALL
SELECT 'contract', id, json_array(community, content, recorded_at, recorded_by, command)
FROM contract
UNION ALL
SELECT 'forgetting', g.id, json_array(
    g.pseudonym, g.tag, g.reason, g.recorded_at, g.recorded_by, g.command,
    json((SELECT json_group_array(json_array(f.kind, f.record_id, f.old_digest, f.new_digest))
          FROM (SELECT * FROM forgotten WHERE forgetting_id = g.id ORDER BY kind, record_id) AS f))
) FROM forgetting AS g
UNION ALL
SELECT 'merge', m.id, json_array(
    m.source, m.seq, m.hash, m.recorded_at, m.recorded_by, m.command,
    json((SELECT json_group_array(json_array(a.kind, a.record_id, a.digest))
          FROM (SELECT * FROM abridgement WHERE merge_id = m.id ORDER BY kind, record_id) AS a))
) FROM merge AS m
UNION ALL
SELECT 'resolution', r.id, json_array(
    r.entry_id, r.chosen, r.reason, r.recorded_at, r.recorded_by, r.command,
    json((SELECT json_group_array(w.decision_id)
          FROM (SELECT * FROM resolved WHERE resolution_id = r.id ORDER BY decision_id) AS w))
) FROM resolution AS r;
