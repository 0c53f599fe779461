-- What a community's target file asked for: noted with the first entry and whenever it has become
-- something else by the time of another one, so that a silent change can be told from an agreed one.

CREATE TABLE contract (
    id TEXT NOT NULL,
    community TEXT NOT NULL,
    content TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    command TEXT NOT NULL,
    CONSTRAINT pk_contract PRIMARY KEY (id),
    CONSTRAINT ck_contract_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_contract_community_given CHECK (length(community) > 0),
    CONSTRAINT ck_contract_content_given CHECK (length(content) > 0)
);
CREATE INDEX ix_contract_community_id ON contract (community, id);

CREATE TRIGGER contract_is_not_updated BEFORE UPDATE ON contract
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER contract_is_not_deleted BEFORE DELETE ON contract
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER contract_is_not_replaced BEFORE INSERT ON contract
WHEN EXISTS (SELECT 1 FROM contract WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

-- As before, and with the contracts.
DROP VIEW content;
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
FROM contract;
