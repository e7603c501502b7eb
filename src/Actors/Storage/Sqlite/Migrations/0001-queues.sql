-- Queues (S-372). Keys are DER SubjectPublicKeyInfo; ids and secrets are raw bytes.
CREATE TABLE queues (
    recipient_id        BLOB NOT NULL PRIMARY KEY,
    sender_id           BLOB NOT NULL,
    recipient_keys      BLOB NOT NULL,     -- a count byte, then each key after a length byte
    dh_secret           BLOB NOT NULL,
    sender_key          BLOB,              -- null: not secured
    queue_mode          TEXT,              -- M, C, or null for clients below v9
    link_id             BLOB,
    link_fixed_hash     BLOB,              -- SHA-256 of links.fixed_data
    notifier_id         BLOB,
    notifier_key        BLOB,
    notifier_dh_secret  BLOB,
    notifier_service_id BLOB,
    status              TEXT NOT NULL,     -- active | off | blocked,reason=...
    updated_day         INTEGER NOT NULL,  -- days since 1970-01-01
    service_id          BLOB,
    keys_version        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX queues_sender_id ON queues (sender_id);
CREATE UNIQUE INDEX queues_notifier_id ON queues (notifier_id) WHERE notifier_id IS NOT NULL;

-- Short link blobs (S-301).
CREATE TABLE links (
    link_no      INTEGER PRIMARY KEY,
    link_id      BLOB NOT NULL,
    recipient_id BLOB NOT NULL,
    fixed_data   BLOB NOT NULL,
    user_data    BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX links_link_id ON links (link_id);

-- Messages in the order of their arrival (S-383). A rowid table: the newest rows share pages whatever
-- their queues, and the oldest come first when expired ones are looked for.
CREATE TABLE messages (
    message_no      INTEGER PRIMARY KEY,
    recipient_id    BLOB NOT NULL,
    sequence        INTEGER NOT NULL,      -- order within the queue
    message_id      BLOB NOT NULL,
    timestamp       INTEGER NOT NULL,      -- seconds since 1970-01-01
    notify          INTEGER NOT NULL,
    is_quota_marker INTEGER NOT NULL,
    checksum        INTEGER NOT NULL,      -- CRC-32C of the other columns
    body            BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX messages_recipient ON messages (recipient_id, sequence);

-- Notifications that wait for their notifier, oldest first (S-296).
CREATE TABLE notifications (
    notification_no INTEGER PRIMARY KEY,
    notifier_id     BLOB NOT NULL,
    message_id      BLOB NOT NULL,
    timestamp       INTEGER NOT NULL,
    nonce           BLOB NOT NULL,
    encrypted_meta  BLOB NOT NULL
) STRICT;

CREATE INDEX notifications_notifier_id ON notifications (notifier_id);

-- Messages whose checksum was wrong: kept for the operator, never delivered.
CREATE TABLE quarantine (
    quarantine_no   INTEGER PRIMARY KEY,
    found_at        INTEGER NOT NULL,
    recipient_id    BLOB NOT NULL,
    sequence        INTEGER NOT NULL,
    message_id      BLOB NOT NULL,
    timestamp       INTEGER NOT NULL,
    notify          INTEGER NOT NULL,
    is_quota_marker INTEGER NOT NULL,
    checksum        INTEGER NOT NULL,
    body            BLOB NOT NULL
) STRICT;
