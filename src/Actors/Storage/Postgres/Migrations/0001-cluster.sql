-- Processes of the cluster, one row each; a number is never used twice. All times are this database's.
CREATE TABLE nodes (
    node_no      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text NOT NULL,            -- of the machine or pod; the same after a restart
    link_host    text NOT NULL,            -- where other nodes reach this one
    link_port    integer NOT NULL,
    release      text NOT NULL,
    state        text NOT NULL CHECK (state IN ('live', 'leaving', 'gone')),
    started_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    heartbeat_at timestamptz NOT NULL DEFAULT clock_timestamp(), -- to look at
    heartbeats   bigint NOT NULL DEFAULT 1  -- grows with every heartbeat: whoever watches it on its own clock knows who is silent
);

-- Two processes with one name would take each other's shards for ever.
CREATE UNIQUE INDEX nodes_name ON nodes (name) WHERE state <> 'gone';

-- Who owns which shard. Every transaction that writes to entities of a shard locks its row and compares range_id,
-- which every claim raises: an owner that lost the shard cannot write any more, whatever it believes.
CREATE TABLE shards (
    shard_no integer PRIMARY KEY,
    owner    bigint REFERENCES nodes (node_no),  -- null: nobody
    range_id bigint NOT NULL DEFAULT 0
);

-- One row: what all nodes must agree on.
CREATE TABLE cluster (
    only_row     integer PRIMARY KEY DEFAULT 1 CHECK (only_row = 1),
    shard_count  integer NOT NULL,
    view_version bigint NOT NULL DEFAULT 1,      -- raised by compare-and-set when the set of live nodes changes
    fingerprint  bytea                           -- of the router identity that all nodes present
);
