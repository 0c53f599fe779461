-- Issued briefs: frozen figures, the entries they reported, and the files as they were rendered.

CREATE TABLE issued_brief (
    id TEXT NOT NULL,
    community TEXT NOT NULL,
    number INTEGER NOT NULL,
    month TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    due TEXT NOT NULL,
    issued TEXT NOT NULL,
    submission TEXT,
    head TEXT NOT NULL,
    context TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    command TEXT NOT NULL,
    CONSTRAINT pk_issued_brief PRIMARY KEY (id),
    CONSTRAINT ck_issued_brief_id_is_ulid CHECK (length(id) = 26),
    CONSTRAINT ck_issued_brief_community_given CHECK (length(community) > 0),
    CONSTRAINT ck_issued_brief_number_positive CHECK (number > 0),
    CONSTRAINT ck_issued_brief_month_is_iso CHECK (month LIKE '____-__'),
    CONSTRAINT ck_issued_brief_days_are_iso CHECK (
        first_day LIKE '____-__-__' AND last_day LIKE '____-__-__' AND due LIKE '____-__-__'
        AND issued LIKE '____-__-__'
    ),
    CONSTRAINT fk_issued_brief_submission_activity FOREIGN KEY (submission) REFERENCES activity (id)
);
CREATE UNIQUE INDEX ix_issued_brief_community_month ON issued_brief (community, month);
CREATE INDEX ix_issued_brief_submission ON issued_brief (submission);

-- What a brief reported of an indicator, in hundredths of its unit: the month's gain and the total.
CREATE TABLE issued_figure (
    brief_id TEXT NOT NULL,
    item TEXT NOT NULL,
    kind TEXT NOT NULL,
    unit TEXT NOT NULL,
    per TEXT NOT NULL,
    gain INTEGER NOT NULL,
    total INTEGER NOT NULL,
    CONSTRAINT pk_issued_figure PRIMARY KEY (brief_id, item, kind, unit, per),
    CONSTRAINT fk_issued_figure_brief_id_issued_brief
        FOREIGN KEY (brief_id) REFERENCES issued_brief (id)
);

-- The entries, corrections and voids that a brief has told of; what is not here has yet to be told.
CREATE TABLE issued_entry (
    entry_id TEXT NOT NULL,
    brief_id TEXT NOT NULL,
    CONSTRAINT pk_issued_entry PRIMARY KEY (entry_id),
    CONSTRAINT fk_issued_entry_brief_id_issued_brief
        FOREIGN KEY (brief_id) REFERENCES issued_brief (id)
);
CREATE INDEX ix_issued_entry_brief_id ON issued_entry (brief_id);

CREATE TABLE issued_file (
    brief_id TEXT NOT NULL,
    format TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    CONSTRAINT pk_issued_file PRIMARY KEY (brief_id, format),
    CONSTRAINT ck_issued_file_sha256_is_hex CHECK (length(sha256) = 64),
    CONSTRAINT fk_issued_file_brief_id_issued_brief
        FOREIGN KEY (brief_id) REFERENCES issued_brief (id)
);

CREATE TRIGGER issued_brief_is_not_updated BEFORE UPDATE ON issued_brief
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER issued_brief_is_not_deleted BEFORE DELETE ON issued_brief
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER issued_brief_is_not_replaced BEFORE INSERT ON issued_brief
WHEN EXISTS (SELECT 1 FROM issued_brief WHERE id = NEW.id
             OR (community = NEW.community AND month = NEW.month))
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER issued_figure_is_not_updated BEFORE UPDATE ON issued_figure
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER issued_figure_is_not_deleted BEFORE DELETE ON issued_figure
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER issued_figure_is_not_replaced BEFORE INSERT ON issued_figure
WHEN EXISTS (SELECT 1 FROM issued_figure WHERE brief_id = NEW.brief_id AND item = NEW.item
             AND kind = NEW.kind AND unit = NEW.unit AND per = NEW.per)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER issued_entry_is_not_updated BEFORE UPDATE ON issued_entry
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER issued_entry_is_not_deleted BEFORE DELETE ON issued_entry
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER issued_entry_is_not_replaced BEFORE INSERT ON issued_entry
WHEN EXISTS (SELECT 1 FROM issued_entry WHERE entry_id = NEW.entry_id)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;

CREATE TRIGGER issued_file_is_not_updated BEFORE UPDATE ON issued_file
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER issued_file_is_not_deleted BEFORE DELETE ON issued_file
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
CREATE TRIGGER issued_file_is_not_replaced BEFORE INSERT ON issued_file
WHEN EXISTS (SELECT 1 FROM issued_file WHERE brief_id = NEW.brief_id AND format = NEW.format)
BEGIN SELECT RAISE(ABORT, 'entries are only ever added'); END;
