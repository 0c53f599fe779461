-- Written by scripts/make_schema.py; change the tables in store/ or model/record_kinds.py.

CREATE TABLE abridgement (
    merge_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    record_id TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    salt TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_abridgement PRIMARY KEY (merge_id, kind, record_id),
    CONSTRAINT ck_abridgement_merge_id_is_id_or_empty CHECK (merge_id = '' OR merge_id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_abridgement_kind_is_given_words CHECK (kind <> ''),
    CONSTRAINT ck_abridgement_record_id_is_record_key CHECK (record_id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$' OR record_id ~ '^[0-9]+$'),
    CONSTRAINT ck_abridgement_digest_is_digest CHECK (digest ~ '^[0-9a-f]{64}$'),
    CONSTRAINT ck_abridgement_salt_is_salt_or_empty CHECK (salt = '' OR salt ~ '^[0-9a-f]{32}$'),
    CONSTRAINT ck_abridgement_texts_are_printable CHECK (kind !~ '[\u0001-\u001f\u007f-\u009f\u061c-\u061c\u200e-\u200f\u2028-\u202e\u2066-\u2069]')
);
CREATE INDEX ix_abridgement_kind_record_id ON abridgement (kind, record_id);

CREATE TABLE activity (
    id TEXT COLLATE "C" NOT NULL,
    community TEXT COLLATE "C" NOT NULL,
    item TEXT COLLATE "C" NOT NULL,
    day TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    place TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    note TEXT COLLATE "C" NOT NULL,
    replaces TEXT COLLATE "C",
    reason TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    session BIGINT,
    attendance BIGINT,
    recorded_at TEXT COLLATE "C" NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    command TEXT COLLATE "C" NOT NULL,
    closes BIGINT DEFAULT 0 NOT NULL,
    for_month TEXT COLLATE "C" DEFAULT '' NOT NULL,
    CONSTRAINT pk_activity PRIMARY KEY (id),
    CONSTRAINT ck_activity_correction_has_reason CHECK (replaces IS NULL OR length(reason) > 0),
    CONSTRAINT ck_activity_replaces_another CHECK (replaces IS NULL OR replaces <> id),
    CONSTRAINT fk_activity_replaces_activity FOREIGN KEY(replaces) REFERENCES activity (id) DEFERRABLE,
    CONSTRAINT ck_activity_id_is_id CHECK (id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_activity_recorded_at_is_moment CHECK (recorded_at ~ '^(\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))|(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[-+][0-2][0-9]:[0-5][0-9](:[0-5][0-9])?)$' AND recorded_at > '0001'),
    CONSTRAINT ck_activity_community_is_given_words CHECK (community <> ''),
    CONSTRAINT ck_activity_item_is_given_words CHECK (item <> ''),
    CONSTRAINT ck_activity_day_is_day CHECK (day ~ '^(\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))|(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)$' AND day >= '1900' AND day < '2200'),
    CONSTRAINT ck_activity_replaces_is_id CHECK (replaces ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_activity_closes_is_flag CHECK (closes IN (0, 1)),
    CONSTRAINT ck_activity_for_month_is_month_or_empty CHECK (for_month = '' OR for_month ~ '^\d{4}-(0[1-9]|1[0-2])$' AND for_month >= '1900' AND for_month < '2200'),
    CONSTRAINT ck_activity_source_is_passage CHECK (length(source) <= 20000),
    CONSTRAINT ck_activity_session_is_count CHECK (session BETWEEN 1 AND 100000000),
    CONSTRAINT ck_activity_attendance_is_count CHECK (attendance BETWEEN 1 AND 100000000),
    CONSTRAINT ck_activity_texts_are_printable CHECK ((recorded_by || command || community || item || title || place || kind || note || reason || replace(replace(source, chr(9), ''), chr(10), '')) !~ '[\u0001-\u001f\u007f-\u009f\u061c-\u061c\u200e-\u200f\u2028-\u202e\u2066-\u2069]')
);
CREATE INDEX ix_activity_community_day ON activity (community, day);
CREATE INDEX ix_activity_community_item_day ON activity (community, item, day);
CREATE INDEX ix_activity_replaces ON activity (replaces, id) WHERE replaces IS NOT NULL;

CREATE TABLE amount_by_month (
    community TEXT COLLATE "C" NOT NULL,
    items TEXT COLLATE "C" NOT NULL,
    unit TEXT COLLATE "C" NOT NULL,
    for_month TEXT COLLATE "C" NOT NULL,
    evidence TEXT COLLATE "C" NOT NULL,
    month TEXT COLLATE "C" NOT NULL,
    hundredths BIGINT NOT NULL,
    names BIGINT NOT NULL,
    CONSTRAINT pk_amount_by_month PRIMARY KEY (community, items, unit, for_month, evidence, month)
);
CREATE INDEX ix_amount_by_month_community_month ON amount_by_month (community, month);

CREATE TABLE contract (
    id TEXT COLLATE "C" NOT NULL,
    community TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    recorded_at TEXT COLLATE "C" NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    command TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_contract PRIMARY KEY (id),
    CONSTRAINT ck_contract_id_is_id CHECK (id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_contract_recorded_at_is_moment CHECK (recorded_at ~ '^(\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))|(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[-+][0-2][0-9]:[0-5][0-9](:[0-5][0-9])?)$' AND recorded_at > '0001'),
    CONSTRAINT ck_contract_community_is_given_words CHECK (community <> ''),
    CONSTRAINT ck_contract_content_is_json CHECK (CAST(content AS json) IS NOT NULL),
    CONSTRAINT ck_contract_texts_are_printable CHECK ((recorded_by || command || community || content) !~ '[\u0001-\u001f\u007f-\u009f\u061c-\u061c\u200e-\u200f\u2028-\u202e\u2066-\u2069]')
);
CREATE INDEX ix_contract_community_id ON contract (community, id);

CREATE TABLE forgetting (
    id TEXT COLLATE "C" NOT NULL,
    pseudonym TEXT COLLATE "C" NOT NULL,
    tag TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    recorded_at TEXT COLLATE "C" NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    command TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_forgetting PRIMARY KEY (id),
    CONSTRAINT ck_forgetting_id_is_id CHECK (id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_forgetting_recorded_at_is_moment CHECK (recorded_at ~ '^(\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))|(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[-+][0-2][0-9]:[0-5][0-9](:[0-5][0-9])?)$' AND recorded_at > '0001'),
    CONSTRAINT ck_forgetting_pseudonym_is_given_words CHECK (pseudonym <> ''),
    CONSTRAINT ck_forgetting_tag_is_tag CHECK (tag ~ '^[0-9a-f]{32}$'),
    CONSTRAINT ck_forgetting_reason_is_given_words CHECK (reason <> ''),
    CONSTRAINT ck_forgetting_texts_are_printable CHECK ((recorded_by || command || pseudonym || reason) !~ '[\u0001-\u001f\u007f-\u009f\u061c-\u061c\u200e-\u200f\u2028-\u202e\u2066-\u2069]')
);

CREATE TABLE head (
    source TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_head PRIMARY KEY (source, hash),
    CONSTRAINT ck_head_source_is_id CHECK (source ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_head_seq_is_positive CHECK (seq BETWEEN 1 AND 1000000000000000),
    CONSTRAINT ck_head_hash_is_digest CHECK (hash ~ '^[0-9a-f]{64}$')
);

CREATE TABLE kind_by_month (
    community TEXT COLLATE "C" NOT NULL,
    items TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    evidence TEXT COLLATE "C" NOT NULL,
    month TEXT COLLATE "C" NOT NULL,
    first_day TEXT COLLATE "C" NOT NULL,
    activities BIGINT NOT NULL,
    CONSTRAINT pk_kind_by_month PRIMARY KEY (community, items, kind, evidence, month)
);
CREATE INDEX ix_kind_by_month_community_month ON kind_by_month (community, month);

CREATE TABLE ledger (
    id TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_ledger PRIMARY KEY (id),
    CONSTRAINT ck_ledger_id_is_id CHECK (id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$')
);

CREATE TABLE link (
    source TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    record_id TEXT COLLATE "C" NOT NULL,
    salt TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_link PRIMARY KEY (source, seq, hash),
    CONSTRAINT ck_link_source_is_id CHECK (source ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_link_seq_is_positive CHECK (seq BETWEEN 1 AND 1000000000000000),
    CONSTRAINT ck_link_kind_is_given_words CHECK (kind <> ''),
    CONSTRAINT ck_link_record_id_is_record_key CHECK (record_id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$' OR record_id ~ '^[0-9]+$'),
    CONSTRAINT ck_link_salt_is_salt_or_empty CHECK (salt = '' OR salt ~ '^[0-9a-f]{32}$'),
    CONSTRAINT ck_link_digest_is_digest CHECK (digest ~ '^[0-9a-f]{64}$'),
    CONSTRAINT ck_link_hash_is_digest CHECK (hash ~ '^[0-9a-f]{64}$'),
    CONSTRAINT ck_link_texts_are_printable CHECK (kind !~ '[\u0001-\u001f\u007f-\u009f\u061c-\u061c\u200e-\u200f\u2028-\u202e\u2066-\u2069]')
);
CREATE UNIQUE INDEX ix_link_kind_record_id ON link (kind, record_id, (CASE kind WHEN 'migration' THEN hash ELSE '' END));

CREATE TABLE merge (
    id TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    recorded_at TEXT COLLATE "C" NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    command TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_merge PRIMARY KEY (id),
    CONSTRAINT ck_merge_id_is_id CHECK (id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_merge_recorded_at_is_moment CHECK (recorded_at ~ '^(\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))|(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[-+][0-2][0-9]:[0-5][0-9](:[0-5][0-9])?)$' AND recorded_at > '0001'),
    CONSTRAINT ck_merge_source_is_id CHECK (source ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_merge_seq_is_positive CHECK (seq BETWEEN 1 AND 1000000000000000),
    CONSTRAINT ck_merge_hash_is_digest CHECK (hash ~ '^[0-9a-f]{64}$'),
    CONSTRAINT ck_merge_texts_are_printable CHECK ((recorded_by || command) !~ '[\u0001-\u001f\u007f-\u009f\u061c-\u061c\u200e-\u200f\u2028-\u202e\u2066-\u2069]')
);

CREATE TABLE migration (
    number BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    applied_at TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_migration PRIMARY KEY (number),
    CONSTRAINT ck_migration_number_is_positive CHECK (number BETWEEN 1 AND 1000000000000000),
    CONSTRAINT ck_migration_name_is_given_words CHECK (name <> ''),
    CONSTRAINT ck_migration_fingerprint_is_given_words CHECK (fingerprint <> ''),
    CONSTRAINT ck_migration_applied_at_is_moment CHECK (applied_at ~ '^(\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))|(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[-+][0-2][0-9]:[0-5][0-9](:[0-5][0-9])?)$' AND applied_at > '0001'),
    CONSTRAINT ck_migration_texts_are_printable CHECK ((name || fingerprint) !~ '[\u0001-\u001f\u007f-\u009f\u061c-\u061c\u200e-\u200f\u2028-\u202e\u2066-\u2069]')
);

CREATE TABLE name_by_month (
    community TEXT COLLATE "C" NOT NULL,
    items TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    unit TEXT COLLATE "C" NOT NULL,
    evidence TEXT COLLATE "C" NOT NULL,
    month TEXT COLLATE "C" NOT NULL,
    hundredths BIGINT NOT NULL,
    CONSTRAINT pk_name_by_month PRIMARY KEY (community, items, name, unit, evidence, month)
);
CREATE INDEX ix_name_by_month_community_month ON name_by_month (community, month);

CREATE TABLE person (
    id TEXT COLLATE "C" NOT NULL,
    community TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    since TEXT COLLATE "C" NOT NULL,
    recorded_at TEXT COLLATE "C" NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    command TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_person PRIMARY KEY (id),
    CONSTRAINT ck_person_id_is_id CHECK (id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_person_recorded_at_is_moment CHECK (recorded_at ~ '^(\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))|(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[-+][0-2][0-9]:[0-5][0-9](:[0-5][0-9])?)$' AND recorded_at > '0001'),
    CONSTRAINT ck_person_community_is_given_words CHECK (community <> ''),
    CONSTRAINT ck_person_name_is_given_words CHECK (name <> ''),
    CONSTRAINT ck_person_role_is_given_words CHECK (role <> ''),
    CONSTRAINT ck_person_since_is_day CHECK (since ~ '^(\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))|(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)$' AND since >= '1900' AND since < '2200'),
    CONSTRAINT ck_person_texts_are_printable CHECK ((recorded_by || command || community || name || role) !~ '[\u0001-\u001f\u007f-\u009f\u061c-\u061c\u200e-\u200f\u2028-\u202e\u2066-\u2069]')
);
CREATE INDEX ix_person_community_role ON person (community, role);

CREATE TABLE title_by_month (
    community TEXT COLLATE "C" NOT NULL,
    items TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    evidence TEXT COLLATE "C" NOT NULL,
    month TEXT COLLATE "C" NOT NULL,
    first_day TEXT COLLATE "C" NOT NULL,
    last_day TEXT COLLATE "C" NOT NULL,
    activities BIGINT NOT NULL,
    closes BIGINT NOT NULL,
    CONSTRAINT pk_title_by_month PRIMARY KEY (community, items, title, evidence, month)
);
CREATE INDEX ix_title_by_month_community_month ON title_by_month (community, month);

CREATE TABLE also (
    activity_id TEXT COLLATE "C" NOT NULL,
    item TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_also PRIMARY KEY (activity_id, item),
    CONSTRAINT fk_also_activity_id_activity FOREIGN KEY(activity_id) REFERENCES activity (id) DEFERRABLE,
    CONSTRAINT ck_also_activity_id_is_id CHECK (activity_id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_also_item_is_given_words CHECK (item <> ''),
    CONSTRAINT ck_also_texts_are_printable CHECK (item !~ '[\u0001-\u001f\u007f-\u009f\u061c-\u061c\u200e-\u200f\u2028-\u202e\u2066-\u2069]')
);
CREATE INDEX ix_also_item ON also (item);

CREATE TABLE amount (
    activity_id TEXT COLLATE "C" NOT NULL,
    unit TEXT COLLATE "C" NOT NULL,
    hundredths BIGINT NOT NULL,
    CONSTRAINT pk_amount PRIMARY KEY (activity_id, unit),
    CONSTRAINT fk_amount_activity_id_activity FOREIGN KEY(activity_id) REFERENCES activity (id) DEFERRABLE,
    CONSTRAINT ck_amount_activity_id_is_id CHECK (activity_id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_amount_unit_is_given_words CHECK (unit <> ''),
    CONSTRAINT ck_amount_hundredths_is_hundredths CHECK (hundredths BETWEEN 1 AND 10000000000),
    CONSTRAINT ck_amount_texts_are_printable CHECK (unit !~ '[\u0001-\u001f\u007f-\u009f\u061c-\u061c\u200e-\u200f\u2028-\u202e\u2066-\u2069]')
);

CREATE TABLE annotation (
    id TEXT COLLATE "C" NOT NULL,
    activity_id TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    recorded_at TEXT COLLATE "C" NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    command TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_annotation PRIMARY KEY (id),
    CONSTRAINT fk_annotation_activity_id_activity FOREIGN KEY(activity_id) REFERENCES activity (id) DEFERRABLE,
    CONSTRAINT ck_annotation_id_is_id CHECK (id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_annotation_recorded_at_is_moment CHECK (recorded_at ~ '^(\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))|(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[-+][0-2][0-9]:[0-5][0-9](:[0-5][0-9])?)$' AND recorded_at > '0001'),
    CONSTRAINT ck_annotation_activity_id_is_id CHECK (activity_id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_annotation_subject_is_subject CHECK (subject IN ('effect', 'late_reason')),
    CONSTRAINT ck_annotation_text_is_passage CHECK (length(text) <= 20000),
    CONSTRAINT ck_annotation_texts_are_printable CHECK ((recorded_by || command || replace(replace(text, chr(9), ''), chr(10), '')) !~ '[\u0001-\u001f\u007f-\u009f\u061c-\u061c\u200e-\u200f\u2028-\u202e\u2066-\u2069]')
);
CREATE INDEX ix_annotation_activity_id ON annotation (activity_id);

CREATE TABLE current_entry (
    activity_id TEXT COLLATE "C" NOT NULL,
    items TEXT COLLATE "C" NOT NULL,
    names BIGINT NOT NULL,
    evidence TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_current_entry PRIMARY KEY (activity_id),
    CONSTRAINT fk_current_entry_activity_id_activity FOREIGN KEY(activity_id) REFERENCES activity (id) DEFERRABLE
);

CREATE TABLE evidence (
    id TEXT COLLATE "C" NOT NULL,
    activity_id TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    size BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    recorded_at TEXT COLLATE "C" NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    command TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_evidence PRIMARY KEY (id),
    CONSTRAINT fk_evidence_activity_id_activity FOREIGN KEY(activity_id) REFERENCES activity (id) DEFERRABLE,
    CONSTRAINT ck_evidence_id_is_id CHECK (id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_evidence_recorded_at_is_moment CHECK (recorded_at ~ '^(\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))|(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[-+][0-2][0-9]:[0-5][0-9](:[0-5][0-9])?)$' AND recorded_at > '0001'),
    CONSTRAINT ck_evidence_activity_id_is_id CHECK (activity_id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_evidence_sha256_is_digest CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    CONSTRAINT ck_evidence_size_is_positive CHECK (size BETWEEN 1 AND 1000000000000000),
    CONSTRAINT ck_evidence_name_is_given_words CHECK (name <> ''),
    CONSTRAINT ck_evidence_kind_is_given_words CHECK (kind <> ''),
    CONSTRAINT ck_evidence_texts_are_printable CHECK ((recorded_by || command || name || kind) !~ '[\u0001-\u001f\u007f-\u009f\u061c-\u061c\u200e-\u200f\u2028-\u202e\u2066-\u2069]')
);
CREATE INDEX ix_evidence_activity_id ON evidence (activity_id);
CREATE INDEX ix_evidence_sha256 ON evidence (sha256);

CREATE TABLE forgotten (
    forgetting_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    record_id TEXT COLLATE "C" NOT NULL,
    old_digest TEXT COLLATE "C" NOT NULL,
    new_digest TEXT COLLATE "C" NOT NULL,
    salt TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_forgotten PRIMARY KEY (forgetting_id, kind, record_id),
    CONSTRAINT fk_forgotten_forgetting_id_forgetting FOREIGN KEY(forgetting_id) REFERENCES forgetting (id) DEFERRABLE,
    CONSTRAINT ck_forgotten_forgetting_id_is_id CHECK (forgetting_id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_forgotten_kind_is_given_words CHECK (kind <> ''),
    CONSTRAINT ck_forgotten_record_id_is_record_key CHECK (record_id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$' OR record_id ~ '^[0-9]+$'),
    CONSTRAINT ck_forgotten_old_digest_is_digest CHECK (old_digest ~ '^[0-9a-f]{64}$'),
    CONSTRAINT ck_forgotten_new_digest_is_digest CHECK (new_digest ~ '^[0-9a-f]{64}$'),
    CONSTRAINT ck_forgotten_salt_is_salt_or_empty CHECK (salt = '' OR salt ~ '^[0-9a-f]{32}$'),
    CONSTRAINT ck_forgotten_texts_are_printable CHECK (kind !~ '[\u0001-\u001f\u007f-\u009f\u061c-\u061c\u200e-\u200f\u2028-\u202e\u2066-\u2069]')
);
CREATE INDEX ix_forgotten_kind_record_id ON forgotten (kind, record_id);

CREATE TABLE issued_brief (
    id TEXT COLLATE "C" NOT NULL,
    community TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    month TEXT COLLATE "C" NOT NULL,
    part BIGINT NOT NULL,
    first_day TEXT COLLATE "C" NOT NULL,
    last_day TEXT COLLATE "C" NOT NULL,
    due TEXT COLLATE "C" NOT NULL,
    issued TEXT COLLATE "C" NOT NULL,
    submission TEXT COLLATE "C",
    head TEXT COLLATE "C" NOT NULL,
    context TEXT COLLATE "C" NOT NULL,
    early TEXT COLLATE "C" NOT NULL,
    recorded_at TEXT COLLATE "C" NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    command TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_issued_brief PRIMARY KEY (id),
    CONSTRAINT fk_issued_brief_submission_activity FOREIGN KEY(submission) REFERENCES activity (id) DEFERRABLE,
    CONSTRAINT ck_issued_brief_id_is_id CHECK (id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_issued_brief_recorded_at_is_moment CHECK (recorded_at ~ '^(\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))|(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[-+][0-2][0-9]:[0-5][0-9](:[0-5][0-9])?)$' AND recorded_at > '0001'),
    CONSTRAINT ck_issued_brief_community_is_given_words CHECK (community <> ''),
    CONSTRAINT ck_issued_brief_number_is_positive CHECK (number BETWEEN 1 AND 1000000000000000),
    CONSTRAINT ck_issued_brief_month_is_month CHECK (month ~ '^\d{4}-(0[1-9]|1[0-2])$' AND month >= '1900' AND month < '2200'),
    CONSTRAINT ck_issued_brief_part_is_positive CHECK (part BETWEEN 1 AND 1000000000000000),
    CONSTRAINT ck_issued_brief_first_day_is_day CHECK (first_day ~ '^(\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))|(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)$' AND first_day >= '1900' AND first_day < '2200'),
    CONSTRAINT ck_issued_brief_last_day_is_day CHECK (last_day ~ '^(\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))|(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)$' AND last_day >= '1900' AND last_day < '2200'),
    CONSTRAINT ck_issued_brief_due_is_day CHECK (due ~ '^(\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))|(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)$' AND due >= '1900' AND due < '2200'),
    CONSTRAINT ck_issued_brief_issued_is_day CHECK (issued ~ '^(\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))|(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)$' AND issued >= '1900' AND issued < '2200'),
    CONSTRAINT ck_issued_brief_submission_is_id CHECK (submission ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_issued_brief_head_is_digest_or_empty CHECK (head = '' OR head ~ '^[0-9a-f]{64}$'),
    CONSTRAINT ck_issued_brief_context_is_json CHECK (CAST(context AS json) IS NOT NULL),
    CONSTRAINT ck_issued_brief_texts_are_printable CHECK ((recorded_by || command || community || context || early) !~ '[\u0001-\u001f\u007f-\u009f\u061c-\u061c\u200e-\u200f\u2028-\u202e\u2066-\u2069]')
);
CREATE INDEX ix_issued_brief_community_month ON issued_brief (community, month);
CREATE INDEX ix_issued_brief_submission ON issued_brief (submission);

CREATE TABLE participant (
    activity_id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_participant PRIMARY KEY (activity_id, name),
    CONSTRAINT fk_participant_activity_id_activity FOREIGN KEY(activity_id) REFERENCES activity (id) DEFERRABLE,
    CONSTRAINT ck_participant_activity_id_is_id CHECK (activity_id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_participant_name_is_given_words CHECK (name <> ''),
    CONSTRAINT ck_participant_texts_are_printable CHECK (name !~ '[\u0001-\u001f\u007f-\u009f\u061c-\u061c\u200e-\u200f\u2028-\u202e\u2066-\u2069]')
);
CREATE INDEX ix_participant_name ON participant (name, activity_id);

CREATE TABLE person_leave (
    id TEXT COLLATE "C" NOT NULL,
    person_id TEXT COLLATE "C" NOT NULL,
    last_day TEXT COLLATE "C",
    recorded_at TEXT COLLATE "C" NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    command TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_person_leave PRIMARY KEY (id),
    CONSTRAINT fk_person_leave_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE,
    CONSTRAINT ck_person_leave_id_is_id CHECK (id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_person_leave_recorded_at_is_moment CHECK (recorded_at ~ '^(\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))|(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[-+][0-2][0-9]:[0-5][0-9](:[0-5][0-9])?)$' AND recorded_at > '0001'),
    CONSTRAINT ck_person_leave_person_id_is_id CHECK (person_id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_person_leave_last_day_is_day CHECK (last_day ~ '^(\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))|(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)$' AND last_day >= '1900' AND last_day < '2200'),
    CONSTRAINT ck_person_leave_texts_are_printable CHECK ((recorded_by || command) !~ '[\u0001-\u001f\u007f-\u009f\u061c-\u061c\u200e-\u200f\u2028-\u202e\u2066-\u2069]')
);
CREATE INDEX ix_person_leave_person_id ON person_leave (person_id);

CREATE TABLE person_void (
    id TEXT COLLATE "C" NOT NULL,
    person_id TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    recorded_at TEXT COLLATE "C" NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    command TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_person_void PRIMARY KEY (id),
    CONSTRAINT fk_person_void_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE,
    CONSTRAINT ck_person_void_id_is_id CHECK (id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_person_void_recorded_at_is_moment CHECK (recorded_at ~ '^(\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))|(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[-+][0-2][0-9]:[0-5][0-9](:[0-5][0-9])?)$' AND recorded_at > '0001'),
    CONSTRAINT ck_person_void_person_id_is_id CHECK (person_id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_person_void_reason_is_given_words CHECK (reason <> ''),
    CONSTRAINT ck_person_void_texts_are_printable CHECK ((recorded_by || command || reason) !~ '[\u0001-\u001f\u007f-\u009f\u061c-\u061c\u200e-\u200f\u2028-\u202e\u2066-\u2069]')
);
CREATE INDEX ix_person_void_person_id ON person_void (person_id);

CREATE TABLE resolution (
    id TEXT COLLATE "C" NOT NULL,
    entry_id TEXT COLLATE "C" NOT NULL,
    chosen TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    recorded_at TEXT COLLATE "C" NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    command TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_resolution PRIMARY KEY (id),
    CONSTRAINT fk_resolution_entry_id_activity FOREIGN KEY(entry_id) REFERENCES activity (id) DEFERRABLE,
    CONSTRAINT ck_resolution_id_is_id CHECK (id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_resolution_recorded_at_is_moment CHECK (recorded_at ~ '^(\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))|(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[-+][0-2][0-9]:[0-5][0-9](:[0-5][0-9])?)$' AND recorded_at > '0001'),
    CONSTRAINT ck_resolution_entry_id_is_id CHECK (entry_id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_resolution_chosen_is_id CHECK (chosen ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_resolution_reason_is_given_words CHECK (reason <> ''),
    CONSTRAINT ck_resolution_texts_are_printable CHECK ((recorded_by || command || reason) !~ '[\u0001-\u001f\u007f-\u009f\u061c-\u061c\u200e-\u200f\u2028-\u202e\u2066-\u2069]')
);
CREATE INDEX ix_resolution_entry_id ON resolution (entry_id, id);

CREATE TABLE void (
    id TEXT COLLATE "C" NOT NULL,
    activity_id TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    recorded_at TEXT COLLATE "C" NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    command TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_void PRIMARY KEY (id),
    CONSTRAINT fk_void_activity_id_activity FOREIGN KEY(activity_id) REFERENCES activity (id) DEFERRABLE,
    CONSTRAINT ck_void_id_is_id CHECK (id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_void_recorded_at_is_moment CHECK (recorded_at ~ '^(\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))|(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[-+][0-2][0-9]:[0-5][0-9](:[0-5][0-9])?)$' AND recorded_at > '0001'),
    CONSTRAINT ck_void_activity_id_is_id CHECK (activity_id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_void_reason_is_given_words CHECK (reason <> ''),
    CONSTRAINT ck_void_texts_are_printable CHECK ((recorded_by || command || reason) !~ '[\u0001-\u001f\u007f-\u009f\u061c-\u061c\u200e-\u200f\u2028-\u202e\u2066-\u2069]')
);
CREATE INDEX ix_void_activity_id ON void (activity_id, id);

CREATE TABLE brief_withdrawal (
    id TEXT COLLATE "C" NOT NULL,
    brief_id TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    recorded_at TEXT COLLATE "C" NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    command TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_brief_withdrawal PRIMARY KEY (id),
    CONSTRAINT fk_brief_withdrawal_brief_id_issued_brief FOREIGN KEY(brief_id) REFERENCES issued_brief (id) DEFERRABLE,
    CONSTRAINT ck_brief_withdrawal_id_is_id CHECK (id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_brief_withdrawal_recorded_at_is_moment CHECK (recorded_at ~ '^(\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))|(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[-+][0-2][0-9]:[0-5][0-9](:[0-5][0-9])?)$' AND recorded_at > '0001'),
    CONSTRAINT ck_brief_withdrawal_brief_id_is_id CHECK (brief_id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_brief_withdrawal_reason_is_given_words CHECK (reason <> ''),
    CONSTRAINT ck_brief_withdrawal_texts_are_printable CHECK ((recorded_by || command || reason) !~ '[\u0001-\u001f\u007f-\u009f\u061c-\u061c\u200e-\u200f\u2028-\u202e\u2066-\u2069]')
);
CREATE INDEX ix_brief_withdrawal_brief_id ON brief_withdrawal (brief_id);

CREATE TABLE evidence_void (
    id TEXT COLLATE "C" NOT NULL,
    evidence_id TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    recorded_at TEXT COLLATE "C" NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    command TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_evidence_void PRIMARY KEY (id),
    CONSTRAINT fk_evidence_void_evidence_id_evidence FOREIGN KEY(evidence_id) REFERENCES evidence (id) DEFERRABLE,
    CONSTRAINT ck_evidence_void_id_is_id CHECK (id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_evidence_void_recorded_at_is_moment CHECK (recorded_at ~ '^(\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))|(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[-+][0-2][0-9]:[0-5][0-9](:[0-5][0-9])?)$' AND recorded_at > '0001'),
    CONSTRAINT ck_evidence_void_evidence_id_is_id CHECK (evidence_id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_evidence_void_reason_is_given_words CHECK (reason <> ''),
    CONSTRAINT ck_evidence_void_texts_are_printable CHECK ((recorded_by || command || reason) !~ '[\u0001-\u001f\u007f-\u009f\u061c-\u061c\u200e-\u200f\u2028-\u202e\u2066-\u2069]')
);
CREATE INDEX ix_evidence_void_evidence_id ON evidence_void (evidence_id);

CREATE TABLE issued_entry (
    entry_id TEXT COLLATE "C" NOT NULL,
    brief_id TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_issued_entry PRIMARY KEY (entry_id, brief_id),
    CONSTRAINT fk_issued_entry_brief_id_issued_brief FOREIGN KEY(brief_id) REFERENCES issued_brief (id) DEFERRABLE,
    CONSTRAINT ck_issued_entry_entry_id_is_id CHECK (entry_id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_issued_entry_brief_id_is_id CHECK (brief_id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$')
);
CREATE INDEX ix_issued_entry_brief_id ON issued_entry (brief_id);

CREATE TABLE issued_figure (
    brief_id TEXT COLLATE "C" NOT NULL,
    item TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    unit TEXT COLLATE "C" NOT NULL,
    per TEXT COLLATE "C" NOT NULL,
    gain BIGINT NOT NULL,
    total BIGINT NOT NULL,
    CONSTRAINT pk_issued_figure PRIMARY KEY (brief_id, item, kind, unit, per),
    CONSTRAINT fk_issued_figure_brief_id_issued_brief FOREIGN KEY(brief_id) REFERENCES issued_brief (id) DEFERRABLE,
    CONSTRAINT ck_issued_figure_brief_id_is_id CHECK (brief_id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_issued_figure_item_is_given_words CHECK (item <> ''),
    CONSTRAINT ck_issued_figure_gain_is_total CHECK (gain BETWEEN -100000000000000000 AND 100000000000000000),
    CONSTRAINT ck_issued_figure_total_is_total CHECK (total BETWEEN -100000000000000000 AND 100000000000000000),
    CONSTRAINT ck_issued_figure_texts_are_printable CHECK ((item || kind || unit || per) !~ '[\u0001-\u001f\u007f-\u009f\u061c-\u061c\u200e-\u200f\u2028-\u202e\u2066-\u2069]')
);

CREATE TABLE issued_file (
    brief_id TEXT COLLATE "C" NOT NULL,
    format TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    size BIGINT NOT NULL,
    CONSTRAINT pk_issued_file PRIMARY KEY (brief_id, format),
    CONSTRAINT fk_issued_file_brief_id_issued_brief FOREIGN KEY(brief_id) REFERENCES issued_brief (id) DEFERRABLE,
    CONSTRAINT ck_issued_file_brief_id_is_id CHECK (brief_id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_issued_file_format_is_given_words CHECK (format <> ''),
    CONSTRAINT ck_issued_file_sha256_is_digest CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    CONSTRAINT ck_issued_file_size_is_positive CHECK (size BETWEEN 1 AND 1000000000000000),
    CONSTRAINT ck_issued_file_texts_are_printable CHECK (format !~ '[\u0001-\u001f\u007f-\u009f\u061c-\u061c\u200e-\u200f\u2028-\u202e\u2066-\u2069]')
);

CREATE TABLE resolved (
    resolution_id TEXT COLLATE "C" NOT NULL,
    decision_id TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_resolved PRIMARY KEY (resolution_id, decision_id),
    CONSTRAINT fk_resolved_resolution_id_resolution FOREIGN KEY(resolution_id) REFERENCES resolution (id) DEFERRABLE,
    CONSTRAINT ck_resolved_resolution_id_is_id CHECK (resolution_id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    CONSTRAINT ck_resolved_decision_id_is_id CHECK (decision_id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$')
);
