-- Written by scripts/make_schema.py; change the tables in store/ or model/record_kinds.py.

CREATE TABLE abridgement (
    merge_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    salt TEXT NOT NULL,
    CONSTRAINT pk_abridgement PRIMARY KEY (merge_id, kind, record_id),
    CONSTRAINT ck_abridgement_merge_id_is_id_or_empty CHECK (merge_id = '' OR length(merge_id) = 26 AND merge_id < '8' AND merge_id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_abridgement_kind_is_given_words CHECK (kind <> ''),
    CONSTRAINT ck_abridgement_record_id_is_record_key CHECK (length(record_id) = 26 AND record_id < '8' AND record_id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*' OR record_id <> '' AND record_id NOT GLOB '*[^0-9]*'),
    CONSTRAINT ck_abridgement_digest_is_digest CHECK (length(digest) = 64 AND digest NOT GLOB '*[^0-9a-f]*'),
    CONSTRAINT ck_abridgement_salt_is_salt_or_empty CHECK (salt = '' OR length(salt) = 32 AND salt NOT GLOB '*[^0-9a-f]*'),
    CONSTRAINT ck_abridgement_texts_are_printable CHECK (kind NOT GLOB '*[' || char(1, 45, 31) || char(127, 45, 159) || char(1564, 45, 1564) || char(8206, 45, 8207) || char(8232, 45, 8238) || char(8294, 45, 8297) || ']*' AND instr(kind, char(0)) = 0)
) STRICT;
CREATE INDEX ix_abridgement_kind_record_id ON abridgement (kind, record_id);

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
    source TEXT NOT NULL,
    session INTEGER,
    attendance INTEGER,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    command TEXT NOT NULL,
    closes INTEGER DEFAULT 0 NOT NULL,
    for_month TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_activity PRIMARY KEY (id),
    CONSTRAINT ck_activity_correction_has_reason CHECK (replaces IS NULL OR length(reason) > 0),
    CONSTRAINT ck_activity_replaces_another CHECK (replaces IS NULL OR replaces <> id),
    CONSTRAINT fk_activity_replaces_activity FOREIGN KEY(replaces) REFERENCES activity (id) DEFERRABLE,
    CONSTRAINT ck_activity_id_is_id CHECK (length(id) = 26 AND id < '8' AND id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_activity_recorded_at_is_moment CHECK (substr(recorded_at, 1, 19) IS strftime('%Y-%m-%dT%H:%M:%S', substr(recorded_at, 1, 19), '+0 days') AND recorded_at > '0001' AND (substr(recorded_at, 20) = 'Z' OR substr(recorded_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]' OR substr(recorded_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]:[0-5][0-9]')),
    CONSTRAINT ck_activity_community_is_given_words CHECK (community <> ''),
    CONSTRAINT ck_activity_item_is_given_words CHECK (item <> ''),
    CONSTRAINT ck_activity_day_is_day CHECK (day IS date(day, '+0 days') AND day >= '1900' AND day < '2200'),
    CONSTRAINT ck_activity_replaces_is_id CHECK (length(replaces) = 26 AND replaces < '8' AND replaces NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_activity_closes_is_flag CHECK (closes IN (0, 1)),
    CONSTRAINT ck_activity_for_month_is_month_or_empty CHECK (for_month = '' OR for_month || '-01' IS date(for_month || '-01', '+0 days') AND for_month >= '1900' AND for_month < '2200'),
    CONSTRAINT ck_activity_source_is_passage CHECK (length(source) <= 20000),
    CONSTRAINT ck_activity_session_is_count CHECK (session BETWEEN 1 AND 100000000),
    CONSTRAINT ck_activity_attendance_is_count CHECK (attendance BETWEEN 1 AND 100000000),
    CONSTRAINT ck_activity_texts_are_printable CHECK ((recorded_by || command || community || item || title || place || kind || note || reason || replace(replace(source, char(9), ''), char(10), '')) NOT GLOB '*[' || char(1, 45, 31) || char(127, 45, 159) || char(1564, 45, 1564) || char(8206, 45, 8207) || char(8232, 45, 8238) || char(8294, 45, 8297) || ']*' AND instr((recorded_by || command || community || item || title || place || kind || note || reason || replace(replace(source, char(9), ''), char(10), '')), char(0)) = 0)
) STRICT;
CREATE INDEX ix_activity_community_day ON activity (community, day);
CREATE INDEX ix_activity_community_item_day ON activity (community, item, day);
CREATE INDEX ix_activity_replaces ON activity (replaces, id) WHERE replaces IS NOT NULL;

CREATE TABLE amount_by_month (
    community TEXT NOT NULL,
    items TEXT NOT NULL,
    unit TEXT NOT NULL,
    for_month TEXT NOT NULL,
    evidence TEXT NOT NULL,
    month TEXT NOT NULL,
    hundredths INTEGER NOT NULL,
    names INTEGER NOT NULL,
    CONSTRAINT pk_amount_by_month PRIMARY KEY (community, items, unit, for_month, evidence, month)
) WITHOUT ROWID,
 STRICT;
CREATE INDEX ix_amount_by_month_community_month ON amount_by_month (community, month);

CREATE TABLE contract (
    id TEXT NOT NULL,
    community TEXT NOT NULL,
    content TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    command TEXT NOT NULL,
    CONSTRAINT pk_contract PRIMARY KEY (id),
    CONSTRAINT ck_contract_id_is_id CHECK (length(id) = 26 AND id < '8' AND id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_contract_recorded_at_is_moment CHECK (substr(recorded_at, 1, 19) IS strftime('%Y-%m-%dT%H:%M:%S', substr(recorded_at, 1, 19), '+0 days') AND recorded_at > '0001' AND (substr(recorded_at, 20) = 'Z' OR substr(recorded_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]' OR substr(recorded_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]:[0-5][0-9]')),
    CONSTRAINT ck_contract_community_is_given_words CHECK (community <> ''),
    CONSTRAINT ck_contract_content_is_json CHECK (json_valid(content)),
    CONSTRAINT ck_contract_texts_are_printable CHECK ((recorded_by || command || community || content) NOT GLOB '*[' || char(1, 45, 31) || char(127, 45, 159) || char(1564, 45, 1564) || char(8206, 45, 8207) || char(8232, 45, 8238) || char(8294, 45, 8297) || ']*' AND instr((recorded_by || command || community || content), char(0)) = 0)
) STRICT;
CREATE INDEX ix_contract_community_id ON contract (community, id);

CREATE TABLE forgetting (
    id TEXT NOT NULL,
    pseudonym TEXT NOT NULL,
    tag TEXT NOT NULL,
    reason TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    command TEXT NOT NULL,
    CONSTRAINT pk_forgetting PRIMARY KEY (id),
    CONSTRAINT ck_forgetting_id_is_id CHECK (length(id) = 26 AND id < '8' AND id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_forgetting_recorded_at_is_moment CHECK (substr(recorded_at, 1, 19) IS strftime('%Y-%m-%dT%H:%M:%S', substr(recorded_at, 1, 19), '+0 days') AND recorded_at > '0001' AND (substr(recorded_at, 20) = 'Z' OR substr(recorded_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]' OR substr(recorded_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]:[0-5][0-9]')),
    CONSTRAINT ck_forgetting_pseudonym_is_given_words CHECK (pseudonym <> ''),
    CONSTRAINT ck_forgetting_tag_is_tag CHECK (length(tag) = 32 AND tag NOT GLOB '*[^0-9a-f]*'),
    CONSTRAINT ck_forgetting_reason_is_given_words CHECK (reason <> ''),
    CONSTRAINT ck_forgetting_texts_are_printable CHECK ((recorded_by || command || pseudonym || reason) NOT GLOB '*[' || char(1, 45, 31) || char(127, 45, 159) || char(1564, 45, 1564) || char(8206, 45, 8207) || char(8232, 45, 8238) || char(8294, 45, 8297) || ']*' AND instr((recorded_by || command || pseudonym || reason), char(0)) = 0)
) STRICT;

CREATE TABLE head (
    source TEXT NOT NULL,
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT pk_head PRIMARY KEY (source, hash),
    CONSTRAINT ck_head_source_is_id CHECK (length(source) = 26 AND source < '8' AND source NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_head_seq_is_positive CHECK (seq BETWEEN 1 AND 1000000000000000),
    CONSTRAINT ck_head_hash_is_digest CHECK (length(hash) = 64 AND hash NOT GLOB '*[^0-9a-f]*')
) STRICT;

CREATE TABLE kind_by_month (
    community TEXT NOT NULL,
    items TEXT NOT NULL,
    kind TEXT NOT NULL,
    evidence TEXT NOT NULL,
    month TEXT NOT NULL,
    first_day TEXT NOT NULL,
    activities INTEGER NOT NULL,
    CONSTRAINT pk_kind_by_month PRIMARY KEY (community, items, kind, evidence, month)
) WITHOUT ROWID,
 STRICT;
CREATE INDEX ix_kind_by_month_community_month ON kind_by_month (community, month);

CREATE TABLE ledger (
    id TEXT NOT NULL,
    CONSTRAINT pk_ledger PRIMARY KEY (id),
    CONSTRAINT ck_ledger_id_is_id CHECK (length(id) = 26 AND id < '8' AND id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*')
) STRICT;

CREATE TABLE link (
    source TEXT NOT NULL,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    salt TEXT NOT NULL,
    digest TEXT NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT pk_link PRIMARY KEY (source, seq, hash),
    CONSTRAINT ck_link_source_is_id CHECK (length(source) = 26 AND source < '8' AND source NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_link_seq_is_positive CHECK (seq BETWEEN 1 AND 1000000000000000),
    CONSTRAINT ck_link_kind_is_given_words CHECK (kind <> ''),
    CONSTRAINT ck_link_record_id_is_record_key CHECK (length(record_id) = 26 AND record_id < '8' AND record_id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*' OR record_id <> '' AND record_id NOT GLOB '*[^0-9]*'),
    CONSTRAINT ck_link_salt_is_salt_or_empty CHECK (salt = '' OR length(salt) = 32 AND salt NOT GLOB '*[^0-9a-f]*'),
    CONSTRAINT ck_link_digest_is_digest CHECK (length(digest) = 64 AND digest NOT GLOB '*[^0-9a-f]*'),
    CONSTRAINT ck_link_hash_is_digest CHECK (length(hash) = 64 AND hash NOT GLOB '*[^0-9a-f]*'),
    CONSTRAINT ck_link_texts_are_printable CHECK (kind NOT GLOB '*[' || char(1, 45, 31) || char(127, 45, 159) || char(1564, 45, 1564) || char(8206, 45, 8207) || char(8232, 45, 8238) || char(8294, 45, 8297) || ']*' AND instr(kind, char(0)) = 0)
) STRICT;
CREATE UNIQUE INDEX ix_link_kind_record_id ON link (kind, record_id, (CASE kind WHEN 'migration' THEN hash ELSE '' END));

CREATE TABLE merge (
    id TEXT NOT NULL,
    source TEXT NOT NULL,
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    command TEXT NOT NULL,
    CONSTRAINT pk_merge PRIMARY KEY (id),
    CONSTRAINT ck_merge_id_is_id CHECK (length(id) = 26 AND id < '8' AND id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_merge_recorded_at_is_moment CHECK (substr(recorded_at, 1, 19) IS strftime('%Y-%m-%dT%H:%M:%S', substr(recorded_at, 1, 19), '+0 days') AND recorded_at > '0001' AND (substr(recorded_at, 20) = 'Z' OR substr(recorded_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]' OR substr(recorded_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]:[0-5][0-9]')),
    CONSTRAINT ck_merge_source_is_id CHECK (length(source) = 26 AND source < '8' AND source NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_merge_seq_is_positive CHECK (seq BETWEEN 1 AND 1000000000000000),
    CONSTRAINT ck_merge_hash_is_digest CHECK (length(hash) = 64 AND hash NOT GLOB '*[^0-9a-f]*'),
    CONSTRAINT ck_merge_texts_are_printable CHECK ((recorded_by || command) NOT GLOB '*[' || char(1, 45, 31) || char(127, 45, 159) || char(1564, 45, 1564) || char(8206, 45, 8207) || char(8232, 45, 8238) || char(8294, 45, 8297) || ']*' AND instr((recorded_by || command), char(0)) = 0)
) STRICT;

CREATE TABLE migration (
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    applied_at TEXT NOT NULL,
    CONSTRAINT pk_migration PRIMARY KEY (number),
    CONSTRAINT ck_migration_number_is_positive CHECK (number BETWEEN 1 AND 1000000000000000),
    CONSTRAINT ck_migration_name_is_given_words CHECK (name <> ''),
    CONSTRAINT ck_migration_fingerprint_is_given_words CHECK (fingerprint <> ''),
    CONSTRAINT ck_migration_applied_at_is_moment CHECK (substr(applied_at, 1, 19) IS strftime('%Y-%m-%dT%H:%M:%S', substr(applied_at, 1, 19), '+0 days') AND applied_at > '0001' AND (substr(applied_at, 20) = 'Z' OR substr(applied_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]' OR substr(applied_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]:[0-5][0-9]')),
    CONSTRAINT ck_migration_texts_are_printable CHECK ((name || fingerprint) NOT GLOB '*[' || char(1, 45, 31) || char(127, 45, 159) || char(1564, 45, 1564) || char(8206, 45, 8207) || char(8232, 45, 8238) || char(8294, 45, 8297) || ']*' AND instr((name || fingerprint), char(0)) = 0)
) STRICT;

CREATE TABLE name_by_month (
    community TEXT NOT NULL,
    items TEXT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    evidence TEXT NOT NULL,
    month TEXT NOT NULL,
    hundredths INTEGER NOT NULL,
    CONSTRAINT pk_name_by_month PRIMARY KEY (community, items, name, unit, evidence, month)
) WITHOUT ROWID,
 STRICT;
CREATE INDEX ix_name_by_month_community_month ON name_by_month (community, month);

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
    CONSTRAINT ck_person_id_is_id CHECK (length(id) = 26 AND id < '8' AND id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_person_recorded_at_is_moment CHECK (substr(recorded_at, 1, 19) IS strftime('%Y-%m-%dT%H:%M:%S', substr(recorded_at, 1, 19), '+0 days') AND recorded_at > '0001' AND (substr(recorded_at, 20) = 'Z' OR substr(recorded_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]' OR substr(recorded_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]:[0-5][0-9]')),
    CONSTRAINT ck_person_community_is_given_words CHECK (community <> ''),
    CONSTRAINT ck_person_name_is_given_words CHECK (name <> ''),
    CONSTRAINT ck_person_role_is_given_words CHECK (role <> ''),
    CONSTRAINT ck_person_since_is_day CHECK (since IS date(since, '+0 days') AND since >= '1900' AND since < '2200'),
    CONSTRAINT ck_person_texts_are_printable CHECK ((recorded_by || command || community || name || role) NOT GLOB '*[' || char(1, 45, 31) || char(127, 45, 159) || char(1564, 45, 1564) || char(8206, 45, 8207) || char(8232, 45, 8238) || char(8294, 45, 8297) || ']*' AND instr((recorded_by || command || community || name || role), char(0)) = 0)
) STRICT;
CREATE INDEX ix_person_community_role ON person (community, role);

CREATE TABLE title_by_month (
    community TEXT NOT NULL,
    items TEXT NOT NULL,
    title TEXT NOT NULL,
    evidence TEXT NOT NULL,
    month TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    activities INTEGER NOT NULL,
    closes INTEGER NOT NULL,
    CONSTRAINT pk_title_by_month PRIMARY KEY (community, items, title, evidence, month)
) WITHOUT ROWID,
 STRICT;
CREATE INDEX ix_title_by_month_community_month ON title_by_month (community, month);

CREATE TABLE also (
    activity_id TEXT NOT NULL,
    item TEXT NOT NULL,
    CONSTRAINT pk_also PRIMARY KEY (activity_id, item),
    CONSTRAINT fk_also_activity_id_activity FOREIGN KEY(activity_id) REFERENCES activity (id) DEFERRABLE,
    CONSTRAINT ck_also_activity_id_is_id CHECK (length(activity_id) = 26 AND activity_id < '8' AND activity_id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_also_item_is_given_words CHECK (item <> ''),
    CONSTRAINT ck_also_texts_are_printable CHECK (item NOT GLOB '*[' || char(1, 45, 31) || char(127, 45, 159) || char(1564, 45, 1564) || char(8206, 45, 8207) || char(8232, 45, 8238) || char(8294, 45, 8297) || ']*' AND instr(item, char(0)) = 0)
) STRICT;
CREATE INDEX ix_also_item ON also (item);

CREATE TABLE amount (
    activity_id TEXT NOT NULL,
    unit TEXT NOT NULL,
    hundredths INTEGER NOT NULL,
    CONSTRAINT pk_amount PRIMARY KEY (activity_id, unit),
    CONSTRAINT fk_amount_activity_id_activity FOREIGN KEY(activity_id) REFERENCES activity (id) DEFERRABLE,
    CONSTRAINT ck_amount_activity_id_is_id CHECK (length(activity_id) = 26 AND activity_id < '8' AND activity_id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_amount_unit_is_given_words CHECK (unit <> ''),
    CONSTRAINT ck_amount_hundredths_is_hundredths CHECK (hundredths BETWEEN 1 AND 10000000000),
    CONSTRAINT ck_amount_texts_are_printable CHECK (unit NOT GLOB '*[' || char(1, 45, 31) || char(127, 45, 159) || char(1564, 45, 1564) || char(8206, 45, 8207) || char(8232, 45, 8238) || char(8294, 45, 8297) || ']*' AND instr(unit, char(0)) = 0)
) STRICT;

CREATE TABLE annotation (
    id TEXT NOT NULL,
    activity_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    command TEXT NOT NULL,
    CONSTRAINT pk_annotation PRIMARY KEY (id),
    CONSTRAINT fk_annotation_activity_id_activity FOREIGN KEY(activity_id) REFERENCES activity (id) DEFERRABLE,
    CONSTRAINT ck_annotation_id_is_id CHECK (length(id) = 26 AND id < '8' AND id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_annotation_recorded_at_is_moment CHECK (substr(recorded_at, 1, 19) IS strftime('%Y-%m-%dT%H:%M:%S', substr(recorded_at, 1, 19), '+0 days') AND recorded_at > '0001' AND (substr(recorded_at, 20) = 'Z' OR substr(recorded_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]' OR substr(recorded_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]:[0-5][0-9]')),
    CONSTRAINT ck_annotation_activity_id_is_id CHECK (length(activity_id) = 26 AND activity_id < '8' AND activity_id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_annotation_subject_is_subject CHECK (subject IN ('effect', 'late_reason')),
    CONSTRAINT ck_annotation_text_is_passage CHECK (length(text) <= 20000),
    CONSTRAINT ck_annotation_texts_are_printable CHECK ((recorded_by || command || replace(replace(text, char(9), ''), char(10), '')) NOT GLOB '*[' || char(1, 45, 31) || char(127, 45, 159) || char(1564, 45, 1564) || char(8206, 45, 8207) || char(8232, 45, 8238) || char(8294, 45, 8297) || ']*' AND instr((recorded_by || command || replace(replace(text, char(9), ''), char(10), '')), char(0)) = 0)
) STRICT;
CREATE INDEX ix_annotation_activity_id ON annotation (activity_id);

CREATE TABLE current_entry (
    activity_id TEXT NOT NULL,
    items TEXT NOT NULL,
    names INTEGER NOT NULL,
    evidence TEXT NOT NULL,
    CONSTRAINT pk_current_entry PRIMARY KEY (activity_id),
    CONSTRAINT fk_current_entry_activity_id_activity FOREIGN KEY(activity_id) REFERENCES activity (id) DEFERRABLE
) WITHOUT ROWID,
 STRICT;

CREATE TABLE evidence (
    id TEXT NOT NULL,
    activity_id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    command TEXT NOT NULL,
    CONSTRAINT pk_evidence PRIMARY KEY (id),
    CONSTRAINT fk_evidence_activity_id_activity FOREIGN KEY(activity_id) REFERENCES activity (id) DEFERRABLE,
    CONSTRAINT ck_evidence_id_is_id CHECK (length(id) = 26 AND id < '8' AND id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_evidence_recorded_at_is_moment CHECK (substr(recorded_at, 1, 19) IS strftime('%Y-%m-%dT%H:%M:%S', substr(recorded_at, 1, 19), '+0 days') AND recorded_at > '0001' AND (substr(recorded_at, 20) = 'Z' OR substr(recorded_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]' OR substr(recorded_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]:[0-5][0-9]')),
    CONSTRAINT ck_evidence_activity_id_is_id CHECK (length(activity_id) = 26 AND activity_id < '8' AND activity_id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_evidence_sha256_is_digest CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
    CONSTRAINT ck_evidence_size_is_positive CHECK (size BETWEEN 1 AND 1000000000000000),
    CONSTRAINT ck_evidence_name_is_given_words CHECK (name <> ''),
    CONSTRAINT ck_evidence_kind_is_given_words CHECK (kind <> ''),
    CONSTRAINT ck_evidence_texts_are_printable CHECK ((recorded_by || command || name || kind) NOT GLOB '*[' || char(1, 45, 31) || char(127, 45, 159) || char(1564, 45, 1564) || char(8206, 45, 8207) || char(8232, 45, 8238) || char(8294, 45, 8297) || ']*' AND instr((recorded_by || command || name || kind), char(0)) = 0)
) STRICT;
CREATE INDEX ix_evidence_activity_id ON evidence (activity_id);
CREATE INDEX ix_evidence_sha256 ON evidence (sha256);

CREATE TABLE forgotten (
    forgetting_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    old_digest TEXT NOT NULL,
    new_digest TEXT NOT NULL,
    salt TEXT NOT NULL,
    CONSTRAINT pk_forgotten PRIMARY KEY (forgetting_id, kind, record_id),
    CONSTRAINT fk_forgotten_forgetting_id_forgetting FOREIGN KEY(forgetting_id) REFERENCES forgetting (id) DEFERRABLE,
    CONSTRAINT ck_forgotten_forgetting_id_is_id CHECK (length(forgetting_id) = 26 AND forgetting_id < '8' AND forgetting_id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_forgotten_kind_is_given_words CHECK (kind <> ''),
    CONSTRAINT ck_forgotten_record_id_is_record_key CHECK (length(record_id) = 26 AND record_id < '8' AND record_id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*' OR record_id <> '' AND record_id NOT GLOB '*[^0-9]*'),
    CONSTRAINT ck_forgotten_old_digest_is_digest CHECK (length(old_digest) = 64 AND old_digest NOT GLOB '*[^0-9a-f]*'),
    CONSTRAINT ck_forgotten_new_digest_is_digest CHECK (length(new_digest) = 64 AND new_digest NOT GLOB '*[^0-9a-f]*'),
    CONSTRAINT ck_forgotten_salt_is_salt_or_empty CHECK (salt = '' OR length(salt) = 32 AND salt NOT GLOB '*[^0-9a-f]*'),
    CONSTRAINT ck_forgotten_texts_are_printable CHECK (kind NOT GLOB '*[' || char(1, 45, 31) || char(127, 45, 159) || char(1564, 45, 1564) || char(8206, 45, 8207) || char(8232, 45, 8238) || char(8294, 45, 8297) || ']*' AND instr(kind, char(0)) = 0)
) STRICT;
CREATE INDEX ix_forgotten_kind_record_id ON forgotten (kind, record_id);

CREATE TABLE issued_brief (
    id TEXT NOT NULL,
    community TEXT NOT NULL,
    number INTEGER NOT NULL,
    month TEXT NOT NULL,
    part INTEGER NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    due TEXT NOT NULL,
    issued TEXT NOT NULL,
    submission TEXT,
    head TEXT NOT NULL,
    context TEXT NOT NULL,
    early TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    command TEXT NOT NULL,
    CONSTRAINT pk_issued_brief PRIMARY KEY (id),
    CONSTRAINT fk_issued_brief_submission_activity FOREIGN KEY(submission) REFERENCES activity (id) DEFERRABLE,
    CONSTRAINT ck_issued_brief_id_is_id CHECK (length(id) = 26 AND id < '8' AND id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_issued_brief_recorded_at_is_moment CHECK (substr(recorded_at, 1, 19) IS strftime('%Y-%m-%dT%H:%M:%S', substr(recorded_at, 1, 19), '+0 days') AND recorded_at > '0001' AND (substr(recorded_at, 20) = 'Z' OR substr(recorded_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]' OR substr(recorded_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]:[0-5][0-9]')),
    CONSTRAINT ck_issued_brief_community_is_given_words CHECK (community <> ''),
    CONSTRAINT ck_issued_brief_number_is_positive CHECK (number BETWEEN 1 AND 1000000000000000),
    CONSTRAINT ck_issued_brief_month_is_month CHECK (month || '-01' IS date(month || '-01', '+0 days') AND month >= '1900' AND month < '2200'),
    CONSTRAINT ck_issued_brief_part_is_positive CHECK (part BETWEEN 1 AND 1000000000000000),
    CONSTRAINT ck_issued_brief_first_day_is_day CHECK (first_day IS date(first_day, '+0 days') AND first_day >= '1900' AND first_day < '2200'),
    CONSTRAINT ck_issued_brief_last_day_is_day CHECK (last_day IS date(last_day, '+0 days') AND last_day >= '1900' AND last_day < '2200'),
    CONSTRAINT ck_issued_brief_due_is_day CHECK (due IS date(due, '+0 days') AND due >= '1900' AND due < '2200'),
    CONSTRAINT ck_issued_brief_issued_is_day CHECK (issued IS date(issued, '+0 days') AND issued >= '1900' AND issued < '2200'),
    CONSTRAINT ck_issued_brief_submission_is_id CHECK (length(submission) = 26 AND submission < '8' AND submission NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_issued_brief_head_is_digest_or_empty CHECK (head = '' OR length(head) = 64 AND head NOT GLOB '*[^0-9a-f]*'),
    CONSTRAINT ck_issued_brief_context_is_json CHECK (json_valid(context)),
    CONSTRAINT ck_issued_brief_texts_are_printable CHECK ((recorded_by || command || community || context || early) NOT GLOB '*[' || char(1, 45, 31) || char(127, 45, 159) || char(1564, 45, 1564) || char(8206, 45, 8207) || char(8232, 45, 8238) || char(8294, 45, 8297) || ']*' AND instr((recorded_by || command || community || context || early), char(0)) = 0)
) STRICT;
CREATE INDEX ix_issued_brief_community_month ON issued_brief (community, month);
CREATE INDEX ix_issued_brief_submission ON issued_brief (submission);

CREATE TABLE participant (
    activity_id TEXT NOT NULL,
    name TEXT NOT NULL,
    CONSTRAINT pk_participant PRIMARY KEY (activity_id, name),
    CONSTRAINT fk_participant_activity_id_activity FOREIGN KEY(activity_id) REFERENCES activity (id) DEFERRABLE,
    CONSTRAINT ck_participant_activity_id_is_id CHECK (length(activity_id) = 26 AND activity_id < '8' AND activity_id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_participant_name_is_given_words CHECK (name <> ''),
    CONSTRAINT ck_participant_texts_are_printable CHECK (name NOT GLOB '*[' || char(1, 45, 31) || char(127, 45, 159) || char(1564, 45, 1564) || char(8206, 45, 8207) || char(8232, 45, 8238) || char(8294, 45, 8297) || ']*' AND instr(name, char(0)) = 0)
) STRICT;
CREATE INDEX ix_participant_name ON participant (name, activity_id);

CREATE TABLE person_leave (
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    last_day TEXT,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    command TEXT NOT NULL,
    CONSTRAINT pk_person_leave PRIMARY KEY (id),
    CONSTRAINT fk_person_leave_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE,
    CONSTRAINT ck_person_leave_id_is_id CHECK (length(id) = 26 AND id < '8' AND id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_person_leave_recorded_at_is_moment CHECK (substr(recorded_at, 1, 19) IS strftime('%Y-%m-%dT%H:%M:%S', substr(recorded_at, 1, 19), '+0 days') AND recorded_at > '0001' AND (substr(recorded_at, 20) = 'Z' OR substr(recorded_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]' OR substr(recorded_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]:[0-5][0-9]')),
    CONSTRAINT ck_person_leave_person_id_is_id CHECK (length(person_id) = 26 AND person_id < '8' AND person_id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_person_leave_last_day_is_day CHECK (last_day IS date(last_day, '+0 days') AND last_day >= '1900' AND last_day < '2200'),
    CONSTRAINT ck_person_leave_texts_are_printable CHECK ((recorded_by || command) NOT GLOB '*[' || char(1, 45, 31) || char(127, 45, 159) || char(1564, 45, 1564) || char(8206, 45, 8207) || char(8232, 45, 8238) || char(8294, 45, 8297) || ']*' AND instr((recorded_by || command), char(0)) = 0)
) STRICT;
CREATE INDEX ix_person_leave_person_id ON person_leave (person_id);

CREATE TABLE person_void (
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    command TEXT NOT NULL,
    CONSTRAINT pk_person_void PRIMARY KEY (id),
    CONSTRAINT fk_person_void_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE,
    CONSTRAINT ck_person_void_id_is_id CHECK (length(id) = 26 AND id < '8' AND id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_person_void_recorded_at_is_moment CHECK (substr(recorded_at, 1, 19) IS strftime('%Y-%m-%dT%H:%M:%S', substr(recorded_at, 1, 19), '+0 days') AND recorded_at > '0001' AND (substr(recorded_at, 20) = 'Z' OR substr(recorded_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]' OR substr(recorded_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]:[0-5][0-9]')),
    CONSTRAINT ck_person_void_person_id_is_id CHECK (length(person_id) = 26 AND person_id < '8' AND person_id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_person_void_reason_is_given_words CHECK (reason <> ''),
    CONSTRAINT ck_person_void_texts_are_printable CHECK ((recorded_by || command || reason) NOT GLOB '*[' || char(1, 45, 31) || char(127, 45, 159) || char(1564, 45, 1564) || char(8206, 45, 8207) || char(8232, 45, 8238) || char(8294, 45, 8297) || ']*' AND instr((recorded_by || command || reason), char(0)) = 0)
) STRICT;
CREATE INDEX ix_person_void_person_id ON person_void (person_id);

CREATE TABLE resolution (
    id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    chosen TEXT NOT NULL,
    reason TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    command TEXT NOT NULL,
    CONSTRAINT pk_resolution PRIMARY KEY (id),
    CONSTRAINT fk_resolution_entry_id_activity FOREIGN KEY(entry_id) REFERENCES activity (id) DEFERRABLE,
    CONSTRAINT ck_resolution_id_is_id CHECK (length(id) = 26 AND id < '8' AND id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_resolution_recorded_at_is_moment CHECK (substr(recorded_at, 1, 19) IS strftime('%Y-%m-%dT%H:%M:%S', substr(recorded_at, 1, 19), '+0 days') AND recorded_at > '0001' AND (substr(recorded_at, 20) = 'Z' OR substr(recorded_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]' OR substr(recorded_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]:[0-5][0-9]')),
    CONSTRAINT ck_resolution_entry_id_is_id CHECK (length(entry_id) = 26 AND entry_id < '8' AND entry_id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_resolution_chosen_is_id CHECK (length(chosen) = 26 AND chosen < '8' AND chosen NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_resolution_reason_is_given_words CHECK (reason <> ''),
    CONSTRAINT ck_resolution_texts_are_printable CHECK ((recorded_by || command || reason) NOT GLOB '*[' || char(1, 45, 31) || char(127, 45, 159) || char(1564, 45, 1564) || char(8206, 45, 8207) || char(8232, 45, 8238) || char(8294, 45, 8297) || ']*' AND instr((recorded_by || command || reason), char(0)) = 0)
) STRICT;
CREATE INDEX ix_resolution_entry_id ON resolution (entry_id, id);

CREATE TABLE void (
    id TEXT NOT NULL,
    activity_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    command TEXT NOT NULL,
    CONSTRAINT pk_void PRIMARY KEY (id),
    CONSTRAINT fk_void_activity_id_activity FOREIGN KEY(activity_id) REFERENCES activity (id) DEFERRABLE,
    CONSTRAINT ck_void_id_is_id CHECK (length(id) = 26 AND id < '8' AND id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_void_recorded_at_is_moment CHECK (substr(recorded_at, 1, 19) IS strftime('%Y-%m-%dT%H:%M:%S', substr(recorded_at, 1, 19), '+0 days') AND recorded_at > '0001' AND (substr(recorded_at, 20) = 'Z' OR substr(recorded_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]' OR substr(recorded_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]:[0-5][0-9]')),
    CONSTRAINT ck_void_activity_id_is_id CHECK (length(activity_id) = 26 AND activity_id < '8' AND activity_id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_void_reason_is_given_words CHECK (reason <> ''),
    CONSTRAINT ck_void_texts_are_printable CHECK ((recorded_by || command || reason) NOT GLOB '*[' || char(1, 45, 31) || char(127, 45, 159) || char(1564, 45, 1564) || char(8206, 45, 8207) || char(8232, 45, 8238) || char(8294, 45, 8297) || ']*' AND instr((recorded_by || command || reason), char(0)) = 0)
) STRICT;
CREATE INDEX ix_void_activity_id ON void (activity_id, id);

CREATE TABLE brief_withdrawal (
    id TEXT NOT NULL,
    brief_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    command TEXT NOT NULL,
    CONSTRAINT pk_brief_withdrawal PRIMARY KEY (id),
    CONSTRAINT fk_brief_withdrawal_brief_id_issued_brief FOREIGN KEY(brief_id) REFERENCES issued_brief (id) DEFERRABLE,
    CONSTRAINT ck_brief_withdrawal_id_is_id CHECK (length(id) = 26 AND id < '8' AND id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_brief_withdrawal_recorded_at_is_moment CHECK (substr(recorded_at, 1, 19) IS strftime('%Y-%m-%dT%H:%M:%S', substr(recorded_at, 1, 19), '+0 days') AND recorded_at > '0001' AND (substr(recorded_at, 20) = 'Z' OR substr(recorded_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]' OR substr(recorded_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]:[0-5][0-9]')),
    CONSTRAINT ck_brief_withdrawal_brief_id_is_id CHECK (length(brief_id) = 26 AND brief_id < '8' AND brief_id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_brief_withdrawal_reason_is_given_words CHECK (reason <> ''),
    CONSTRAINT ck_brief_withdrawal_texts_are_printable CHECK ((recorded_by || command || reason) NOT GLOB '*[' || char(1, 45, 31) || char(127, 45, 159) || char(1564, 45, 1564) || char(8206, 45, 8207) || char(8232, 45, 8238) || char(8294, 45, 8297) || ']*' AND instr((recorded_by || command || reason), char(0)) = 0)
) STRICT;
CREATE INDEX ix_brief_withdrawal_brief_id ON brief_withdrawal (brief_id);

CREATE TABLE evidence_void (
    id TEXT NOT NULL,
    evidence_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    command TEXT NOT NULL,
    CONSTRAINT pk_evidence_void PRIMARY KEY (id),
    CONSTRAINT fk_evidence_void_evidence_id_evidence FOREIGN KEY(evidence_id) REFERENCES evidence (id) DEFERRABLE,
    CONSTRAINT ck_evidence_void_id_is_id CHECK (length(id) = 26 AND id < '8' AND id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_evidence_void_recorded_at_is_moment CHECK (substr(recorded_at, 1, 19) IS strftime('%Y-%m-%dT%H:%M:%S', substr(recorded_at, 1, 19), '+0 days') AND recorded_at > '0001' AND (substr(recorded_at, 20) = 'Z' OR substr(recorded_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]' OR substr(recorded_at, 20) GLOB '[-+][0-2][0-9]:[0-5][0-9]:[0-5][0-9]')),
    CONSTRAINT ck_evidence_void_evidence_id_is_id CHECK (length(evidence_id) = 26 AND evidence_id < '8' AND evidence_id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_evidence_void_reason_is_given_words CHECK (reason <> ''),
    CONSTRAINT ck_evidence_void_texts_are_printable CHECK ((recorded_by || command || reason) NOT GLOB '*[' || char(1, 45, 31) || char(127, 45, 159) || char(1564, 45, 1564) || char(8206, 45, 8207) || char(8232, 45, 8238) || char(8294, 45, 8297) || ']*' AND instr((recorded_by || command || reason), char(0)) = 0)
) STRICT;
CREATE INDEX ix_evidence_void_evidence_id ON evidence_void (evidence_id);

CREATE TABLE issued_entry (
    entry_id TEXT NOT NULL,
    brief_id TEXT NOT NULL,
    CONSTRAINT pk_issued_entry PRIMARY KEY (entry_id, brief_id),
    CONSTRAINT fk_issued_entry_brief_id_issued_brief FOREIGN KEY(brief_id) REFERENCES issued_brief (id) DEFERRABLE,
    CONSTRAINT ck_issued_entry_entry_id_is_id CHECK (length(entry_id) = 26 AND entry_id < '8' AND entry_id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_issued_entry_brief_id_is_id CHECK (length(brief_id) = 26 AND brief_id < '8' AND brief_id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*')
) STRICT;
CREATE INDEX ix_issued_entry_brief_id ON issued_entry (brief_id);

CREATE TABLE issued_figure (
    brief_id TEXT NOT NULL,
    item TEXT NOT NULL,
    kind TEXT NOT NULL,
    unit TEXT NOT NULL,
    per TEXT NOT NULL,
    gain INTEGER NOT NULL,
    total INTEGER NOT NULL,
    CONSTRAINT pk_issued_figure PRIMARY KEY (brief_id, item, kind, unit, per),
    CONSTRAINT fk_issued_figure_brief_id_issued_brief FOREIGN KEY(brief_id) REFERENCES issued_brief (id) DEFERRABLE,
    CONSTRAINT ck_issued_figure_brief_id_is_id CHECK (length(brief_id) = 26 AND brief_id < '8' AND brief_id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_issued_figure_item_is_given_words CHECK (item <> ''),
    CONSTRAINT ck_issued_figure_gain_is_total CHECK (gain BETWEEN -100000000000000000 AND 100000000000000000),
    CONSTRAINT ck_issued_figure_total_is_total CHECK (total BETWEEN -100000000000000000 AND 100000000000000000),
    CONSTRAINT ck_issued_figure_texts_are_printable CHECK ((item || kind || unit || per) NOT GLOB '*[' || char(1, 45, 31) || char(127, 45, 159) || char(1564, 45, 1564) || char(8206, 45, 8207) || char(8232, 45, 8238) || char(8294, 45, 8297) || ']*' AND instr((item || kind || unit || per), char(0)) = 0)
) STRICT;

CREATE TABLE issued_file (
    brief_id TEXT NOT NULL,
    format TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    CONSTRAINT pk_issued_file PRIMARY KEY (brief_id, format),
    CONSTRAINT fk_issued_file_brief_id_issued_brief FOREIGN KEY(brief_id) REFERENCES issued_brief (id) DEFERRABLE,
    CONSTRAINT ck_issued_file_brief_id_is_id CHECK (length(brief_id) = 26 AND brief_id < '8' AND brief_id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_issued_file_format_is_given_words CHECK (format <> ''),
    CONSTRAINT ck_issued_file_sha256_is_digest CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
    CONSTRAINT ck_issued_file_size_is_positive CHECK (size BETWEEN 1 AND 1000000000000000),
    CONSTRAINT ck_issued_file_texts_are_printable CHECK (format NOT GLOB '*[' || char(1, 45, 31) || char(127, 45, 159) || char(1564, 45, 1564) || char(8206, 45, 8207) || char(8232, 45, 8238) || char(8294, 45, 8297) || ']*' AND instr(format, char(0)) = 0)
) STRICT;

CREATE TABLE resolved (
    resolution_id TEXT NOT NULL,
    decision_id TEXT NOT NULL,
    CONSTRAINT pk_resolved PRIMARY KEY (resolution_id, decision_id),
    CONSTRAINT fk_resolved_resolution_id_resolution FOREIGN KEY(resolution_id) REFERENCES resolution (id) DEFERRABLE,
    CONSTRAINT ck_resolved_resolution_id_is_id CHECK (length(resolution_id) = 26 AND resolution_id < '8' AND resolution_id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    CONSTRAINT ck_resolved_decision_id_is_id CHECK (length(decision_id) = 26 AND decision_id < '8' AND decision_id NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*')
) STRICT;
