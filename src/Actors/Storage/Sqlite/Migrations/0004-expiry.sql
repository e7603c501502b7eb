-- What is old, found without reading anything else, whatever the clock did: message rows fill a page each, and after a
-- jump of the clock they do not lie in the order of their times. Times grow, so entries are added at the end of the index.
CREATE INDEX messages_timestamp ON messages (timestamp, message_no, recipient_id, is_quota_marker) WHERE is_quota_marker = 0;
CREATE INDEX notifications_timestamp ON notifications (timestamp);
