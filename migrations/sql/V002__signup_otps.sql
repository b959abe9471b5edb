-- Why: codes live in the database, not in a cache with a TTL. `signup_otps` holds the login code of an
-- identifier without an account; `email` keeps the monitoring statements of admins working.

-- migrate:up
CREATE TABLE signup_otps (
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
    email       text GENERATED ALWAYS AS (CASE WHEN position('@' in identifier) > 0 THEN identifier END) STORED,
    CONSTRAINT signup_otps_pkey PRIMARY KEY (identifier, user_type),
    CONSTRAINT signup_otps_identifier_length CHECK (octet_length(identifier) BETWEEN 3 AND 254),
    CONSTRAINT signup_otps_user_type_known CHECK (user_type IN ('live', 'demo')),
    CONSTRAINT signup_otps_purpose_known CHECK (purpose IN ('login')),
    CONSTRAINT signup_otps_id_length CHECK (octet_length(id) = 24),
    CONSTRAINT signup_otps_code_mac_length CHECK (octet_length(code_mac) = 32),
    CONSTRAINT signup_otps_key_id_length CHECK (octet_length(key_id) BETWEEN 1 AND 16),
    CONSTRAINT signup_otps_attempts_range CHECK (attempts BETWEEN 0 AND 5),
    CONSTRAINT signup_otps_verified_at_matches CHECK (is_verified = (verified_at IS NOT NULL)),
    CONSTRAINT signup_otps_user_id_length CHECK (octet_length(user_id) = 24)
) WITH (fillfactor = 60);

COMMENT ON TABLE signup_otps IS 'Login codes of identifiers without an account: at most one each.';
COMMENT ON COLUMN signup_otps.code_mac IS 'HMAC-SHA-256 under pepper key_id over purpose, identifier, user_type, id and code. The code is nowhere.';
COMMENT ON COLUMN signup_otps.attempts IS 'Evaluated wrong guesses on this code.';
COMMENT ON COLUMN signup_otps.bound IS 'Evaluated only for whoever holds the handle.';

GRANT SELECT, INSERT, UPDATE ON signup_otps TO otpgate_app;
GRANT SELECT ON signup_otps TO otpgate_readonly;

-- migrate:down
DROP TABLE signup_otps;
