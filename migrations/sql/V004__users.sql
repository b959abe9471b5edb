-- Why: the account behind one or more identifiers. No foreign keys: keys of different distribution.

-- migrate:up
CREATE TABLE users (
    id            bytea       NOT NULL,
    version       bigint      NOT NULL,
    user_type     text        COLLATE "C" NOT NULL,
    status        text        COLLATE "C" NOT NULL,
    token_version integer     NOT NULL,
    created_at    timestamptz NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_id_length CHECK (octet_length(id) = 24),
    CONSTRAINT users_version_not_zero CHECK (version <> 0),
    CONSTRAINT users_user_type_known CHECK (user_type IN ('live', 'demo')),
    CONSTRAINT users_status_known CHECK (status IN ('active', 'disabled')),
    CONSTRAINT users_token_version_range CHECK (token_version >= 0)
) WITH (fillfactor = 80);

CREATE TABLE identities (
    user_id     bytea       NOT NULL,
    identifier  text        COLLATE "C" NOT NULL,
    user_type   text        COLLATE "C" NOT NULL,
    verified_at timestamptz NOT NULL,
    CONSTRAINT identities_pkey PRIMARY KEY (user_id, identifier, user_type),
    CONSTRAINT identities_user_id_length CHECK (octet_length(user_id) = 24),
    CONSTRAINT identities_identifier_length CHECK (octet_length(identifier) BETWEEN 3 AND 254),
    CONSTRAINT identities_user_type_known CHECK (user_type IN ('live', 'demo'))
);

COMMENT ON TABLE users IS 'Accounts. token_version + 1 ends every session and token born before.';
COMMENT ON TABLE identities IS 'The way back from an account to its identifiers; owned by the guard of the subject.';

GRANT SELECT, INSERT, UPDATE ON users, identities TO otpgate_app;
GRANT SELECT ON users, identities TO otpgate_readonly;

-- migrate:down
DROP TABLE identities;
DROP TABLE users;
