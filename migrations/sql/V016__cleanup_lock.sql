-- Why: FOR UPDATE SKIP LOCKED asks for the right to update some column, and those that cleanup had it on
-- are read by the rules: when a code or a request was made, which version a row had before. A column
-- that is always null and read by nobody costs no byte and gives no power.

-- migrate:up
ALTER TABLE signup_otps ADD COLUMN cleanup_lock boolean;
ALTER TABLE otp_sessions ADD COLUMN cleanup_lock boolean;
ALTER TABLE requests ADD COLUMN cleanup_lock boolean;
ALTER TABLE outbox ADD COLUMN cleanup_lock boolean;
ALTER TABLE subjects ADD COLUMN cleanup_lock boolean;
ALTER TABLE sessions ADD COLUMN cleanup_lock boolean;
ALTER TABLE limits ADD COLUMN cleanup_lock boolean;

COMMENT ON COLUMN signup_otps.cleanup_lock IS 'Null and read by nobody: cleanup may update it, so that it may lock the row.';
COMMENT ON COLUMN otp_sessions.cleanup_lock IS 'Null and read by nobody: cleanup may update it, so that it may lock the row.';
COMMENT ON COLUMN requests.cleanup_lock IS 'Null and read by nobody: cleanup may update it, so that it may lock the row.';
COMMENT ON COLUMN outbox.cleanup_lock IS 'Null and read by nobody: cleanup may update it, so that it may lock the row.';
COMMENT ON COLUMN subjects.cleanup_lock IS 'Null and read by nobody: cleanup may update it, so that it may lock the row.';
COMMENT ON COLUMN sessions.cleanup_lock IS 'Null and read by nobody: cleanup may update it, so that it may lock the row.';
COMMENT ON COLUMN limits.cleanup_lock IS 'Null and read by nobody: cleanup may update it, so that it may lock the row.';

GRANT UPDATE (cleanup_lock) ON signup_otps, otp_sessions, requests, outbox, subjects, sessions, limits
    TO otpgate_cleanup;
REVOKE UPDATE (created_at) ON signup_otps, otp_sessions, requests FROM otpgate_cleanup;
REVOKE UPDATE (reason) ON outbox FROM otpgate_cleanup;
REVOKE UPDATE (previous_version) ON subjects, sessions, limits FROM otpgate_cleanup;

-- migrate:down
GRANT UPDATE (created_at) ON signup_otps, otp_sessions, requests TO otpgate_cleanup;
GRANT UPDATE (reason) ON outbox TO otpgate_cleanup;
GRANT UPDATE (previous_version) ON subjects, sessions, limits TO otpgate_cleanup;
ALTER TABLE limits DROP COLUMN cleanup_lock;
ALTER TABLE sessions DROP COLUMN cleanup_lock;
ALTER TABLE subjects DROP COLUMN cleanup_lock;
ALTER TABLE outbox DROP COLUMN cleanup_lock;
ALTER TABLE requests DROP COLUMN cleanup_lock;
ALTER TABLE otp_sessions DROP COLUMN cleanup_lock;
ALTER TABLE signup_otps DROP COLUMN cleanup_lock;
