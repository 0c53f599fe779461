-- Views of the contracts in force, and of what every activity adds to their indicators, for SQLite and
-- PostgreSQL. The documented views in data_views.sql read them. All amounts are in hundredths. If the
-- counting in progress/ changes, change it here, too; tests/year/test_data_views.py compares both.
-- MATERIALIZED keeps SQLite from computing the same rows again for every row that it joins.

-- The day of all figures: the last day on which something was recorded or took place.
CREATE VIEW figure_day AS
SELECT as_of FROM (SELECT max(day) AS as_of FROM (
    SELECT max(day) AS day FROM activity UNION ALL
    SELECT max(substr(recorded_at, 1, 10)) FROM activity UNION ALL
    SELECT max(substr(recorded_at, 1, 10)) FROM void UNION ALL
    SELECT max(substr(recorded_at, 1, 10)) FROM person UNION ALL
    SELECT max(substr(recorded_at, 1, 10)) FROM person_void UNION ALL
    SELECT max(substr(recorded_at, 1, 10)) FROM person_leave UNION ALL
    SELECT max(substr(recorded_at, 1, 10)) FROM contract
) AS days) AS newest WHERE as_of IS NOT NULL;

-- The newest recorded contract of each community, in the stage in force on the day of the figures.
CREATE VIEW contract_in_force AS
SELECT c.community, substr(c.recorded_at, 1, 10) AS recorded, d.as_of,
       json_extract(c.content, '$.rows.name') AS name,
       json_extract(s.value, '$.first_day') AS first_day,
       json_extract(s.value, '$.last_day') AS last_day,
       json_extract(s.value, '$.end') AS project_end,
       json_extract(c.content, '$.rows.items') AS items,
       json_extract(s.value, '$.indicators') AS indicators
FROM contract AS c
CROSS JOIN figure_day AS d
CROSS JOIN json_each(c.content, '$.rows.stages') AS s
WHERE c.id = (SELECT max(n.id) FROM contract AS n WHERE n.community = c.community)
  AND s.key = (SELECT max(t.key) FROM json_each(c.content, '$.rows.stages') AS t
               WHERE json_extract(t.value, '$.from') <= d.as_of);

CREATE VIEW contract_item AS
SELECT f.community, f.name AS community_name,
       json_extract(i.value, '$.item') AS item,
       json_extract(i.value, '$.name') AS item_name,
       json_extract(i.value, '$.clause') AS clause,
       json_extract(i.value, '$.text') AS clause_text,
       json_extract(i.value, '$.category') AS category,
       json_extract(i.value, '$.category_name') AS category_name,
       json_extract(i.value, '$.part_of') AS part_of,
       json_extract(i.value, '$.added') AS added,
       coalesce(CAST(json_extract(i.value, '$.series') AS bigint), 0) AS series,
       CAST(json_extract(i.value, '$.sessions') AS bigint) AS sessions,
       json_extract(i.value, '$.counts_for') AS counts_for,
       json_extract(i.value, '$.evidence') AS evidence,
       json_extract(i.value, '$.each') AS conditions
FROM contract_in_force AS f CROSS JOIN json_each(f.items, '$') AS i;

-- `place` numbers the indicators of a community in the order of its contract.
CREATE VIEW contract_indicator AS
SELECT f.community, f.as_of, i.key AS place,
       json_extract(i.value, '$.item') AS item,
       json_extract(i.value, '$.kind') AS kind,
       json_extract(i.value, '$.unit') AS unit,
       CAST(json_extract(i.value, '$.target') AS bigint) AS target,
       json_extract(i.value, '$.per') AS per,
       CAST(json_extract(i.value, '$.due_day') AS bigint) AS due_day,
       json_extract(i.value, '$.due') AS due,
       json_extract(i.value, '$.role') AS role,
       json_extract(i.value, '$.added') AS added,
       json_extract(i.value, '$.ended') AS ended,
       json_extract(i.value, '$.counting') AS counting,
       json_extract(i.value, '$.types') AS types,
       json_extract(i.value, '$.periods') AS periods
FROM contract_in_force AS f CROSS JOIN json_each(f.indicators, '$') AS i;

-- The periods of each indicator, numbered from 0; an indicator without periods has a single one.
CREATE VIEW contract_period AS
SELECT i.community, i.as_of, i.place, i.item, i.unit, i.role, i.counting, p.key AS period,
       json_extract(p.value, '$[0]') AS label,
       json_extract(p.value, '$[1]') AS first_day,
       json_extract(p.value, '$[2]') AS last_day,
       CAST(json_extract(p.value, '$[3]') AS bigint) AS target
FROM contract_indicator AS i CROSS JOIN json_each(i.periods, '$') AS p;

-- Every entry that counts, once for each item that it counts for: its own item, the items of `also`,
-- and their parents. `counts` is 0 if the entry misses a condition of the item. `credit_day` is the day
-- to which the entry is credited: for a submitted brief the first day of its month, moved into the project.
CREATE VIEW item_activity AS
WITH item AS MATERIALIZED (
    SELECT i.*, f.first_day, f.project_end
    FROM contract_in_force AS f CROSS JOIN contract_item AS i WHERE i.community = f.community
),
served AS MATERIALIZED (
    SELECT i.community, i.item AS logged, s.value AS item
    FROM item AS i CROSS JOIN json_each(i.counts_for, '$') AS s
),
condition AS MATERIALIZED (
    SELECT i.community, i.item,
           json_extract(k.value, '$.unit') AS unit,
           CAST(json_extract(k.value, '$.least') AS bigint) AS least,
           json_extract(k.value, '$.headcount') AS headcount,
           json_extract(k.value, '$.distinct') AS different,
           json_extract(k.value, '$.synonyms') AS synonyms,
           json_extract(k.value, '$.occasions') AS occasions
    FROM item AS i CROSS JOIN json_each(i.conditions, '$') AS k
),
pair AS MATERIALIZED (
    SELECT a.community, a.id AS activity_id, s.item
    FROM current_activity AS a
    JOIN served AS s ON s.community = a.community AND s.logged = a.item
    UNION
    SELECT a.community, a.id, s.item
    FROM also AS o
    JOIN current_activity AS a ON a.id = o.activity_id
    JOIN served AS s ON s.community = a.community AND s.logged = o.item
),
missed AS MATERIALIZED (
    SELECT DISTINCT p.activity_id, p.item
    FROM condition AS k
    JOIN pair AS p ON p.community = k.community AND p.item = k.item
    JOIN current_activity AS a ON a.id = p.activity_id
    WHERE 100.0 * CASE WHEN k.headcount <> '' THEN coalesce(
            (SELECT max(m.hundredths) FROM amount AS m WHERE m.activity_id = a.id
             AND instr(k.headcount, ' ' || m.unit || ' ') > 0),
            CASE WHEN EXISTS (SELECT 1 FROM amount AS m WHERE m.activity_id = a.id
                              AND instr(k.different, ' ' || m.unit || ' ') > 0)
                 THEN 0 ELSE 100 * a.names END)
        ELSE coalesce(
            (SELECT m.hundredths FROM amount AS m WHERE m.activity_id = a.id AND m.unit = k.unit),
            (SELECT CASE WHEN count(*) = 1 THEN max(m.hundredths) END FROM amount AS m
             WHERE m.activity_id = a.id AND instr(k.synonyms, ' ' || m.unit || ' ') > 0),
            0)
        END
        < 1.0 * k.least * coalesce(
            (SELECT max(m.hundredths) FROM amount AS m WHERE m.activity_id = a.id
             AND instr(k.occasions, ' ' || m.unit || ' ') > 0), 100)
)
SELECT p.community, p.item, p.activity_id, a.day, a.title, a.kind, a.closes, a.names,
       CASE WHEN a.for_month = '' THEN a.day
            WHEN a.for_month || '-01' < i.first_day THEN i.first_day
            WHEN a.for_month || '-01' > i.project_end THEN i.project_end
            ELSE a.for_month || '-01' END AS credit_day,
       CASE WHEN a.day < i.added OR m.activity_id IS NOT NULL THEN 0 ELSE 1 END AS counts
FROM pair AS p
JOIN item AS i ON i.community = p.community AND i.item = p.item
JOIN current_activity AS a ON a.id = p.activity_id
LEFT JOIN missed AS m ON m.activity_id = p.activity_id AND m.item = p.item;

-- The amount that each activity adds to each period of an indicator. A name, a group or a type adds only
-- where it occurs first. The amounts of per-person indicators are in person_figure.
CREATE VIEW credit AS
WITH item AS MATERIALIZED (SELECT * FROM contract_item),
period AS MATERIALIZED (SELECT * FROM contract_period),
activity_of_item AS MATERIALIZED (SELECT * FROM item_activity),
counted AS MATERIALIZED (
    SELECT p.community, p.place, p.period, p.counting, a.activity_id, a.day, a.credit_day,
           m.hundredths, 100 * a.names AS names
    FROM period AS p
    JOIN activity_of_item AS a ON a.community = p.community AND a.item = p.item AND a.counts = 1
     AND a.credit_day BETWEEN p.first_day AND p.last_day
    JOIN amount AS m ON m.activity_id = a.activity_id AND m.unit = p.unit
    WHERE p.counting IN ('sum', 'names', 'once')
),
first_name AS MATERIALIZED (
    SELECT n.community, n.place, n.period, n.activity_id, 100 * count(*) AS new
    FROM (SELECT c.community, c.place, c.period, c.activity_id,
                 row_number() OVER (PARTITION BY c.community, c.place, c.period, p.name
                                    ORDER BY c.day, c.activity_id) AS occurrence
          FROM counted AS c JOIN participant AS p ON p.activity_id = c.activity_id
          WHERE c.counting <> 'sum') AS n
    WHERE n.occurrence = 1
    GROUP BY n.community, n.place, n.period, n.activity_id
),
session AS MATERIALIZED (
    SELECT a.community, a.item, a.title, a.activity_id, a.day, a.closes, i.sessions,
           sum(a.counts) OVER (PARTITION BY a.community, a.item, a.title
                               ORDER BY a.day, a.activity_id) AS held
    FROM activity_of_item AS a
    JOIN item AS i ON i.community = a.community AND i.item = a.item
    WHERE i.series = 1 AND a.title <> ''
),
complete AS MATERIALIZED (
    SELECT community, item, activity_id, day,
           row_number() OVER (PARTITION BY community, item, title
                              ORDER BY day, activity_id) AS occurrence
    FROM session WHERE held >= sessions OR (closes = 1 AND held > 0)
),
listed AS MATERIALIZED (
    SELECT i.community, i.place, t.value AS kind
    FROM contract_indicator AS i CROSS JOIN json_each(i.types, '$') AS t
),
labelled AS MATERIALIZED (
    SELECT p.community, p.place, p.period, p.counting, a.activity_id, a.day,
           row_number() OVER (
               PARTITION BY p.community, p.place, p.period,
                            CASE WHEN p.counting = 'coverage' THEN a.kind ELSE '' END
               ORDER BY a.day, a.activity_id) AS occurrence
    FROM period AS p
    JOIN activity_of_item AS a ON a.community = p.community AND a.item = p.item AND a.counts = 1
     AND a.day BETWEEN p.first_day AND p.last_day
    WHERE p.counting = 'milestone'
       OR (p.counting = 'coverage' AND EXISTS (
           SELECT 1 FROM listed AS l
           WHERE l.community = p.community AND l.place = p.place AND l.kind = a.kind))
)
SELECT community, place, period, activity_id, day, credit_day, hundredths
FROM counted WHERE counting = 'sum'
UNION ALL
SELECT c.community, c.place, c.period, c.activity_id, c.day, c.credit_day,
       CASE WHEN c.counting = 'names' THEN c.hundredths - c.names + coalesce(f.new, 0)
            WHEN c.hundredths < c.names THEN
                CASE WHEN c.hundredths < coalesce(f.new, 0) THEN c.hundredths
                     ELSE coalesce(f.new, 0) END
            ELSE c.hundredths - c.names + coalesce(f.new, 0) END
FROM counted AS c
LEFT JOIN first_name AS f ON f.community = c.community AND f.place = c.place
 AND f.period = c.period AND f.activity_id = c.activity_id
WHERE c.counting <> 'sum'
UNION ALL
SELECT p.community, p.place, p.period, g.activity_id, g.day, g.day, 100
FROM period AS p
JOIN complete AS g ON g.community = p.community AND g.item = p.item AND g.occurrence = 1
 AND g.day BETWEEN p.first_day AND p.last_day
WHERE p.counting = 'groups'
UNION ALL
SELECT community, place, period, activity_id, day, day, 100 FROM labelled WHERE occurrence = 1;

-- The amount of each person of a per-person indicator in each of its years: of everybody on the roster,
-- or, without a roster, of everybody named in an activity of the item.
CREATE VIEW person_figure AS
WITH period AS MATERIALIZED (
    SELECT * FROM contract_period WHERE counting = 'per_person'
),
activity_of_item AS MATERIALIZED (
    SELECT a.* FROM item_activity AS a
    WHERE EXISTS (SELECT 1 FROM period AS p WHERE p.community = a.community AND p.item = a.item)
),
person_of_period AS MATERIALIZED (
    SELECT p.community, p.place, p.period, r.name
    FROM period AS p
    JOIN current_person AS r ON r.community = p.community AND r.role = p.role
     AND r.since <= p.last_day
     AND (r.last_day IS NULL OR r.last_day >= p.as_of OR r.last_day >= p.last_day)
    UNION
    SELECT p.community, p.place, p.period, n.name
    FROM period AS p
    JOIN activity_of_item AS a ON a.community = p.community AND a.item = p.item
     AND a.day BETWEEN p.first_day AND p.last_day
    JOIN participant AS n ON n.activity_id = a.activity_id
    WHERE NOT EXISTS (SELECT 1 FROM current_person AS r
                      WHERE r.community = p.community AND r.role = p.role)
),
named AS MATERIALIZED (
    SELECT p.community, p.place, p.period, n.name, sum(m.hundredths) AS hundredths
    FROM period AS p
    JOIN activity_of_item AS a ON a.community = p.community AND a.item = p.item AND a.counts = 1
     AND a.day BETWEEN p.first_day AND p.last_day
    JOIN amount AS m ON m.activity_id = a.activity_id AND m.unit = p.unit
    JOIN participant AS n ON n.activity_id = a.activity_id
    GROUP BY p.community, p.place, p.period, n.name
)
SELECT w.community, w.place, w.period, w.name, p.label, p.target,
       CAST(coalesce(n.hundredths, 0) AS bigint) AS hundredths
FROM person_of_period AS w
JOIN period AS p ON p.community = w.community AND p.place = w.place AND p.period = w.period
LEFT JOIN named AS n ON n.community = w.community AND n.place = w.place AND n.period = w.period
 AND n.name = w.name;

-- The amount of each period of each indicator. `reached` is the amount up to the target; for a per-person
-- indicator, the sum over all persons. `shares` is the sum of the persons' shares of the target, each at
-- most 1, in billionths. `members` is the number of persons.
CREATE VIEW period_figure AS
WITH figure_of_period AS MATERIALIZED (
    SELECT community, place, period, sum(hundredths) AS hundredths
    FROM credit GROUP BY community, place, period
),
person AS MATERIALIZED (SELECT * FROM person_figure)
SELECT p.community, p.place, p.period, p.label, p.first_day, p.last_day, p.target,
       CAST(coalesce(c.hundredths, 0) AS bigint) AS actual,
       CAST(CASE WHEN c.hundredths < p.target THEN c.hundredths
                 ELSE CASE WHEN c.hundredths IS NULL THEN 0 ELSE p.target END END AS bigint) AS reached,
       CAST(0 AS bigint) AS shares, 1 AS members
FROM contract_period AS p
LEFT JOIN figure_of_period AS c
  ON c.community = p.community AND c.place = p.place AND c.period = p.period
WHERE p.counting <> 'per_person'
UNION ALL
SELECT p.community, p.place, p.period, p.label, p.first_day, p.last_day, p.target,
       coalesce(min(f.hundredths), 0),
       CAST(coalesce(sum(CASE WHEN f.hundredths < f.target THEN f.hundredths ELSE f.target END), 0)
            AS bigint),
       CAST(coalesce(sum((CASE WHEN f.hundredths < f.target THEN f.hundredths ELSE f.target END
                          * 1000000000 + f.target / 2) / f.target), 0) AS bigint),
       CASE WHEN count(f.name) = 0 THEN 1 ELSE count(f.name) END
FROM contract_period AS p
LEFT JOIN person AS f
  ON f.community = p.community AND f.place = p.place AND f.period = p.period
WHERE p.counting = 'per_person'
GROUP BY p.community, p.place, p.period, p.label, p.first_day, p.last_day, p.target;

-- The actual amount of each indicator, and its percentage in tenths, rounded down. For a per-person
-- indicator, `actual` is the amount in the current year, or in the first year before the project begins.
CREATE VIEW indicator_figure AS
WITH indicator AS MATERIALIZED (SELECT * FROM contract_indicator),
figure AS MATERIALIZED (SELECT * FROM period_figure),
whole AS MATERIALIZED (
    SELECT f.community, f.place, sum(f.actual) AS actual, sum(f.reached) AS reached,
           sum(f.target * f.members) AS target, sum(f.shares) AS shares, sum(f.members) AS members,
           min(f.target) AS least_target, max(f.target) AS greatest_target,
           max(CASE WHEN f.first_day <= i.as_of THEN f.period ELSE 0 END) AS current
    FROM figure AS f JOIN indicator AS i ON i.community = f.community AND i.place = f.place
    GROUP BY f.community, f.place
)
SELECT i.community, i.place, i.item, i.as_of,
       CAST(CASE WHEN i.kind = 'per_person' THEN f.actual ELSE w.actual END AS bigint) AS actual,
       CAST(CASE WHEN i.kind <> 'per_person' OR w.least_target = w.greatest_target
                 THEN CAST(w.reached * 1000 AS bigint) / CAST(w.target AS bigint)
                 -- One billionth for each member makes up for the rounding of its share.
                 ELSE CAST(w.shares + w.members AS bigint)
                      / CAST(1000000 * w.members AS bigint) END AS bigint) AS tenths
FROM indicator AS i
JOIN whole AS w ON w.community = i.community AND w.place = i.place
JOIN figure AS f ON f.community = i.community AND f.place = i.place AND f.period = w.current;
