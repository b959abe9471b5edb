-- Why: one signed-in device, a refresh-token family. The token itself is never stored: key_id and
-- generation are enough to make it again.

-- migrate:up
CREATE TABLE sessions (
    user_id             bytea       NOT NULL,
    id                  bytea       NOT NULL,
    version             bigint      NOT NULL,
    generation          integer     NOT NULL,
    key_id              text        NOT NULL,
    token_version       integer     NOT NULL,
    created_at          timestamptz NOT NULL,
    idle_expires_at     timestamptz NOT NULL,
    absolute_expires_at timestamptz NOT NULL,
    caller              text        NOT NULL,
    device_info         text        NOT NULL,
    ip                  text        NOT NULL,
    amr                 text        NOT NULL,
    revoked_at          timestamptz,
    CONSTRAINT sessions_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT sessions_user_id_length CHECK (octet_length(user_id) = 24),
    CONSTRAINT sessions_id_length CHECK (octet_length(id) = 24),
    CONSTRAINT sessions_version_not_zero CHECK (version <> 0),
    CONSTRAINT sessions_generation_range CHECK (generation >= 0),
    CONSTRAINT sessions_key_id_length CHECK (octet_length(key_id) BETWEEN 1 AND 16),
    CONSTRAINT sessions_device_info_length CHECK (octet_length(device_info) <= 512),
    CONSTRAINT sessions_amr_known CHECK (amr IN ('sms', 'email'))
) WITH (fillfactor = 80);

COMMENT ON TABLE sessions IS 'Signed-in devices. generation counts rotations of the refresh token.';

GRANT SELECT, INSERT, UPDATE ON sessions TO otpgate_app;
GRANT SELECT ON sessions TO otpgate_readonly;

-- migrate:down
DROP TABLE sessions;
