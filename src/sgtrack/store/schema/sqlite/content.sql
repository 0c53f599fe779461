-- Written by scripts/make_schema.py; change the tables in store/ or model/record_kinds.py.
CREATE VIEW content (kind, record_id, body) AS
SELECT 'activity', r.id, json_array(
    r.community, r.item, r.day, r.title, r.place, r.kind, r.note, r.replaces, r.reason, r.source,
    r.session, r.attendance, r.recorded_at, r.recorded_by, r.command, r.closes, r.for_month,
    json((SELECT json_group_array(json_array(p.unit, p.hundredths))
          FROM (SELECT * FROM amount AS p WHERE p.activity_id = r.id
                ORDER BY p.unit) AS p)),
    json((SELECT json_group_array(p.name)
          FROM (SELECT * FROM participant AS p WHERE p.activity_id = r.id
                ORDER BY p.name) AS p)),
    json((SELECT json_group_array(p.item)
          FROM (SELECT * FROM also AS p WHERE p.activity_id = r.id
                ORDER BY p.item) AS p))
) FROM activity AS r
UNION ALL
SELECT 'void', r.id, json_array(
    r.activity_id, r.reason, r.recorded_at, r.recorded_by, r.command
) FROM void AS r
UNION ALL
SELECT 'person', r.id, json_array(
    r.community, r.name, r.role, r.since, r.recorded_at, r.recorded_by, r.command
) FROM person AS r
UNION ALL
SELECT 'person_void', r.id, json_array(
    r.person_id, r.reason, r.recorded_at, r.recorded_by, r.command
) FROM person_void AS r
UNION ALL
SELECT 'person_leave', r.id, json_array(
    r.person_id, r.last_day, r.recorded_at, r.recorded_by, r.command
) FROM person_leave AS r
UNION ALL
SELECT 'annotation', r.id, json_array(
    r.activity_id, r.subject, r.text, r.recorded_at, r.recorded_by, r.command
) FROM annotation AS r
UNION ALL
SELECT 'evidence', r.id, json_array(
    r.activity_id, r.sha256, r.size, r.name, r.kind, r.recorded_at, r.recorded_by, r.command
) FROM evidence AS r
UNION ALL
SELECT 'evidence_void', r.id, json_array(
    r.evidence_id, r.reason, r.recorded_at, r.recorded_by, r.command
) FROM evidence_void AS r
UNION ALL
SELECT 'issued_brief', r.id, json_array(
    r.community, r.number, r.month, r.part, r.first_day, r.last_day, r.due, r.issued,
    r.submission, r.head, r.context, r.early, r.recorded_at, r.recorded_by, r.command,
    json((SELECT json_group_array(json_array(p.item, p.kind, p.unit, p.per, p.gain, p.total))
          FROM (SELECT * FROM issued_figure AS p WHERE p.brief_id = r.id
                ORDER BY p.item, p.kind, p.unit, p.per) AS p)),
    json((SELECT json_group_array(p.entry_id)
          FROM (SELECT * FROM issued_entry AS p WHERE p.brief_id = r.id
                ORDER BY p.entry_id) AS p)),
    json((SELECT json_group_array(json_array(p.format, p.sha256, p.size))
          FROM (SELECT * FROM issued_file AS p WHERE p.brief_id = r.id
                ORDER BY p.format) AS p))
) FROM issued_brief AS r
UNION ALL
SELECT 'brief_withdrawal', r.id, json_array(
    r.brief_id, r.reason, r.recorded_at, r.recorded_by, r.command
) FROM brief_withdrawal AS r
UNION ALL
SELECT 'contract', r.id, json_array(
    r.community, r.content, r.recorded_at, r.recorded_by, r.command
) FROM contract AS r
UNION ALL
SELECT 'forgetting', r.id, json_array(
    r.pseudonym, r.tag, r.reason, r.recorded_at, r.recorded_by, r.command,
    json((SELECT json_group_array(json_array(p.kind, p.record_id, p.old_digest, p.new_digest))
          FROM (SELECT * FROM forgotten AS p WHERE p.forgetting_id = r.id
                ORDER BY p.kind, p.record_id) AS p))
) FROM forgetting AS r
UNION ALL
SELECT 'merge', r.id, json_array(
    r.source, r.seq, r.hash, r.recorded_at, r.recorded_by, r.command,
    json((SELECT json_group_array(json_array(p.kind, p.record_id, p.digest))
          FROM (SELECT * FROM abridgement AS p WHERE p.merge_id = r.id
                ORDER BY p.kind, p.record_id) AS p))
) FROM merge AS r
UNION ALL
SELECT 'resolution', r.id, json_array(
    r.entry_id, r.chosen, r.reason, r.recorded_at, r.recorded_by, r.command,
    json((SELECT json_group_array(p.decision_id)
          FROM (SELECT * FROM resolved AS p WHERE p.resolution_id = r.id
                ORDER BY p.decision_id) AS p))
) FROM resolution AS r
UNION ALL
SELECT 'migration', CAST(r.number AS TEXT), json_array(
    r.number, r.name, r.fingerprint, r.applied_at
) FROM migration AS r;
