-- Client services (S-373). The counters change with the queues, in the same transactions (S-323).
CREATE TABLE services (
    service_id     BLOB NOT NULL PRIMARY KEY,
    role           TEXT NOT NULL,        -- M | N | P
    certificates   BLOB NOT NULL,        -- a count byte, then each DER certificate after two length bytes
    fingerprint    BLOB NOT NULL,        -- SHA-256 of the identity certificate
    created_day    INTEGER NOT NULL,     -- days since 1970-01-01
    last_used_day  INTEGER NOT NULL,     -- day of the last handshake
    queue_count    INTEGER NOT NULL,
    queue_ids_hash BLOB NOT NULL         -- 16 bytes: XOR of MD5 of the recipient or notifier ids
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX services_fingerprint ON services (fingerprint);

-- Queues of a service in pages.
CREATE INDEX queues_service_id ON queues (service_id, recipient_id) WHERE service_id IS NOT NULL;
CREATE INDEX queues_notifier_service_id ON queues (notifier_service_id, notifier_id) WHERE notifier_service_id IS NOT NULL;
