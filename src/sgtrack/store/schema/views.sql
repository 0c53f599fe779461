-- Views for SQLite and PostgreSQL. They are created after the views of each database.

-- People on rosters, except people taken off them, with the last day of a person who left.
CREATE VIEW current_person AS
SELECT p.*, (SELECT l.last_day FROM person_leave AS l WHERE l.person_id = p.id
             ORDER BY l.id DESC LIMIT 1) AS last_day
FROM person AS p
WHERE NOT EXISTS (SELECT 1 FROM person_void AS v WHERE v.person_id = p.id);

-- Issued briefs that were not withdrawn. A withdrawal does not count if another laptop issued the
-- next brief before the withdrawn brief was issued again.
CREATE VIEW standing_brief AS
SELECT b.* FROM issued_brief AS b
WHERE NOT EXISTS (SELECT 1 FROM brief_withdrawal AS w WHERE w.brief_id = b.id)
   OR EXISTS (SELECT 1 FROM issued_brief AS n
              WHERE n.community = b.community AND n.id > b.id
                AND (n.month > b.month OR n.month = b.month AND n.part > b.part)
                AND NOT EXISTS (SELECT 1 FROM brief_withdrawal AS w WHERE w.brief_id = n.id)
                AND NOT EXISTS (SELECT 1 FROM issued_brief AS r
                                WHERE r.community = b.community AND r.month = b.month
                                  AND r.part = b.part AND r.id > b.id AND r.id < n.id));

-- Entries, corrections and voids that an issued brief has reported. If a brief was issued several
-- times, only the first one counts.
CREATE VIEW reported_entry AS
SELECT e.entry_id, e.brief_id FROM issued_entry AS e JOIN standing_brief AS b ON b.id = e.brief_id
WHERE NOT EXISTS (SELECT 1 FROM standing_brief AS f
                  WHERE f.community = b.community AND f.month = b.month AND f.part = b.part
                    AND f.id < b.id);

-- Corrections and voids, each with the entry that it corrects or voids.
CREATE VIEW decision AS
SELECT replaces AS entry_id, id, 'activity' AS kind FROM activity WHERE replaces IS NOT NULL
UNION ALL
SELECT activity_id, id, 'void' FROM void;

-- Entries that count, with the columns that `current_entry` stores for them.
CREATE VIEW current_activity AS
SELECT a.*, c.items, c.names, c.evidence
FROM activity AS a JOIN current_entry AS c ON c.activity_id = a.id;

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

-- Every entry, with the correction or void that counts for it. A correction that does not count has
-- `set_aside`: the conflicting decision that counts instead of this correction, or instead of an
-- earlier correction that it replaces.
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
