-- Why: every other code: the login of a known account, and verify_* with the user_id of the bearer who asked.

-- migrate:up
CREATE TABLE otp_sessions (
    identifier  text        COLLATE "C" NOT NULL,
    user_type   text        COLLATE "C" NOT NULL,
    purpose     text        COLLATE "C" NOT NULL,
    id          bytea       NOT NULL,
    code_mac    bytea       NOT NULL,
    key_id      text        NOT NULL,
    attempts    smallint    NOT NULL,
    bound       boolean     NOT NULL,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    is_verified boolean     NOT NULL,
    verified_at timestamptz,
    user_id     bytea,
    CONSTRAINT otp_sessions_pkey PRIMARY KEY (identifier, user_type, purpose),
    CONSTRAINT otp_sessions_identifier_length CHECK (octet_length(identifier) BETWEEN 3 AND 254),
    CONSTRAINT otp_sessions_user_type_known CHECK (user_type IN ('live', 'demo')),
    CONSTRAINT otp_sessions_purpose_known CHECK (purpose IN ('login', 'verify_phone', 'verify_email')),
    CONSTRAINT otp_sessions_id_length CHECK (octet_length(id) = 24),
    CONSTRAINT otp_sessions_code_mac_length CHECK (octet_length(code_mac) = 32),
    CONSTRAINT otp_sessions_key_id_length CHECK (octet_length(key_id) BETWEEN 1 AND 16),
    CONSTRAINT otp_sessions_attempts_range CHECK (attempts BETWEEN 0 AND 5),
    CONSTRAINT otp_sessions_verified_at_matches CHECK (is_verified = (verified_at IS NOT NULL)),
    CONSTRAINT otp_sessions_user_id_length CHECK (octet_length(user_id) = 24)
) WITH (fillfactor = 60);

COMMENT ON TABLE otp_sessions IS 'Codes of known accounts and of bearers: at most one each and purpose.';
COMMENT ON COLUMN otp_sessions.code_mac IS 'HMAC-SHA-256 under pepper key_id over purpose, identifier, user_type, id and code. The code is nowhere.';
COMMENT ON COLUMN otp_sessions.attempts IS 'Evaluated wrong guesses on this code.';
COMMENT ON COLUMN otp_sessions.bound IS 'Evaluated only for whoever holds the handle.';

GRANT SELECT, INSERT, UPDATE ON otp_sessions TO otpgate_app;
GRANT SELECT ON otp_sessions TO otpgate_readonly;

-- migrate:down
DROP TABLE otp_sessions;
