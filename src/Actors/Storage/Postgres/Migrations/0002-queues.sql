-- The same tables as in the embedded store. Ids and secrets are raw bytes, keys DER SubjectPublicKeyInfo, times seconds
-- since 1970-01-01, days the same in whole days. There are no foreign keys: whoever owns a queue's shard keeps its rows together.

-- Queues (S-372). Most updates change no indexed column: free space in each page keeps them from writing the indexes.
CREATE TABLE queues (
    recipient_id        bytea PRIMARY KEY,
    sender_id           bytea NOT NULL,
    recipient_keys      bytea NOT NULL,    -- a count byte, then each key after a length byte
    dh_secret           bytea NOT NULL,
    sender_key          bytea,             -- null: not secured
    queue_mode          text,              -- M, C, or null for clients below v9
    link_id             bytea,
    link_fixed_hash     bytea,             -- SHA-256 of links.fixed_data
    notifier_id         bytea,
    notifier_key        bytea,
    notifier_dh_secret  bytea,
    notifier_service_id bytea,
    status              text NOT NULL,     -- active | off | blocked,reason=...
    updated_day         integer NOT NULL,
    service_id          bytea,
    keys_version        bigint NOT NULL
) WITH (fillfactor = 85);

CREATE UNIQUE INDEX queues_sender_id ON queues (sender_id);
CREATE UNIQUE INDEX queues_notifier_id ON queues (notifier_id) WHERE notifier_id IS NOT NULL;

-- Queues of a service in pages.
CREATE INDEX queues_service_id ON queues (service_id, recipient_id) WHERE service_id IS NOT NULL;
CREATE INDEX queues_notifier_service_id ON queues (notifier_service_id, notifier_id) WHERE notifier_service_id IS NOT NULL;

-- Short link blobs (S-301): ciphertext, which compression only makes dearer.
CREATE TABLE links (
    link_id      bytea PRIMARY KEY,
    recipient_id bytea NOT NULL,
    fixed_data   bytea NOT NULL,
    user_data    bytea NOT NULL
);

ALTER TABLE links ALTER fixed_data SET STORAGE EXTERNAL, ALTER user_data SET STORAGE EXTERNAL;

-- Messages (S-383). Rows come and go all the time: what they leave is cleared early and without pauses.
CREATE SEQUENCE message_numbers;

CREATE TABLE messages (
    message_no      bigint NOT NULL DEFAULT nextval('message_numbers'),  -- in the order of arrival
    recipient_id    bytea NOT NULL,
    sequence        bigint NOT NULL,       -- order within the queue
    message_id      bytea NOT NULL,
    timestamp       bigint NOT NULL,
    notify          boolean NOT NULL,
    is_quota_marker boolean NOT NULL,
    checksum        bigint NOT NULL,       -- CRC-32C of the other columns
    body            bytea NOT NULL,
    PRIMARY KEY (recipient_id, sequence)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000, autovacuum_analyze_scale_factor = 0.05,
        autovacuum_vacuum_cost_delay = 0, toast.autovacuum_vacuum_scale_factor = 0.02, toast.autovacuum_vacuum_threshold = 1000,
        toast.autovacuum_vacuum_cost_delay = 0);

ALTER TABLE messages ALTER body SET STORAGE EXTERNAL;
ALTER SEQUENCE message_numbers OWNED BY messages.message_no;

-- What is old, found without reading anything else.
CREATE INDEX messages_timestamp ON messages (timestamp, message_no) INCLUDE (recipient_id) WHERE NOT is_quota_marker;

-- Bytes of the stored messages, counted by each node on a row of its own: their sum is what is stored, whatever the size
-- of the files says.
CREATE TABLE message_bytes (
    node  text PRIMARY KEY,
    bytes bigint NOT NULL
) WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

-- Notifications that wait for their notifier, oldest first (S-296).
CREATE TABLE notifications (
    notification_no bigint GENERATED ALWAYS AS IDENTITY,
    notifier_id     bytea NOT NULL,
    message_id      bytea NOT NULL,
    timestamp       bigint NOT NULL,
    nonce           bytea NOT NULL,
    encrypted_meta  bytea NOT NULL,
    PRIMARY KEY (notifier_id, notification_no)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000, autovacuum_analyze_scale_factor = 0.05,
        autovacuum_vacuum_cost_delay = 0);

CREATE INDEX notifications_timestamp ON notifications (timestamp);

-- Messages whose checksum was wrong: kept for the operator, never delivered.
CREATE TABLE quarantine (
    quarantine_no   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    found_at        bigint NOT NULL,
    recipient_id    bytea NOT NULL,
    sequence        bigint NOT NULL,
    message_id      bytea NOT NULL,
    timestamp       bigint NOT NULL,
    notify          boolean NOT NULL,
    is_quota_marker boolean NOT NULL,
    checksum        bigint NOT NULL,
    body            bytea NOT NULL
);

ALTER TABLE quarantine ALTER body SET STORAGE EXTERNAL;

-- Client services (S-373). The counters change with the queues, in the same transactions (S-323).
CREATE TABLE services (
    service_id     bytea PRIMARY KEY,
    role           text NOT NULL,        -- M | N | P
    certificates   bytea NOT NULL,       -- a count byte, then each DER certificate after two length bytes
    fingerprint    bytea NOT NULL,       -- SHA-256 of the identity certificate
    created_day    integer NOT NULL,
    last_used_day  integer NOT NULL,     -- day of the last handshake
    queue_count    bigint NOT NULL,
    queue_ids_hash bytea NOT NULL        -- 16 bytes: XOR of MD5 of the recipient or notifier ids
) WITH (fillfactor = 50);

CREATE UNIQUE INDEX services_fingerprint ON services (fingerprint);

-- Statistics (S-402 to S-408), of each node its own. Names that are not there stand for zero.
CREATE TABLE statistics (
    node            text NOT NULL,
    name            text NOT NULL,
    total           bigint NOT NULL,      -- since counting began; only grows
    at_period_start bigint NOT NULL,      -- the total when the running period began
    PRIMARY KEY (node, name)
) WITH (fillfactor = 50);

CREATE TABLE statistics_state (
    node         text PRIMARY KEY,
    hash_key     bytea NOT NULL,          -- key of the hashes in active_queues
    since        bigint NOT NULL,         -- when counting began
    period_began bigint NOT NULL
) WITH (fillfactor = 50);

-- Ended days: what they counted, and how much was stored at their end.
CREATE TABLE statistics_periods (
    node  text NOT NULL,
    began bigint NOT NULL,
    ended bigint NOT NULL,
    name  text NOT NULL,
    value bigint NOT NULL,
    PRIMARY KEY (node, began, name)
);

-- Distinct queues that were used, in the order in which this was noted. An entry is 8 bytes: 58 bits of a keyed hash of the
-- recipient id, and a bit each for day, week, month and the same with notification.
CREATE TABLE active_queues (
    node    text NOT NULL,
    row_no  bigint GENERATED ALWAYS AS IDENTITY,
    stripe  integer NOT NULL,
    day     integer NOT NULL,             -- the entries' day
    entries bytea NOT NULL,
    PRIMARY KEY (node, row_no)
);

-- Ends a transaction with a reason of ours.
CREATE FUNCTION refuse(code text, reason text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', reason USING ERRCODE = code;
END $$;

-- Locks the rows of shards until the transaction ends and compares their claims; always in the order of their numbers, so
-- that writers and claimers cannot wait for one another in a circle.
CREATE FUNCTION check_claims(wanted_shards integer[], wanted_ranges bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    held integer;
BEGIN
    SELECT count(*) INTO held
    FROM (SELECT shard_no, range_id FROM shards WHERE shard_no = ANY (wanted_shards) ORDER BY shard_no FOR SHARE) AS locked
    JOIN unnest(wanted_shards, wanted_ranges) AS wanted (shard_no, range_id) USING (shard_no, range_id);
    IF held <> cardinality(wanted_shards) THEN
        PERFORM refuse('SX001', 'a shard was claimed by another node');
    END IF;
END $$;

-- Two strings of 16 bytes, bit by bit.
CREATE FUNCTION xor16(a bytea, b bytea) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT int8send(('x' || encode(substr(a, 1, 8), 'hex'))::bit(64)::bigint # ('x' || encode(substr(b, 1, 8), 'hex'))::bit(64)::bigint)
        || int8send(('x' || encode(substr(a, 9, 8), 'hex'))::bit(64)::bigint # ('x' || encode(substr(b, 9, 8), 'hex'))::bit(64)::bigint)
$$;

-- What a stored message counts: its body, and what its row and its places in two indexes take.
CREATE FUNCTION message_size(body bytea) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT octet_length(body) + 256::bigint
$$;

-- Deletes queues with their messages, link blobs and waiting notifications.
CREATE FUNCTION delete_queues(recipients bytea[], counting_node text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM notifications n USING queues q WHERE q.recipient_id = ANY (recipients) AND n.notifier_id = q.notifier_id;
    DELETE FROM links l USING queues q WHERE q.recipient_id = ANY (recipients) AND l.link_id = q.link_id AND l.recipient_id = q.recipient_id;
    WITH gone AS (DELETE FROM messages WHERE recipient_id = ANY (recipients) RETURNING message_size(body) AS size)
    UPDATE message_bytes SET bytes = bytes - (SELECT coalesce(sum(size), 0) FROM gone) WHERE node = counting_node;
    DELETE FROM queues WHERE recipient_id = ANY (recipients);
END $$;
