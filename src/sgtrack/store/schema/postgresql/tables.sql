-- Written by scripts/make_schema.py; change the tables in store/ or model/record_kinds.py.

CREATE TABLE abridgement (
    merge_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    record_id TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    salt TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_abridgement PRIMARY KEY (merge_id, kind, record_id),
    CONSTRAINT ck_abridgement_digest_is_hex CHECK (length(digest) = 64)
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
    recorded_at TEXT COLLATE "C" NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    command TEXT COLLATE "C" NOT NULL,
    closes BIGINT DEFAULT 0 NOT NULL,
    for_month TEXT COLLATE "C" DEFAULT '' NOT NULL,
    CONSTRAINT pk_activity PRIMARY KEY (id),
    CONSTRAINT ck_activity_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_activity_community_given CHECK (length(community) > 0),
    CONSTRAINT ck_activity_item_given CHECK (length(item) > 0),
    CONSTRAINT ck_activity_day_is_iso CHECK (day LIKE '____-__-__'),
    CONSTRAINT ck_activity_correction_has_reason CHECK (replaces IS NULL OR length(reason) > 0),
    CONSTRAINT ck_activity_replaces_another CHECK (replaces IS NULL OR replaces <> id),
    CONSTRAINT ck_activity_closes_is_flag CHECK (closes IN (0, 1)),
    CONSTRAINT ck_activity_for_month_is_iso CHECK (for_month = '' OR for_month LIKE '____-__'),
    CONSTRAINT fk_activity_replaces_activity FOREIGN KEY(replaces) REFERENCES activity (id) DEFERRABLE
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
    CONSTRAINT ck_contract_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_contract_community_given CHECK (length(community) > 0),
    CONSTRAINT ck_contract_content_given CHECK (length(content) > 0)
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
    CONSTRAINT ck_forgetting_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_forgetting_pseudonym_given CHECK (length(pseudonym) > 0),
    CONSTRAINT ck_forgetting_tag_is_hex CHECK (length(tag) = 32),
    CONSTRAINT ck_forgetting_reason_given CHECK (length(reason) > 0)
);

CREATE TABLE head (
    source TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_head PRIMARY KEY (source, hash)
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
    CONSTRAINT ck_ledger_id_is_ulid CHECK (length(id) = 26)
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
    CONSTRAINT ck_link_seq_positive CHECK (seq > 0),
    CONSTRAINT ck_link_digest_is_hex CHECK (length(digest) = 64),
    CONSTRAINT ck_link_hash_is_hex CHECK (length(hash) = 64)
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
    CONSTRAINT ck_merge_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_merge_hash_is_hex CHECK (length(hash) = 64)
);

CREATE TABLE migration (
    number BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    applied_at TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_migration PRIMARY KEY (number)
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
    CONSTRAINT ck_person_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_person_name_given CHECK (length(name) > 0),
    CONSTRAINT ck_person_role_given CHECK (length(role) > 0),
    CONSTRAINT ck_person_since_is_iso CHECK (since LIKE '____-__-__')
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
    CONSTRAINT ck_also_item_given CHECK (length(item) > 0),
    CONSTRAINT fk_also_activity_id_activity FOREIGN KEY(activity_id) REFERENCES activity (id) DEFERRABLE
);
CREATE INDEX ix_also_item ON also (item);

CREATE TABLE amount (
    activity_id TEXT COLLATE "C" NOT NULL,
    unit TEXT COLLATE "C" NOT NULL,
    hundredths BIGINT NOT NULL,
    CONSTRAINT pk_amount PRIMARY KEY (activity_id, unit),
    CONSTRAINT ck_amount_positive CHECK (hundredths > 0),
    CONSTRAINT fk_amount_activity_id_activity FOREIGN KEY(activity_id) REFERENCES activity (id) DEFERRABLE
);

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
    CONSTRAINT ck_evidence_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_evidence_sha256_is_hex CHECK (length(sha256) = 64),
    CONSTRAINT ck_evidence_size_positive CHECK (size > 0),
    CONSTRAINT ck_evidence_name_given CHECK (length(name) > 0),
    CONSTRAINT ck_evidence_kind_given CHECK (length(kind) > 0),
    CONSTRAINT fk_evidence_activity_id_activity FOREIGN KEY(activity_id) REFERENCES activity (id) DEFERRABLE
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
    CONSTRAINT ck_forgotten_old_digest_is_hex CHECK (length(old_digest) = 64),
    CONSTRAINT ck_forgotten_new_digest_is_hex CHECK (length(new_digest) = 64),
    CONSTRAINT fk_forgotten_forgetting_id_forgetting FOREIGN KEY(forgetting_id) REFERENCES forgetting (id) DEFERRABLE
);
CREATE INDEX ix_forgotten_kind_record_id ON forgotten (kind, record_id);

CREATE TABLE issued_brief (
    id TEXT COLLATE "C" NOT NULL,
    community TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    month TEXT COLLATE "C" NOT NULL,
    first_day TEXT COLLATE "C" NOT NULL,
    last_day TEXT COLLATE "C" NOT NULL,
    due TEXT COLLATE "C" NOT NULL,
    issued TEXT COLLATE "C" NOT NULL,
    submission TEXT COLLATE "C",
    head TEXT COLLATE "C" NOT NULL,
    context TEXT COLLATE "C" NOT NULL,
    recorded_at TEXT COLLATE "C" NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    command TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_issued_brief PRIMARY KEY (id),
    CONSTRAINT ck_issued_brief_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_issued_brief_community_given CHECK (length(community) > 0),
    CONSTRAINT ck_issued_brief_number_positive CHECK (number > 0),
    CONSTRAINT ck_issued_brief_month_is_iso CHECK (month LIKE '____-__'),
    CONSTRAINT ck_issued_brief_days_are_iso CHECK (first_day LIKE '____-__-__' AND last_day LIKE '____-__-__' AND due LIKE '____-__-__' AND issued LIKE '____-__-__'),
    CONSTRAINT fk_issued_brief_submission_activity FOREIGN KEY(submission) REFERENCES activity (id) DEFERRABLE
);
CREATE INDEX ix_issued_brief_community_month ON issued_brief (community, month);
CREATE INDEX ix_issued_brief_submission ON issued_brief (submission);

CREATE TABLE participant (
    activity_id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_participant PRIMARY KEY (activity_id, name),
    CONSTRAINT ck_participant_name_given CHECK (length(name) > 0),
    CONSTRAINT fk_participant_activity_id_activity FOREIGN KEY(activity_id) REFERENCES activity (id) DEFERRABLE
);
CREATE INDEX ix_participant_name ON participant (name, activity_id);

CREATE TABLE person_void (
    id TEXT COLLATE "C" NOT NULL,
    person_id TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    recorded_at TEXT COLLATE "C" NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    command TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_person_void PRIMARY KEY (id),
    CONSTRAINT ck_person_void_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_person_void_reason_given CHECK (length(reason) > 0),
    CONSTRAINT fk_person_void_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE
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
    CONSTRAINT ck_resolution_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_resolution_reason_given CHECK (length(reason) > 0),
    CONSTRAINT fk_resolution_entry_id_activity FOREIGN KEY(entry_id) REFERENCES activity (id) DEFERRABLE
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
    CONSTRAINT ck_void_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_void_reason_given CHECK (length(reason) > 0),
    CONSTRAINT fk_void_activity_id_activity FOREIGN KEY(activity_id) REFERENCES activity (id) DEFERRABLE
);
CREATE INDEX ix_void_activity_id ON void (activity_id, id);

CREATE TABLE evidence_void (
    id TEXT COLLATE "C" NOT NULL,
    evidence_id TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    recorded_at TEXT COLLATE "C" NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    command TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_evidence_void PRIMARY KEY (id),
    CONSTRAINT ck_evidence_void_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_evidence_void_reason_given CHECK (length(reason) > 0),
    CONSTRAINT fk_evidence_void_evidence_id_evidence FOREIGN KEY(evidence_id) REFERENCES evidence (id) DEFERRABLE
);
CREATE INDEX ix_evidence_void_evidence_id ON evidence_void (evidence_id);

CREATE TABLE issued_entry (
    entry_id TEXT COLLATE "C" NOT NULL,
    brief_id TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_issued_entry PRIMARY KEY (entry_id, brief_id),
    CONSTRAINT fk_issued_entry_brief_id_issued_brief FOREIGN KEY(brief_id) REFERENCES issued_brief (id) DEFERRABLE
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
    CONSTRAINT fk_issued_figure_brief_id_issued_brief FOREIGN KEY(brief_id) REFERENCES issued_brief (id) DEFERRABLE
);

CREATE TABLE issued_file (
    brief_id TEXT COLLATE "C" NOT NULL,
    format TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    size BIGINT NOT NULL,
    CONSTRAINT pk_issued_file PRIMARY KEY (brief_id, format),
    CONSTRAINT ck_issued_file_sha256_is_hex CHECK (length(sha256) = 64),
    CONSTRAINT fk_issued_file_brief_id_issued_brief FOREIGN KEY(brief_id) REFERENCES issued_brief (id) DEFERRABLE
);

CREATE TABLE resolved (
    resolution_id TEXT COLLATE "C" NOT NULL,
    decision_id TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_resolved PRIMARY KEY (resolution_id, decision_id),
    CONSTRAINT fk_resolved_resolution_id_resolution FOREIGN KEY(resolution_id) REFERENCES resolution (id) DEFERRABLE
);
