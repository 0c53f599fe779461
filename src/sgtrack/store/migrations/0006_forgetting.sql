-- Forgetting: a name is replaced everywhere by a pseudonym, and the ledger can still be checked.
--
-- A forgetting is a record of the chain like any other. It lists each record whose words were
-- rewritten, with the digest it had and the digest it has now. A link keeps its old digest, which its
-- hash covers; the salt that belonged to it is destroyed, so that no guess at the name can be held
-- against it. The salt of the new digest stands here.

CREATE TABLE forgetting (
    id TEXT NOT NULL,
    pseudonym TEXT NOT NULL,
    tag TEXT NOT NULL,
    reason TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    command TEXT NOT NULL,
    CONSTRAINT pk_forgetting PRIMARY KEY (id),
    CONSTRAINT ck_forgetting_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_forgetting_pseudonym_given CHECK (length(pseudonym) > 0),
    CONSTRAINT ck_forgetting_tag_is_hex CHECK (length(tag) = 32),
    CONSTRAINT ck_forgetting_reason_given CHECK (length(reason) > 0)
);

CREATE TABLE forgotten (
    forgetting_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    old_digest TEXT NOT NULL,
    new_digest TEXT NOT NULL,
    salt TEXT NOT NULL,
    CONSTRAINT pk_forgotten PRIMARY KEY (forgetting_id, kind, record_id),
    CONSTRAINT ck_forgotten_old_digest_is_hex CHECK (length(old_digest) = 64),
    CONSTRAINT ck_forgotten_new_digest_is_hex CHECK (length(new_digest) = 64),
    CONSTRAINT fk_forgotten_forgetting_id_forgetting
        FOREIGN KEY (forgetting_id) REFERENCES forgetting (id)
);
CREATE INDEX ix_forgotten_kind_record_id ON forgotten (kind, record_id);

CREATE TRIGGER forgetting_is_not_updated BEFORE UPDATE ON forgetting
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER forgetting_is_not_deleted BEFORE DELETE ON forgetting
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER forgetting_is_not_replaced BEFORE INSERT ON forgetting
WHEN EXISTS (SELECT 1 FROM forgetting WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER forgotten_is_not_updated BEFORE UPDATE ON forgotten
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER forgotten_is_not_deleted BEFORE DELETE ON forgotten
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER forgotten_is_not_replaced BEFORE INSERT ON forgotten
WHEN EXISTS (SELECT 1 FROM forgotten WHERE forgetting_id = NEW.forgetting_id AND kind = NEW.kind
             AND record_id = NEW.record_id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

DROP VIEW content;

-- As before, and with forgettings. Salts are no part of a record.
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
) FROM forgetting AS g;
