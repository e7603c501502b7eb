-- One row while and after an embedded store was copied into this database. Half a copy must not be served: nodes do not start on it.
CREATE TABLE store_copy (
    only_row integer PRIMARY KEY DEFAULT 1 CHECK (only_row = 1),
    state    text NOT NULL CHECK (state IN ('copying', 'complete')),
    began_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at timestamptz
);
