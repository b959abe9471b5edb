-- Why: a code of the purpose verification proves to a calling service that somebody holds an identifier.
-- It belongs to no account, so it is a row of otp_sessions without a user_id.
-- Servers of the release before cannot read such a row: callers ask for the purpose once all servers know it.

-- migrate:up
ALTER TABLE otp_sessions
    DROP CONSTRAINT otp_sessions_purpose_known,
    ADD CONSTRAINT otp_sessions_purpose_known
        CHECK (purpose IN ('login', 'verify_phone', 'verify_email', 'verification'));

COMMENT ON TABLE otp_sessions IS 'Codes of known accounts, of bearers and of verification: at most one each and purpose.';

-- migrate:down
-- Such codes live for minutes, and servers of the release before can read neither them nor their messages.
DELETE FROM outbox WHERE purpose = 'verification';
DELETE FROM otp_sessions WHERE purpose = 'verification';
ALTER TABLE otp_sessions
    DROP CONSTRAINT otp_sessions_purpose_known,
    ADD CONSTRAINT otp_sessions_purpose_known CHECK (purpose IN ('login', 'verify_phone', 'verify_email'));

COMMENT ON TABLE otp_sessions IS 'Codes of known accounts and of bearers: at most one each and purpose.';
