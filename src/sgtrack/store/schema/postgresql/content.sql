-- Written by scripts/make_schema.py; change the tables in store/ or model/record_kinds.py.
CREATE VIEW content (kind, record_id, body) AS
SELECT 'activity', r.id, '[' || concat_ws(',',
    json_text(r.community), json_text(r.item), json_text(r.day), json_text(r.title),
    json_text(r.place), json_text(r.kind), json_text(r.note), json_text(r.replaces),
    json_text(r.reason), json_text(r.source), coalesce(CAST(r.session AS text), 'null'),
    coalesce(CAST(r.attendance AS text), 'null'), json_text(r.recorded_at),
    json_text(r.recorded_by), json_text(r.command), r.closes, json_text(r.for_month),
    '[' || coalesce((SELECT string_agg('[' || concat_ws(',', json_text(p.unit), p.hundredths) || ']', ','
            ORDER BY p.unit)
        FROM amount AS p WHERE p.activity_id = r.id), '') || ']',
    '[' || coalesce((SELECT string_agg(json_text(p.name), ','
            ORDER BY p.name)
        FROM participant AS p WHERE p.activity_id = r.id), '') || ']',
    '[' || coalesce((SELECT string_agg(json_text(p.item), ','
            ORDER BY p.item)
        FROM also AS p WHERE p.activity_id = r.id), '') || ']'
) || ']' FROM activity AS r
UNION ALL
SELECT 'void', r.id, '[' || concat_ws(',',
    json_text(r.activity_id), json_text(r.reason), json_text(r.recorded_at),
    json_text(r.recorded_by), json_text(r.command)
) || ']' FROM void AS r
UNION ALL
SELECT 'person', r.id, '[' || concat_ws(',',
    json_text(r.community), json_text(r.name), json_text(r.role), json_text(r.since),
    json_text(r.recorded_at), json_text(r.recorded_by), json_text(r.command)
) || ']' FROM person AS r
UNION ALL
SELECT 'person_void', r.id, '[' || concat_ws(',',
    json_text(r.person_id), json_text(r.reason), json_text(r.recorded_at),
    json_text(r.recorded_by), json_text(r.command)
) || ']' FROM person_void AS r
UNION ALL
SELECT 'person_leave', r.id, '[' || concat_ws(',',
    json_text(r.person_id), json_text(r.last_day), json_text(r.recorded_at),
    json_text(r.recorded_by), json_text(r.command)
) || ']' FROM person_leave AS r
UNION ALL
SELECT 'annotation', r.id, '[' || concat_ws(',',
    json_text(r.activity_id), json_text(r.subject), json_text(r.text), json_text(r.recorded_at),
    json_text(r.recorded_by), json_text(r.command)
) || ']' FROM annotation AS r
UNION ALL
SELECT 'evidence', r.id, '[' || concat_ws(',',
    json_text(r.activity_id), json_text(r.sha256), r.size, json_text(r.name), json_text(r.kind),
    json_text(r.recorded_at), json_text(r.recorded_by), json_text(r.command)
) || ']' FROM evidence AS r
UNION ALL
SELECT 'evidence_void', r.id, '[' || concat_ws(',',
    json_text(r.evidence_id), json_text(r.reason), json_text(r.recorded_at),
    json_text(r.recorded_by), json_text(r.command)
) || ']' FROM evidence_void AS r
UNION ALL
SELECT 'issued_brief', r.id, '[' || concat_ws(',',
    json_text(r.community), r.number, json_text(r.month), r.part, json_text(r.first_day),
    json_text(r.last_day), json_text(r.due), json_text(r.issued), json_text(r.submission),
    json_text(r.head), json_text(r.context), json_text(r.early), json_text(r.recorded_at),
    json_text(r.recorded_by), json_text(r.command),
    '[' || coalesce((SELECT string_agg('[' || concat_ws(',', json_text(p.item), json_text(p.kind), json_text(p.unit), json_text(p.per), p.gain, p.total) || ']', ','
            ORDER BY p.item, p.kind, p.unit, p.per)
        FROM issued_figure AS p WHERE p.brief_id = r.id), '') || ']',
    '[' || coalesce((SELECT string_agg(json_text(p.entry_id), ','
            ORDER BY p.entry_id)
        FROM issued_entry AS p WHERE p.brief_id = r.id), '') || ']',
    '[' || coalesce((SELECT string_agg('[' || concat_ws(',', json_text(p.format), json_text(p.sha256), p.size) || ']', ','
            ORDER BY p.format)
        FROM issued_file AS p WHERE p.brief_id = r.id), '') || ']'
) || ']' FROM issued_brief AS r
UNION ALL
SELECT 'brief_withdrawal', r.id, '[' || concat_ws(',',
    json_text(r.brief_id), json_text(r.reason), json_text(r.recorded_at),
    json_text(r.recorded_by), json_text(r.command)
) || ']' FROM brief_withdrawal AS r
UNION ALL
SELECT 'contract', r.id, '[' || concat_ws(',',
    json_text(r.community), json_text(r.content), json_text(r.recorded_at),
    json_text(r.recorded_by), json_text(r.command)
) || ']' FROM contract AS r
UNION ALL
SELECT 'forgetting', r.id, '[' || concat_ws(',',
    json_text(r.pseudonym), json_text(r.tag), json_text(r.reason), json_text(r.recorded_at),
    json_text(r.recorded_by), json_text(r.command),
    '[' || coalesce((SELECT string_agg('[' || concat_ws(',', json_text(p.kind), json_text(p.record_id), json_text(p.old_digest), json_text(p.new_digest)) || ']', ','
            ORDER BY p.kind, p.record_id)
        FROM forgotten AS p WHERE p.forgetting_id = r.id), '') || ']'
) || ']' FROM forgetting AS r
UNION ALL
SELECT 'merge', r.id, '[' || concat_ws(',',
    json_text(r.source), r.seq, json_text(r.hash), json_text(r.recorded_at),
    json_text(r.recorded_by), json_text(r.command),
    '[' || coalesce((SELECT string_agg('[' || concat_ws(',', json_text(p.kind), json_text(p.record_id), json_text(p.digest)) || ']', ','
            ORDER BY p.kind, p.record_id)
        FROM abridgement AS p WHERE p.merge_id = r.id), '') || ']'
) || ']' FROM merge AS r
UNION ALL
SELECT 'resolution', r.id, '[' || concat_ws(',',
    json_text(r.entry_id), json_text(r.chosen), json_text(r.reason), json_text(r.recorded_at),
    json_text(r.recorded_by), json_text(r.command),
    '[' || coalesce((SELECT string_agg(json_text(p.decision_id), ','
            ORDER BY p.decision_id)
        FROM resolved AS p WHERE p.resolution_id = r.id), '') || ']'
) || ']' FROM resolution AS r
UNION ALL
SELECT 'migration', CAST(r.number AS TEXT), '[' || concat_ws(',',
    r.number, json_text(r.name), json_text(r.fingerprint), json_text(r.applied_at)
) || ']' FROM migration AS r;
