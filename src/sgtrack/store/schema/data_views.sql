-- The views that docs/data.md promises to everybody who reads a ledger with SQL. Their columns stay;
-- further ones may be added at the end.

CREATE VIEW communities AS
WITH indicator AS MATERIALIZED (SELECT * FROM contract_indicator),
overall AS MATERIALIZED (
    SELECT n.community, count(*) AS indicators,
           CAST(sum(CASE WHEN i.ended IS NULL THEN n.tenths END) AS bigint)
           / nullif(sum(CASE WHEN i.ended IS NULL THEN 1 END), 0) AS tenths
    FROM indicator_figure AS n
    JOIN indicator AS i ON i.community = n.community AND i.place = n.place
    GROUP BY n.community
)
SELECT f.community, f.name AS community_name, f.first_day, f.last_day,
       p.indicators, CAST(p.tenths / 10.0 AS double precision) AS percent,
       f.recorded AS contract_recorded, f.as_of
FROM contract_in_force AS f
JOIN overall AS p ON p.community = f.community;

CREATE VIEW indicators AS
WITH item_of AS MATERIALIZED (SELECT * FROM contract_item)
SELECT i.community, t.community_name, t.category, t.category_name, t.clause, t.clause_text,
       i.item, t.item_name, t.part_of, i.kind, i.unit, i.per,
       CAST(i.target / 100.0 AS double precision) AS target,
       i.due_day, i.due, i.role, i.added, i.ended, i.place + 1 AS place
FROM contract_indicator AS i
JOIN item_of AS t ON t.community = i.community AND t.item = i.item;

CREATE VIEW progress AS
WITH indicator AS MATERIALIZED (SELECT * FROM indicators),
figure AS MATERIALIZED (SELECT * FROM indicator_figure)
SELECT i.community, i.community_name, i.category, i.category_name, i.clause, i.clause_text,
       i.item, i.item_name, i.part_of, i.kind, i.unit, i.per, i.target,
       CAST(f.actual / 100.0 AS double precision) AS actual,
       CAST(f.tenths / 10.0 AS double precision) AS percent,
       i.ended, i.place, f.as_of
FROM indicator AS i
JOIN figure AS f ON f.community = i.community AND f.place = i.place - 1;

CREATE VIEW clauses AS
SELECT community, community_name, category, category_name, clause, clause_text,
       count(*) AS indicators,
       CAST((CAST(round(sum(CASE WHEN ended IS NULL THEN 10 * percent END)) AS bigint)
             / nullif(sum(CASE WHEN ended IS NULL THEN 1 END), 0)) / 10.0 AS double precision)
       AS percent,
       min(place) AS place, as_of
FROM progress
GROUP BY community, community_name, category, category_name, clause, clause_text, as_of;

CREATE VIEW periods AS
WITH indicator AS MATERIALIZED (SELECT * FROM indicators),
figure AS MATERIALIZED (SELECT * FROM period_figure)
SELECT i.community, i.community_name, i.item, i.item_name, i.kind, i.unit, i.per,
       f.label AS period, f.first_day, f.last_day,
       CAST(f.target / 100.0 AS double precision) AS target,
       CAST(f.actual / 100.0 AS double precision) AS actual,
       CASE WHEN f.actual >= f.target THEN 1 ELSE 0 END AS met
FROM indicator AS i
JOIN figure AS f ON f.community = i.community AND f.place = i.place - 1
WHERE f.label <> '';

CREATE VIEW counted AS
WITH indicator AS MATERIALIZED (SELECT * FROM indicators)
SELECT i.community, i.community_name, i.clause, i.item, i.item_name, i.kind, i.unit, i.per,
       c.activity_id, c.day AS date, substr(c.credit_day, 1, 7) AS month,
       CAST(c.hundredths / 100.0 AS double precision) AS amount
FROM credit AS c
JOIN indicator AS i ON i.community = c.community AND i.place - 1 = c.place;

CREATE VIEW months AS
WITH indicator AS MATERIALIZED (SELECT * FROM indicators),
month AS MATERIALIZED (
    SELECT community, place, substr(credit_day, 1, 7) AS month, sum(hundredths) AS hundredths
    FROM credit GROUP BY community, place, substr(credit_day, 1, 7)
)
SELECT i.community, i.community_name, i.clause, i.item, i.item_name, i.kind, i.unit, i.per,
       m.month, CAST(m.hundredths / 100.0 AS double precision) AS actual
FROM indicator AS i
JOIN month AS m ON m.community = i.community AND m.place = i.place - 1;

CREATE VIEW activities AS
WITH contract_of AS MATERIALIZED (SELECT * FROM contract_item),
session AS MATERIALIZED (
    SELECT DISTINCT a.activity_id
    FROM contract_of AS t
    JOIN item_activity AS a ON a.community = t.community AND a.item = t.item
    WHERE t.series = 1
)
SELECT a.id AS activity_id, a.community, t.community_name, a.day AS date,
       substr(a.day, 1, 7) AS month, t.category, t.category_name, t.clause, a.item, t.item_name,
       a.title, a.place, a.kind AS type,
       CASE WHEN s.activity_id IS NOT NULL THEN a.title END AS series, a.session, a.closes,
       a.attendance, a.names AS participants,
       CASE WHEN instr(a.items, ' ') > 0 THEN substr(a.items, instr(a.items, ' ') + 1) ELSE '' END
       AS also,
       a.for_month, a.evidence,
       CASE WHEN EXISTS (SELECT 1 FROM json_each(t.evidence, '$') AS e
                         WHERE instr(' ' || a.evidence || ' ', ' ' || e.value || ' ') = 0)
            THEN 0 ELSE 1 END AS evidence_complete,
       a.recorded_at
FROM current_activity AS a
LEFT JOIN contract_of AS t ON t.community = a.community AND t.item = a.item
LEFT JOIN session AS s ON s.activity_id = a.id;

CREATE VIEW amounts AS
WITH contract_of AS MATERIALIZED (SELECT * FROM contract_item)
SELECT m.activity_id, a.community, t.community_name, a.day AS date, substr(a.day, 1, 7) AS month,
       t.category, t.category_name, t.clause, a.item, t.item_name, m.unit,
       CAST(m.hundredths / 100.0 AS double precision) AS amount
FROM current_activity AS a
JOIN amount AS m ON m.activity_id = a.id
LEFT JOIN contract_of AS t ON t.community = a.community AND t.item = a.item;

CREATE VIEW people_per_item AS
WITH activity_of_item AS MATERIALIZED (SELECT * FROM item_activity),
contract_of AS MATERIALIZED (SELECT * FROM contract_item)
SELECT t.community, t.community_name, t.clause, t.item, t.item_name,
       count(DISTINCT a.activity_id) AS activities,
       count(DISTINCT p.name) AS people, count(p.name) AS attendances
FROM contract_of AS t
JOIN activity_of_item AS a ON a.community = t.community AND a.item = t.item
LEFT JOIN participant AS p ON p.activity_id = a.activity_id
GROUP BY t.community, t.community_name, t.clause, t.item, t.item_name;

-- With names of people.
CREATE VIEW named_participants AS
WITH contract_of AS MATERIALIZED (SELECT * FROM contract_item)
SELECT p.activity_id, a.community, t.community_name, a.day AS date, a.item, t.item_name, p.name
FROM current_activity AS a
JOIN participant AS p ON p.activity_id = a.id
LEFT JOIN contract_of AS t ON t.community = a.community AND t.item = a.item;

-- With names of people.
CREATE VIEW named_progress AS
WITH indicator AS MATERIALIZED (SELECT * FROM indicators)
SELECT i.community, i.community_name, i.role, f.name, i.item, i.item_name, i.unit,
       f.label AS year, CAST(f.target / 100.0 AS double precision) AS target,
       CAST(f.hundredths / 100.0 AS double precision) AS actual
FROM person_figure AS f
JOIN indicator AS i ON i.community = f.community AND i.place - 1 = f.place;
