-- The ledger's first schema. Amounts are integers in hundredths of their unit, so that sums are exact;
-- days are ISO dates, moments ISO date-times with their offset from UTC.

CREATE TABLE activity (
    id TEXT NOT NULL,
    community TEXT NOT NULL,
    item TEXT NOT NULL,
    day TEXT NOT NULL,
    title TEXT NOT NULL,
    place TEXT NOT NULL,
    kind TEXT NOT NULL,
    note TEXT NOT NULL,
    replaces TEXT,
    reason TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    command TEXT NOT NULL,
    CONSTRAINT pk_activity PRIMARY KEY (id),
    CONSTRAINT ck_activity_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_activity_community_given CHECK (length(community) > 0),
    CONSTRAINT ck_activity_item_given CHECK (length(item) > 0),
    CONSTRAINT ck_activity_day_is_iso CHECK (day LIKE '____-__-__'),
    CONSTRAINT ck_activity_correction_has_reason CHECK (replaces IS NULL OR length(reason) > 0),
    CONSTRAINT ck_activity_replaces_another CHECK (replaces IS NULL OR replaces <> id),
    CONSTRAINT fk_activity_replaces_activity FOREIGN KEY (replaces) REFERENCES activity (id)
);
CREATE INDEX ix_activity_community_item_day ON activity (community, item, day);
CREATE INDEX ix_activity_community_day ON activity (community, day);
CREATE INDEX ix_activity_replaces ON activity (replaces);

CREATE TABLE amount (
    activity_id TEXT NOT NULL,
    unit TEXT NOT NULL,
    hundredths INTEGER NOT NULL,
    CONSTRAINT pk_amount PRIMARY KEY (activity_id, unit),
    CONSTRAINT ck_amount_positive CHECK (hundredths > 0),
    CONSTRAINT fk_amount_activity_id_activity FOREIGN KEY (activity_id) REFERENCES activity (id)
);

CREATE TABLE participant (
    activity_id TEXT NOT NULL,
    name TEXT NOT NULL,
    CONSTRAINT pk_participant PRIMARY KEY (activity_id, name),
    CONSTRAINT ck_participant_name_given CHECK (length(name) > 0),
    CONSTRAINT fk_participant_activity_id_activity FOREIGN KEY (activity_id) REFERENCES activity (id)
);

CREATE TABLE also (
    activity_id TEXT NOT NULL,
    item TEXT NOT NULL,
    CONSTRAINT pk_also PRIMARY KEY (activity_id, item),
    CONSTRAINT ck_also_item_given CHECK (length(item) > 0),
    CONSTRAINT fk_also_activity_id_activity FOREIGN KEY (activity_id) REFERENCES activity (id)
);

CREATE TABLE void (
    id TEXT NOT NULL,
    activity_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    command TEXT NOT NULL,
    CONSTRAINT pk_void PRIMARY KEY (id),
    CONSTRAINT ck_void_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_void_reason_given CHECK (length(reason) > 0),
    CONSTRAINT fk_void_activity_id_activity FOREIGN KEY (activity_id) REFERENCES activity (id)
);
CREATE INDEX ix_void_activity_id ON void (activity_id);

CREATE TABLE person (
    id TEXT NOT NULL,
    community TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    since TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    command TEXT NOT NULL,
    CONSTRAINT pk_person PRIMARY KEY (id),
    CONSTRAINT ck_person_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_person_name_given CHECK (length(name) > 0),
    CONSTRAINT ck_person_role_given CHECK (length(role) > 0),
    CONSTRAINT ck_person_since_is_iso CHECK (since LIKE '____-__-__')
);
CREATE INDEX ix_person_community_role ON person (community, role);

-- Entries are only ever added. INSERT OR REPLACE would delete without asking the DELETE trigger, so an
-- id that is there already is refused as well.
CREATE TRIGGER activity_is_not_updated BEFORE UPDATE ON activity
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER activity_is_not_deleted BEFORE DELETE ON activity
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER activity_is_not_replaced BEFORE INSERT ON activity
WHEN EXISTS (SELECT 1 FROM activity WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER amount_is_not_updated BEFORE UPDATE ON amount
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER amount_is_not_deleted BEFORE DELETE ON amount
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER amount_is_not_replaced BEFORE INSERT ON amount
WHEN EXISTS (SELECT 1 FROM amount WHERE activity_id = NEW.activity_id AND unit = NEW.unit)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER participant_is_not_updated BEFORE UPDATE ON participant
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER participant_is_not_deleted BEFORE DELETE ON participant
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER participant_is_not_replaced BEFORE INSERT ON participant
WHEN EXISTS (SELECT 1 FROM participant WHERE activity_id = NEW.activity_id AND name = NEW.name)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER also_is_not_updated BEFORE UPDATE ON also
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER also_is_not_deleted BEFORE DELETE ON also
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER also_is_not_replaced BEFORE INSERT ON also
WHEN EXISTS (SELECT 1 FROM also WHERE activity_id = NEW.activity_id AND item = NEW.item)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER void_is_not_updated BEFORE UPDATE ON void
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER void_is_not_deleted BEFORE DELETE ON void
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER void_is_not_replaced BEFORE INSERT ON void
WHEN EXISTS (SELECT 1 FROM void WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER person_is_not_updated BEFORE UPDATE ON person
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER person_is_not_deleted BEFORE DELETE ON person
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER person_is_not_replaced BEFORE INSERT ON person
WHEN EXISTS (SELECT 1 FROM person WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

-- What counts: entries that nothing replaces and nothing voids. `items` are the codes an activity
-- counts for, its own first.
CREATE VIEW current_activity AS
SELECT
    a.*,
    a.item || coalesce(
        (SELECT ' ' || group_concat(o.item, ' ')
         FROM (SELECT item FROM also WHERE activity_id = a.id ORDER BY item) AS o), ''
    ) AS items,
    (SELECT count(*) FROM participant AS p WHERE p.activity_id = a.id) AS names
FROM activity AS a
WHERE NOT EXISTS (SELECT 1 FROM activity AS r WHERE r.replaces = a.id)
  AND NOT EXISTS (SELECT 1 FROM void AS v WHERE v.activity_id = a.id);

CREATE VIEW amount_by_day AS
SELECT a.community, a.items, a.day, m.unit, sum(m.hundredths) AS hundredths, sum(a.names) AS names
FROM current_activity AS a JOIN amount AS m ON m.activity_id = a.id
GROUP BY a.community, a.items, a.day, m.unit;

CREATE VIEW name_by_day AS
SELECT a.community, a.items, a.day, p.name, coalesce(m.unit, '') AS unit,
       coalesce(sum(m.hundredths), 0) AS hundredths
FROM current_activity AS a
JOIN participant AS p ON p.activity_id = a.id
LEFT JOIN amount AS m ON m.activity_id = a.id
GROUP BY a.community, a.items, a.day, p.name, m.unit;

CREATE VIEW label_by_day AS
SELECT community, items, day, title, kind, count(*) AS activities
FROM current_activity
GROUP BY community, items, day, title, kind;

-- Every entry with what became of it, for lists.
CREATE VIEW entry AS
SELECT
    a.*,
    (SELECT min(r.id) FROM activity AS r WHERE r.replaces = a.id) AS replaced_by,
    v.id AS void_id, v.reason AS void_reason, v.recorded_at AS void_at, v.recorded_by AS void_by,
    v.command AS void_command
FROM activity AS a
LEFT JOIN void AS v ON v.id = (SELECT min(w.id) FROM void AS w WHERE w.activity_id = a.id);
