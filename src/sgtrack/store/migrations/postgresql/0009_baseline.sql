-- The ledger in PostgreSQL: the tables, views and rules that the SQLite migrations up to the same number
-- make together. Words are compared byte by byte, as SQLite does (COLLATE "C"), so that everything that
-- is sorted or hashed comes out alike. Columns stand in the same order in both.
--
-- Amounts are integers in hundredths of their unit; days are ISO dates, moments ISO date-times with
-- their offset from UTC. docs/history.md tells of the chain of hashes, docs/postgresql.md of this file.

CREATE TABLE migration (
    number integer NOT NULL,
    name text COLLATE "C" NOT NULL,
    applied_at text COLLATE "C" NOT NULL,
    CONSTRAINT pk_migration PRIMARY KEY (number)
);

CREATE TABLE ledger (
    id text COLLATE "C" NOT NULL,
    CONSTRAINT pk_ledger PRIMARY KEY (id),
    CONSTRAINT ck_ledger_id_is_ulid CHECK (length(id) = 26)
);
-- A ledger has one id.
CREATE UNIQUE INDEX ix_ledger_one ON ledger ((true));

CREATE TABLE link (
    source text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    record_id text COLLATE "C" NOT NULL,
    salt text COLLATE "C" NOT NULL,
    digest text COLLATE "C" NOT NULL,
    hash text COLLATE "C" NOT NULL,
    CONSTRAINT pk_link PRIMARY KEY (source, seq, hash),
    CONSTRAINT ck_link_seq_positive CHECK (seq > 0),
    CONSTRAINT ck_link_digest_is_hex CHECK (length(digest) = 64),
    CONSTRAINT ck_link_hash_is_hex CHECK (length(hash) = 64)
);
-- Every ledger has migrations of its own; of any other record there is one in the world.
CREATE UNIQUE INDEX ix_link_kind_record_id
    ON link (kind, record_id, (CASE kind WHEN 'migration' THEN hash ELSE '' END));

CREATE TABLE head (
    source text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    hash text COLLATE "C" NOT NULL,
    CONSTRAINT pk_head PRIMARY KEY (source, hash)
);

CREATE TABLE activity (
    id text COLLATE "C" NOT NULL,
    community text COLLATE "C" NOT NULL,
    item text COLLATE "C" NOT NULL,
    day text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    place text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    note text COLLATE "C" NOT NULL,
    replaces text COLLATE "C",
    reason text COLLATE "C" NOT NULL,
    recorded_at text COLLATE "C" NOT NULL,
    recorded_by text COLLATE "C" NOT NULL,
    command text COLLATE "C" NOT NULL,
    closes integer NOT NULL DEFAULT 0,
    for_month text COLLATE "C" NOT NULL DEFAULT '',
    CONSTRAINT ck_activity_closes_is_flag CHECK (closes IN (0, 1)),
    CONSTRAINT ck_activity_for_month_is_iso CHECK (for_month = '' OR for_month LIKE '____-__'),
    CONSTRAINT pk_activity PRIMARY KEY (id),
    CONSTRAINT ck_activity_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_activity_community_given CHECK (length(community) > 0),
    CONSTRAINT ck_activity_item_given CHECK (length(item) > 0),
    CONSTRAINT ck_activity_day_is_iso CHECK (day LIKE '____-__-__'),
    CONSTRAINT ck_activity_correction_has_reason CHECK (replaces IS NULL OR length(reason) > 0),
    CONSTRAINT ck_activity_replaces_another CHECK (replaces IS NULL OR replaces <> id),
    CONSTRAINT fk_activity_replaces_activity
        FOREIGN KEY (replaces) REFERENCES activity (id) DEFERRABLE
);
CREATE INDEX ix_activity_community_item_day ON activity (community, item, day);
CREATE INDEX ix_activity_community_day ON activity (community, day);
CREATE INDEX ix_activity_replaces ON activity (replaces, id) WHERE replaces IS NOT NULL;

CREATE TABLE amount (
    activity_id text COLLATE "C" NOT NULL,
    unit text COLLATE "C" NOT NULL,
    hundredths bigint NOT NULL,
    rowid bigint GENERATED ALWAYS AS IDENTITY,
    CONSTRAINT pk_amount PRIMARY KEY (activity_id, unit),
    CONSTRAINT ck_amount_positive CHECK (hundredths > 0),
    CONSTRAINT fk_amount_activity_id_activity
        FOREIGN KEY (activity_id) REFERENCES activity (id) DEFERRABLE
);

CREATE TABLE participant (
    activity_id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    rowid bigint GENERATED ALWAYS AS IDENTITY,
    CONSTRAINT pk_participant PRIMARY KEY (activity_id, name),
    CONSTRAINT ck_participant_name_given CHECK (length(name) > 0),
    CONSTRAINT fk_participant_activity_id_activity
        FOREIGN KEY (activity_id) REFERENCES activity (id) DEFERRABLE
);
CREATE INDEX ix_participant_name ON participant (name, activity_id);

CREATE TABLE also (
    activity_id text COLLATE "C" NOT NULL,
    item text COLLATE "C" NOT NULL,
    rowid bigint GENERATED ALWAYS AS IDENTITY,
    CONSTRAINT pk_also PRIMARY KEY (activity_id, item),
    CONSTRAINT ck_also_item_given CHECK (length(item) > 0),
    CONSTRAINT fk_also_activity_id_activity
        FOREIGN KEY (activity_id) REFERENCES activity (id) DEFERRABLE
);
CREATE INDEX ix_also_item ON also (item);

CREATE TABLE void (
    id text COLLATE "C" NOT NULL,
    activity_id text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    recorded_at text COLLATE "C" NOT NULL,
    recorded_by text COLLATE "C" NOT NULL,
    command text COLLATE "C" NOT NULL,
    CONSTRAINT pk_void PRIMARY KEY (id),
    CONSTRAINT ck_void_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_void_reason_given CHECK (length(reason) > 0),
    CONSTRAINT fk_void_activity_id_activity
        FOREIGN KEY (activity_id) REFERENCES activity (id) DEFERRABLE
);
CREATE INDEX ix_void_activity_id ON void (activity_id, id);

CREATE TABLE evidence (
    id text COLLATE "C" NOT NULL,
    activity_id text COLLATE "C" NOT NULL,
    sha256 text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    recorded_at text COLLATE "C" NOT NULL,
    recorded_by text COLLATE "C" NOT NULL,
    command text COLLATE "C" NOT NULL,
    CONSTRAINT pk_evidence PRIMARY KEY (id),
    CONSTRAINT ck_evidence_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_evidence_sha256_is_hex CHECK (length(sha256) = 64),
    CONSTRAINT ck_evidence_size_positive CHECK (size > 0),
    CONSTRAINT ck_evidence_name_given CHECK (length(name) > 0),
    CONSTRAINT ck_evidence_kind_given CHECK (length(kind) > 0),
    CONSTRAINT fk_evidence_activity_id_activity
        FOREIGN KEY (activity_id) REFERENCES activity (id) DEFERRABLE
);
CREATE INDEX ix_evidence_activity_id ON evidence (activity_id);
CREATE INDEX ix_evidence_sha256 ON evidence (sha256);

CREATE TABLE evidence_void (
    id text COLLATE "C" NOT NULL,
    evidence_id text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    recorded_at text COLLATE "C" NOT NULL,
    recorded_by text COLLATE "C" NOT NULL,
    command text COLLATE "C" NOT NULL,
    CONSTRAINT pk_evidence_void PRIMARY KEY (id),
    CONSTRAINT ck_evidence_void_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_evidence_void_reason_given CHECK (length(reason) > 0),
    CONSTRAINT fk_evidence_void_evidence_id_evidence
        FOREIGN KEY (evidence_id) REFERENCES evidence (id) DEFERRABLE
);
CREATE INDEX ix_evidence_void_evidence_id ON evidence_void (evidence_id);

CREATE TABLE person (
    id text COLLATE "C" NOT NULL,
    community text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    since text COLLATE "C" NOT NULL,
    recorded_at text COLLATE "C" NOT NULL,
    recorded_by text COLLATE "C" NOT NULL,
    command text COLLATE "C" NOT NULL,
    CONSTRAINT pk_person PRIMARY KEY (id),
    CONSTRAINT ck_person_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_person_name_given CHECK (length(name) > 0),
    CONSTRAINT ck_person_role_given CHECK (length(role) > 0),
    CONSTRAINT ck_person_since_is_iso CHECK (since LIKE '____-__-__')
);
CREATE INDEX ix_person_community_role ON person (community, role);

CREATE TABLE person_void (
    id text COLLATE "C" NOT NULL,
    person_id text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    recorded_at text COLLATE "C" NOT NULL,
    recorded_by text COLLATE "C" NOT NULL,
    command text COLLATE "C" NOT NULL,
    CONSTRAINT pk_person_void PRIMARY KEY (id),
    CONSTRAINT ck_person_void_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_person_void_reason_given CHECK (length(reason) > 0),
    CONSTRAINT fk_person_void_person_id_person
        FOREIGN KEY (person_id) REFERENCES person (id) DEFERRABLE
);
CREATE INDEX ix_person_void_person_id ON person_void (person_id);

CREATE TABLE issued_brief (
    id text COLLATE "C" NOT NULL,
    community text COLLATE "C" NOT NULL,
    number integer NOT NULL,
    month text COLLATE "C" NOT NULL,
    first_day text COLLATE "C" NOT NULL,
    last_day text COLLATE "C" NOT NULL,
    due text COLLATE "C" NOT NULL,
    issued text COLLATE "C" NOT NULL,
    submission text COLLATE "C",
    head text COLLATE "C" NOT NULL,
    context text COLLATE "C" NOT NULL,
    recorded_at text COLLATE "C" NOT NULL,
    recorded_by text COLLATE "C" NOT NULL,
    command text COLLATE "C" NOT NULL,
    CONSTRAINT pk_issued_brief PRIMARY KEY (id),
    CONSTRAINT ck_issued_brief_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_issued_brief_community_given CHECK (length(community) > 0),
    CONSTRAINT ck_issued_brief_number_positive CHECK (number > 0),
    CONSTRAINT ck_issued_brief_month_is_iso CHECK (month LIKE '____-__'),
    CONSTRAINT ck_issued_brief_days_are_iso CHECK (
        first_day LIKE '____-__-__' AND last_day LIKE '____-__-__' AND due LIKE '____-__-__'
        AND issued LIKE '____-__-__'
    ),
    CONSTRAINT fk_issued_brief_submission_activity
        FOREIGN KEY (submission) REFERENCES activity (id) DEFERRABLE
);
CREATE INDEX ix_issued_brief_submission ON issued_brief (submission);
CREATE INDEX ix_issued_brief_community_month ON issued_brief (community, month);

CREATE TABLE issued_figure (
    brief_id text COLLATE "C" NOT NULL,
    item text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    unit text COLLATE "C" NOT NULL,
    per text COLLATE "C" NOT NULL,
    gain bigint NOT NULL,
    total bigint NOT NULL,
    CONSTRAINT pk_issued_figure PRIMARY KEY (brief_id, item, kind, unit, per),
    CONSTRAINT fk_issued_figure_brief_id_issued_brief
        FOREIGN KEY (brief_id) REFERENCES issued_brief (id) DEFERRABLE
);

CREATE TABLE issued_entry (
    entry_id text COLLATE "C" NOT NULL,
    brief_id text COLLATE "C" NOT NULL,
    CONSTRAINT pk_issued_entry PRIMARY KEY (entry_id, brief_id),
    CONSTRAINT fk_issued_entry_brief_id_issued_brief
        FOREIGN KEY (brief_id) REFERENCES issued_brief (id) DEFERRABLE
);
CREATE INDEX ix_issued_entry_brief_id ON issued_entry (brief_id);

CREATE TABLE issued_file (
    brief_id text COLLATE "C" NOT NULL,
    format text COLLATE "C" NOT NULL,
    sha256 text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    CONSTRAINT pk_issued_file PRIMARY KEY (brief_id, format),
    CONSTRAINT ck_issued_file_sha256_is_hex CHECK (length(sha256) = 64),
    CONSTRAINT fk_issued_file_brief_id_issued_brief
        FOREIGN KEY (brief_id) REFERENCES issued_brief (id) DEFERRABLE
);

CREATE TABLE contract (
    id text COLLATE "C" NOT NULL,
    community text COLLATE "C" NOT NULL,
    content text COLLATE "C" NOT NULL,
    recorded_at text COLLATE "C" NOT NULL,
    recorded_by text COLLATE "C" NOT NULL,
    command text COLLATE "C" NOT NULL,
    CONSTRAINT pk_contract PRIMARY KEY (id),
    CONSTRAINT ck_contract_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_contract_community_given CHECK (length(community) > 0),
    CONSTRAINT ck_contract_content_given CHECK (length(content) > 0)
);
CREATE INDEX ix_contract_community_id ON contract (community, id);

CREATE TABLE forgetting (
    id text COLLATE "C" NOT NULL,
    pseudonym text COLLATE "C" NOT NULL,
    tag text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    recorded_at text COLLATE "C" NOT NULL,
    recorded_by text COLLATE "C" NOT NULL,
    command text COLLATE "C" NOT NULL,
    CONSTRAINT pk_forgetting PRIMARY KEY (id),
    CONSTRAINT ck_forgetting_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_forgetting_pseudonym_given CHECK (length(pseudonym) > 0),
    CONSTRAINT ck_forgetting_tag_is_hex CHECK (length(tag) = 32),
    CONSTRAINT ck_forgetting_reason_given CHECK (length(reason) > 0)
);

CREATE TABLE forgotten (
    forgetting_id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    record_id text COLLATE "C" NOT NULL,
    old_digest text COLLATE "C" NOT NULL,
    new_digest text COLLATE "C" NOT NULL,
    salt text COLLATE "C" NOT NULL,
    CONSTRAINT pk_forgotten PRIMARY KEY (forgetting_id, kind, record_id),
    CONSTRAINT ck_forgotten_old_digest_is_hex CHECK (length(old_digest) = 64),
    CONSTRAINT ck_forgotten_new_digest_is_hex CHECK (length(new_digest) = 64),
    CONSTRAINT fk_forgotten_forgetting_id_forgetting
        FOREIGN KEY (forgetting_id) REFERENCES forgetting (id) DEFERRABLE
);
CREATE INDEX ix_forgotten_kind_record_id ON forgotten (kind, record_id);

CREATE TABLE merge (
    id text COLLATE "C" NOT NULL,
    source text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    hash text COLLATE "C" NOT NULL,
    recorded_at text COLLATE "C" NOT NULL,
    recorded_by text COLLATE "C" NOT NULL,
    command text COLLATE "C" NOT NULL,
    CONSTRAINT pk_merge PRIMARY KEY (id),
    CONSTRAINT ck_merge_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_merge_hash_is_hex CHECK (length(hash) = 64)
);

CREATE TABLE abridgement (
    merge_id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    record_id text COLLATE "C" NOT NULL,
    digest text COLLATE "C" NOT NULL,
    salt text COLLATE "C" NOT NULL,
    CONSTRAINT pk_abridgement PRIMARY KEY (merge_id, kind, record_id),
    CONSTRAINT ck_abridgement_digest_is_hex CHECK (length(digest) = 64)
);
CREATE INDEX ix_abridgement_kind_record_id ON abridgement (kind, record_id);

CREATE TABLE resolution (
    id text COLLATE "C" NOT NULL,
    entry_id text COLLATE "C" NOT NULL,
    chosen text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    recorded_at text COLLATE "C" NOT NULL,
    recorded_by text COLLATE "C" NOT NULL,
    command text COLLATE "C" NOT NULL,
    CONSTRAINT pk_resolution PRIMARY KEY (id),
    CONSTRAINT ck_resolution_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_resolution_reason_given CHECK (length(reason) > 0),
    CONSTRAINT fk_resolution_entry_id_activity
        FOREIGN KEY (entry_id) REFERENCES activity (id) DEFERRABLE
);
CREATE INDEX ix_resolution_entry_id ON resolution (entry_id, id);

CREATE TABLE resolved (
    resolution_id text COLLATE "C" NOT NULL,
    decision_id text COLLATE "C" NOT NULL,
    CONSTRAINT pk_resolved PRIMARY KEY (resolution_id, decision_id),
    CONSTRAINT fk_resolved_resolution_id_resolution
        FOREIGN KEY (resolution_id) REFERENCES resolution (id) DEFERRABLE
);

CREATE TABLE current_entry (
    activity_id text COLLATE "C" NOT NULL,
    items text COLLATE "C" NOT NULL,
    names bigint NOT NULL,
    evidence text COLLATE "C" NOT NULL,
    CONSTRAINT pk_current_entry PRIMARY KEY (activity_id),
    CONSTRAINT fk_current_entry_activity_id_activity
        FOREIGN KEY (activity_id) REFERENCES activity (id) DEFERRABLE
);

CREATE TABLE amount_by_month (
    community text COLLATE "C" NOT NULL,
    items text COLLATE "C" NOT NULL,
    unit text COLLATE "C" NOT NULL,
    for_month text COLLATE "C" NOT NULL,
    evidence text COLLATE "C" NOT NULL,
    month text COLLATE "C" NOT NULL,
    hundredths bigint NOT NULL,
    names bigint NOT NULL,
    CONSTRAINT pk_amount_by_month
        PRIMARY KEY (community, items, unit, for_month, evidence, month)
);
CREATE INDEX ix_amount_by_month_community_month ON amount_by_month (community, month);

CREATE TABLE kind_by_month (
    community text COLLATE "C" NOT NULL,
    items text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    evidence text COLLATE "C" NOT NULL,
    month text COLLATE "C" NOT NULL,
    first_day text COLLATE "C" NOT NULL,
    activities bigint NOT NULL,
    CONSTRAINT pk_kind_by_month PRIMARY KEY (community, items, kind, evidence, month)
);
CREATE INDEX ix_kind_by_month_community_month ON kind_by_month (community, month);

CREATE TABLE title_by_month (
    community text COLLATE "C" NOT NULL,
    items text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    evidence text COLLATE "C" NOT NULL,
    month text COLLATE "C" NOT NULL,
    first_day text COLLATE "C" NOT NULL,
    last_day text COLLATE "C" NOT NULL,
    activities bigint NOT NULL,
    closes integer NOT NULL,
    CONSTRAINT pk_title_by_month PRIMARY KEY (community, items, title, evidence, month)
);
CREATE INDEX ix_title_by_month_community_month ON title_by_month (community, month);

CREATE TABLE name_by_month (
    community text COLLATE "C" NOT NULL,
    items text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    unit text COLLATE "C" NOT NULL,
    evidence text COLLATE "C" NOT NULL,
    month text COLLATE "C" NOT NULL,
    hundredths bigint NOT NULL,
    CONSTRAINT pk_name_by_month PRIMARY KEY (community, items, name, unit, evidence, month)
);
CREATE INDEX ix_name_by_month_community_month ON name_by_month (community, month);

-- Entries are only ever added. The one command that rewrites words (forgetting a name, or merging a
-- ledger that has forgotten one) says so within its own transaction.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('sgtrack.rewriting', true) IS DISTINCT FROM 'on' THEN
        RAISE EXCEPTION 'entries are only ever added' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER ledger_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER link_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON link
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER activity_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON activity
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER amount_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON amount
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER participant_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON participant
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER also_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON also
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER void_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON void
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER evidence_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER evidence_void_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence_void
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER person_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON person
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER person_void_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON person_void
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER issued_brief_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON issued_brief
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER issued_figure_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON issued_figure
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER issued_entry_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON issued_entry
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER issued_file_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON issued_file
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER contract_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON contract
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER forgetting_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON forgetting
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER forgotten_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON forgotten
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER merge_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON merge
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER abridgement_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON abridgement
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER resolution_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON resolution
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER resolved_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON resolved
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Where a text is in another, from 1; 0 where it is not. SQLite has a function of this name.
CREATE FUNCTION instr(whole text, part text) RETURNS integer LANGUAGE sql IMMUTABLE
RETURN strpos(whole, part);

-- A text as JSON has it, to the byte as SQLite writes it.
CREATE FUNCTION json_text(words text) RETURNS text LANGUAGE sql STABLE
RETURN coalesce(to_json(words)::text, 'null');

CREATE VIEW current_person AS
SELECT p.* FROM person AS p
WHERE NOT EXISTS (SELECT 1 FROM person_void AS v WHERE v.person_id = p.id);

-- Evidence stays with an activity when its entry is corrected: what was given to an entry, and to
-- those it replaces, which most do not. `activity_id` is the entry it belongs to now or belonged to
-- when it was replaced; `given_to` the one it was added to.
CREATE VIEW entry_evidence AS
SELECT e.activity_id, e.activity_id AS given_to, e.id, e.sha256, e.size, e.name, e.kind,
       e.recorded_at, e.recorded_by, e.command
FROM evidence AS e
WHERE NOT EXISTS (SELECT 1 FROM evidence_void AS v WHERE v.evidence_id = e.id)
UNION ALL
SELECT a.id, e.activity_id, e.id, e.sha256, e.size, e.name, e.kind,
       e.recorded_at, e.recorded_by, e.command
FROM activity AS a
CROSS JOIN LATERAL (
    WITH RECURSIVE up(id) AS (
        SELECT a.replaces UNION ALL
        SELECT older.replaces FROM up JOIN activity AS older ON older.id = up.id
        WHERE older.replaces IS NOT NULL
    ) SELECT id FROM up
) AS line
JOIN evidence AS e ON e.activity_id = line.id
WHERE a.replaces IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM evidence_void AS v WHERE v.evidence_id = e.id);

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
-- have taken only the first.
CREATE VIEW ruling AS
SELECT a.id AS entry_id, coalesce(
    (SELECT r.chosen FROM resolution AS r WHERE r.entry_id = a.id ORDER BY r.id DESC LIMIT 1),
    least((SELECT min(r.id) FROM activity AS r WHERE r.replaces = a.id),
          (SELECT min(v.id) FROM void AS v WHERE v.activity_id = a.id))
) AS decision
FROM activity AS a;

-- What is to be kept of every entry that counts: those that nothing replaces and nothing voids,
-- without corrections that another decision on the same entry goes before, or that build on such a
-- one. `items` are the codes an activity counts for, its own first; `evidence` the kinds of evidence
-- it has, in alphabetical order.
CREATE VIEW computed_entry AS
SELECT
    a.id AS activity_id,
    a.item || coalesce(
        (SELECT ' ' || string_agg(o.item, ' ' ORDER BY o.item)
         FROM also AS o WHERE o.activity_id = a.id), ''
    ) AS items,
    (SELECT count(*) FROM participant AS p WHERE p.activity_id = a.id) AS names,
    coalesce(
        (SELECT string_agg(DISTINCT k.kind, ' ' ORDER BY k.kind)
         FROM entry_evidence AS k WHERE k.activity_id = a.id), ''
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

CREATE VIEW current_activity AS
SELECT a.*, c.items, c.names, c.evidence
FROM activity AS a JOIN current_entry AS c ON c.activity_id = a.id;

-- The item alone is what activities are found by.
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

-- Every record as the text its digest is made of.
CREATE VIEW content AS
SELECT 'activity' AS kind, a.id AS record_id, '[' || concat_ws(',',
    json_text(a.community), json_text(a.item), json_text(a.day), json_text(a.title),
    json_text(a.place), json_text(a.kind), json_text(a.note), json_text(a.replaces),
    json_text(a.reason), a.closes, json_text(a.for_month), json_text(a.recorded_at),
    json_text(a.recorded_by), json_text(a.command),
    '[' || coalesce((SELECT string_agg('[' || json_text(m.unit) || ',' || m.hundredths || ']', ','
                                       ORDER BY m.unit)
                     FROM amount AS m WHERE m.activity_id = a.id), '') || ']',
    '[' || coalesce((SELECT string_agg(json_text(p.name), ',' ORDER BY p.name)
                     FROM participant AS p WHERE p.activity_id = a.id), '') || ']',
    '[' || coalesce((SELECT string_agg(json_text(o.item), ',' ORDER BY o.item)
                     FROM also AS o WHERE o.activity_id = a.id), '') || ']'
) || ']' AS body FROM activity AS a
UNION ALL
SELECT 'void', id, '[' || concat_ws(',', json_text(activity_id), json_text(reason),
    json_text(recorded_at), json_text(recorded_by), json_text(command)) || ']' FROM void
UNION ALL
SELECT 'person', id, '[' || concat_ws(',', json_text(community), json_text(name), json_text(role),
    json_text(since), json_text(recorded_at), json_text(recorded_by), json_text(command)) || ']'
FROM person
UNION ALL
SELECT 'person_void', id, '[' || concat_ws(',', json_text(person_id), json_text(reason),
    json_text(recorded_at), json_text(recorded_by), json_text(command)) || ']' FROM person_void
UNION ALL
SELECT 'evidence', id, '[' || concat_ws(',', json_text(activity_id), json_text(sha256), size,
    json_text(name), json_text(kind), json_text(recorded_at), json_text(recorded_by),
    json_text(command)) || ']' FROM evidence
UNION ALL
SELECT 'evidence_void', id, '[' || concat_ws(',', json_text(evidence_id), json_text(reason),
    json_text(recorded_at), json_text(recorded_by), json_text(command)) || ']' FROM evidence_void
UNION ALL
SELECT 'issued_brief', b.id, '[' || concat_ws(',',
    json_text(b.community), b.number, json_text(b.month), json_text(b.first_day),
    json_text(b.last_day), json_text(b.due), json_text(b.issued), json_text(b.submission),
    json_text(b.head), json_text(b.context), json_text(b.recorded_at), json_text(b.recorded_by),
    json_text(b.command),
    '[' || coalesce((SELECT string_agg('[' || concat_ws(',', json_text(f.item), json_text(f.kind),
                                json_text(f.unit), json_text(f.per), f.gain, f.total) || ']', ','
                                ORDER BY f.item, f.kind, f.unit, f.per)
                     FROM issued_figure AS f WHERE f.brief_id = b.id), '') || ']',
    '[' || coalesce((SELECT string_agg(json_text(e.entry_id), ',' ORDER BY e.entry_id)
                     FROM issued_entry AS e WHERE e.brief_id = b.id), '') || ']',
    '[' || coalesce((SELECT string_agg('[' || concat_ws(',', json_text(f.format),
                                json_text(f.sha256), f.size) || ']', ',' ORDER BY f.format)
                     FROM issued_file AS f WHERE f.brief_id = b.id), '') || ']'
) || ']' FROM issued_brief AS b
UNION ALL
SELECT 'migration', number::text,
    '[' || concat_ws(',', number, json_text(name), json_text(applied_at)) || ']' FROM migration
UNION ALL
SELECT 'contract', id, '[' || concat_ws(',', json_text(community), json_text(content),
    json_text(recorded_at), json_text(recorded_by), json_text(command)) || ']' FROM contract
UNION ALL
SELECT 'forgetting', g.id, '[' || concat_ws(',',
    json_text(g.pseudonym), json_text(g.tag), json_text(g.reason), json_text(g.recorded_at),
    json_text(g.recorded_by), json_text(g.command),
    '[' || coalesce((SELECT string_agg('[' || concat_ws(',', json_text(f.kind),
                                json_text(f.record_id), json_text(f.old_digest),
                                json_text(f.new_digest)) || ']', ',' ORDER BY f.kind, f.record_id)
                     FROM forgotten AS f WHERE f.forgetting_id = g.id), '') || ']'
) || ']' FROM forgetting AS g
UNION ALL
SELECT 'merge', m.id, '[' || concat_ws(',',
    json_text(m.source), m.seq, json_text(m.hash), json_text(m.recorded_at),
    json_text(m.recorded_by), json_text(m.command),
    '[' || coalesce((SELECT string_agg('[' || concat_ws(',', json_text(a.kind),
                                json_text(a.record_id), json_text(a.digest)) || ']', ','
                                ORDER BY a.kind, a.record_id)
                     FROM abridgement AS a WHERE a.merge_id = m.id), '') || ']'
) || ']' FROM merge AS m
UNION ALL
SELECT 'resolution', r.id, '[' || concat_ws(',',
    json_text(r.entry_id), json_text(r.chosen), json_text(r.reason), json_text(r.recorded_at),
    json_text(r.recorded_by), json_text(r.command),
    '[' || coalesce((SELECT string_agg(json_text(w.decision_id), ',' ORDER BY w.decision_id)
                     FROM resolved AS w WHERE w.resolution_id = r.id), '') || ']'
) || ']' FROM resolution AS r;
