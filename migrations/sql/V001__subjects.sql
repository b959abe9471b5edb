-- Why: codes, failures and send limits belong to a subject, (identifier, user_type). Its row is the
-- guard of everything decided about it: written only WHERE version is the version that was read.

-- migrate:up
CREATE TABLE subjects (
    identifier       text        COLLATE "C" NOT NULL,
    user_type        text        COLLATE "C" NOT NULL,
    version          bigint      NOT NULL,
    previous_version bigint      NOT NULL,
    kind             text        NOT NULL
                     GENERATED ALWAYS AS (CASE WHEN position('@' in identifier) > 0 THEN 'email' ELSE 'phone' END) STORED,
    user_id          bytea,
    failures         integer     NOT NULL,
    blocked_until    timestamptz,
    disabled_at      timestamptz,
    last_success_at  timestamptz,
    recent_sends     bigint[]    NOT NULL,
    recent_resends   bigint[]    NOT NULL,
    updated_at       timestamptz NOT NULL,
    CONSTRAINT subjects_pkey PRIMARY KEY (identifier, user_type),
    CONSTRAINT subjects_identifier_length CHECK (octet_length(identifier) BETWEEN 3 AND 254),
    CONSTRAINT subjects_user_type_known CHECK (user_type IN ('live', 'demo')),
    CONSTRAINT subjects_version_not_zero CHECK (version <> 0),
    CONSTRAINT subjects_user_id_length CHECK (octet_length(user_id) = 24),
    CONSTRAINT subjects_failures_range CHECK (failures BETWEEN 0 AND 100)
) WITH (fillfactor = 60);

COMMENT ON TABLE subjects IS 'One row per (identifier, user_type): the guard of its codes, failures and send limits.';
COMMENT ON COLUMN subjects.version IS 'Random per write; a write names the version it read.';
COMMENT ON COLUMN subjects.previous_version IS 'The version that write replaced; 0: the row was new.';
COMMENT ON COLUMN subjects.failures IS 'Consecutive evaluated wrong guesses. No resend resets it.';
COMMENT ON COLUMN subjects.recent_sends IS 'Times of code requests, microseconds since 1970: to_timestamp(x / 1e6).';
COMMENT ON COLUMN subjects.recent_resends IS 'Times of resends, microseconds since 1970.';

GRANT SELECT, INSERT, UPDATE ON subjects TO otpgate_app;
GRANT SELECT ON subjects TO otpgate_readonly;

-- migrate:down
DROP TABLE subjects;
