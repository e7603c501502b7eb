-- Statistics (S-402 to S-408): what was counted, by name. Names that are not there stand for zero.
CREATE TABLE statistics (
    name            TEXT NOT NULL PRIMARY KEY,
    total           INTEGER NOT NULL,       -- since counting began; only grows
    at_period_start INTEGER NOT NULL        -- the total when the running period began
) STRICT, WITHOUT ROWID;

-- One row.
CREATE TABLE statistics_state (
    only_row     INTEGER PRIMARY KEY CHECK (only_row = 1),
    hash_key     BLOB NOT NULL,             -- key of the hashes in active_queues
    since        INTEGER NOT NULL,          -- when counting began, seconds since 1970-01-01
    period_began INTEGER NOT NULL
) STRICT;

-- Ended days: what they counted, and how much was stored at their end.
CREATE TABLE statistics_periods (
    began INTEGER NOT NULL,                 -- seconds since 1970-01-01
    ended INTEGER NOT NULL,
    name  TEXT NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (began, name)
) STRICT, WITHOUT ROWID;

-- Distinct queues that were used, in the order in which this was noted. An entry is 8 bytes: 58 bits of a keyed hash
-- of the recipient id, and a bit each for day, week, month and the same with notification.
CREATE TABLE active_queues (
    row_no  INTEGER PRIMARY KEY,
    stripe  INTEGER NOT NULL,
    day     INTEGER NOT NULL,               -- the entries' day, in days since 1970-01-01
    entries BLOB NOT NULL
) STRICT;
