-- Why: refresh tokens rotate. generation says which token is the current one; rotated_at and
-- rotated_by let the one before it be asked again for its successor, by a retry and by nobody else.

-- migrate:up
ALTER TABLE sessions
    ADD COLUMN previous_version bigint NOT NULL DEFAULT 0,
    ADD COLUMN rotated_at       timestamptz,
    ADD COLUMN rotated_by       bytea,
    ADD COLUMN revoked_reason   text NOT NULL DEFAULT '',
    ADD CONSTRAINT sessions_rotated_by_length
        CHECK (octet_length(rotated_by) BETWEEN 16 AND 64 AND octet_length(rotated_by) % 16 = 0),
    ADD CONSTRAINT sessions_revoked_reason_known
        CHECK (revoked_reason IN ('', 'logout', 'user', 'reuse', 'admin', 'key'));
ALTER TABLE users
    ADD COLUMN previous_version bigint NOT NULL DEFAULT 0;

COMMENT ON COLUMN sessions.previous_version IS 'The version that the last write replaced: tells how an unanswered COMMIT ended.';
COMMENT ON COLUMN sessions.rotated_at IS 'When the current generation came; NULL: at the sign-in. Also when the session was last seen.';
COMMENT ON COLUMN sessions.rotated_by IS 'request_ids of the calls that made the current generation and those before it, 16 bytes each, zero where none was sent: a late duplicate of such a call is no theft.';
COMMENT ON COLUMN sessions.revoked_reason IS 'logout: its own token. user: another session of the account. reuse: an old token came back. admin. key: its refresh key was destroyed.';
COMMENT ON COLUMN users.previous_version IS 'The version that the last write replaced.';

-- migrate:down
ALTER TABLE users DROP COLUMN previous_version;
ALTER TABLE sessions
    DROP CONSTRAINT sessions_revoked_reason_known,
    DROP CONSTRAINT sessions_rotated_by_length,
    DROP COLUMN revoked_reason,
    DROP COLUMN rotated_by,
    DROP COLUMN rotated_at,
    DROP COLUMN previous_version;
