-- Why: every server signs with the same keys and publishes the same JWKS. The private part is sealed
-- with the master key, which is not in the database.

-- migrate:up
CREATE TABLE signing_keys (
    kid            text        COLLATE "C" NOT NULL,
    state          text        COLLATE "C" NOT NULL,
    sealed_private bytea       NOT NULL,
    public_key     bytea       NOT NULL,
    created_at     timestamptz NOT NULL,
    CONSTRAINT signing_keys_pkey PRIMARY KEY (kid),
    CONSTRAINT signing_keys_state_known CHECK (state IN ('active'))
);

-- At most one key signs: servers that start together agree on it.
CREATE UNIQUE INDEX signing_keys_one_active ON signing_keys (state) WHERE state = 'active';

COMMENT ON TABLE signing_keys IS 'ES256 keys of access tokens. public_key is a DER SubjectPublicKeyInfo.';

GRANT SELECT, INSERT ON signing_keys TO otpgate_app;
GRANT SELECT (kid, state, public_key, created_at) ON signing_keys TO otpgate_readonly;

-- migrate:down
DROP TABLE signing_keys;
