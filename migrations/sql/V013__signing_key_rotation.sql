-- Why: a signing key is published before it is used and until its last token has expired. Which one
-- signs follows from the time, so that every server knows it without being told.

-- migrate:up
DROP INDEX signing_keys_one_active;
ALTER TABLE signing_keys
    ADD COLUMN active_from timestamptz,
    ADD COLUMN revoked_at  timestamptz,
    DROP CONSTRAINT signing_keys_state_known,
    DROP COLUMN state;
UPDATE signing_keys SET active_from = 'epoch';
ALTER TABLE signing_keys ALTER COLUMN active_from SET NOT NULL;

-- Servers that make a key at the same time agree on one: the first key begins at the epoch, a
-- scheduled one at a full hour.
CREATE UNIQUE INDEX signing_keys_active_from ON signing_keys (active_from);

COMMENT ON COLUMN signing_keys.active_from IS 'Signs from here on, until the next key does.';
COMMENT ON COLUMN signing_keys.revoked_at IS 'Compromised: neither signs nor is published, and its tokens are refused.';

GRANT SELECT (active_from, revoked_at) ON signing_keys TO otpgate_readonly;

-- migrate:down
DROP INDEX signing_keys_active_from;
DELETE FROM signing_keys WHERE kid <> (
    SELECT kid FROM signing_keys ORDER BY revoked_at IS NULL AND active_from <= now() DESC,
           active_from DESC, kid LIMIT 1);
ALTER TABLE signing_keys
    DROP COLUMN revoked_at,
    DROP COLUMN active_from,
    ADD COLUMN state text COLLATE "C" NOT NULL DEFAULT 'active',
    ADD CONSTRAINT signing_keys_state_known CHECK (state IN ('active'));
ALTER TABLE signing_keys ALTER COLUMN state DROP DEFAULT;
CREATE UNIQUE INDEX signing_keys_one_active ON signing_keys (state) WHERE state = 'active';
GRANT SELECT (kid, state, public_key, created_at) ON signing_keys TO otpgate_readonly;
