-- A chain of hashes over everything that was ever entered, in the order it was entered.
--
-- A link's digest is SHA-256 over its salt and the record's body as the view `content` gives it; its
-- hash is SHA-256 over the hash of the link before it, its own place and the digest:
--     digest = sha256(salt || body)
--     hash   = sha256(previous hash || '\n' || source || '\n' || seq || '\n' || kind || '\n' ||
--                     record_id || '\n' || digest)          (the first previous hash is empty)

-- Tells this ledger from every other one.
CREATE TABLE ledger (
    id TEXT NOT NULL,
    CONSTRAINT pk_ledger PRIMARY KEY (id),
    CONSTRAINT ck_ledger_id_is_ulid CHECK (length(id) = 26)
);

CREATE TABLE link (
    source TEXT NOT NULL,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    salt TEXT NOT NULL,
    digest TEXT NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT pk_link PRIMARY KEY (source, seq),
    CONSTRAINT ck_link_seq_positive CHECK (seq > 0),
    CONSTRAINT ck_link_digest_is_hex CHECK (length(digest) = 64),
    CONSTRAINT ck_link_hash_is_hex CHECK (length(hash) = 64)
);
CREATE UNIQUE INDEX ix_link_kind_record_id ON link (kind, record_id);

-- The newest link of each source: the one table that changes, so that the end of the chain cannot be
-- cut off unseen.
CREATE TABLE head (
    source TEXT NOT NULL,
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT pk_head PRIMARY KEY (source)
);
CREATE TRIGGER link_moves_head AFTER INSERT ON link
BEGIN INSERT OR REPLACE INTO head VALUES (NEW.source, NEW.seq, NEW.hash); END;

CREATE TRIGGER link_is_not_updated BEFORE UPDATE ON link
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER link_is_not_deleted BEFORE DELETE ON link
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER link_is_not_replaced BEFORE INSERT ON link
WHEN EXISTS (SELECT 1 FROM link WHERE (source = NEW.source AND seq = NEW.seq)
             OR (kind = NEW.kind AND record_id = NEW.record_id))
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER ledger_is_not_updated BEFORE UPDATE ON ledger
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER ledger_is_not_deleted BEFORE DELETE ON ledger
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER ledger_is_not_replaced BEFORE INSERT ON ledger
WHEN EXISTS (SELECT 1 FROM ledger)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

-- Every record as the text its digest is made of.
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
SELECT 'migration', CAST(number AS TEXT), json_array(number, name, applied_at) FROM migration;
