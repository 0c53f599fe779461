-- What each month of a community adds up to, kept up to date in the transaction that changes it, so
-- that reading takes no longer when there are more entries. Everything here can be computed anew
-- from the entries; `sgtrack verify` does, and compares.

CREATE INDEX ix_also_item ON also (item);

CREATE TABLE amount_by_month (
    community TEXT NOT NULL,
    month TEXT NOT NULL,
    items TEXT NOT NULL,
    unit TEXT NOT NULL,
    for_month TEXT NOT NULL,
    evidence TEXT NOT NULL,
    hundredths INTEGER NOT NULL,
    names INTEGER NOT NULL,
    CONSTRAINT pk_amount_by_month
        PRIMARY KEY (community, month, items, unit, for_month, evidence)
);

-- When in a month something of a type was done first; the type is empty where there is none.
CREATE TABLE kind_by_month (
    community TEXT NOT NULL,
    month TEXT NOT NULL,
    items TEXT NOT NULL,
    kind TEXT NOT NULL,
    evidence TEXT NOT NULL,
    first_day TEXT NOT NULL,
    activities INTEGER NOT NULL,
    CONSTRAINT pk_kind_by_month PRIMARY KEY (community, month, items, kind, evidence)
);

INSERT INTO amount_by_month
SELECT community, substr(day, 1, 7), items, unit, for_month, evidence, sum(hundredths), sum(names)
FROM amount_by_day GROUP BY 1, 2, 3, 4, 5, 6;

INSERT INTO kind_by_month
SELECT community, substr(day, 1, 7), items, kind, evidence, min(day), count(*)
FROM current_activity GROUP BY 1, 2, 3, 4, 5;
