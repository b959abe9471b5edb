-- Why: a message is born in the transaction of its code and leaves through a lease. Nothing is sent
-- for a request that rolled back, nothing accepted is lost. It is born under a lease of the server that
-- wrote it, so the common message is updated once, when it is finished; others take it over by
-- generation + 1 once next_try_at has passed.

-- migrate:up
CREATE TABLE outbox (
    identifier       text        COLLATE "C" NOT NULL,
    id               bytea       NOT NULL,
    user_type        text        COLLATE "C" NOT NULL,
    otp_id           bytea       NOT NULL,
    code_mac         bytea       NOT NULL,
    code_table       text        COLLATE "C" NOT NULL,
    purpose          text        COLLATE "C" NOT NULL,
    channel          text        COLLATE "C" NOT NULL,
    sealed           bytea,
    state            text        COLLATE "C" NOT NULL,
    generation       integer     NOT NULL,
    next_try_at      timestamptz NOT NULL,
    created_at       timestamptz NOT NULL,
    expires_at       timestamptz NOT NULL,
    finished_at      timestamptz,
    reason           text,
    provider_id      text,
    CONSTRAINT outbox_pkey PRIMARY KEY (identifier, id),
    CONSTRAINT outbox_identifier_length CHECK (octet_length(identifier) BETWEEN 3 AND 254),
    CONSTRAINT outbox_id_length CHECK (octet_length(id) = 24),
    CONSTRAINT outbox_code_table_known CHECK (code_table IN ('signup_otps', 'otp_sessions')),
    CONSTRAINT outbox_channel_known CHECK (channel IN ('sms', 'email')),
    CONSTRAINT outbox_state_known CHECK (state IN ('pending', 'sent', 'dropped', 'failed', 'suppressed')),
    CONSTRAINT outbox_sealed_while_open CHECK ((sealed IS NOT NULL) = (state = 'pending'))
) WITH (fillfactor = 60);

-- The dispatcher's way in; finished rows leave it.
CREATE INDEX outbox_due_idx ON outbox (next_try_at) WHERE state = 'pending';

COMMENT ON TABLE outbox IS 'Messages on their way out. The payload is sealed and wiped when the row is finished.';
COMMENT ON COLUMN outbox.code_mac IS 'MAC of the code inside: sent only while the code row still carries it.';
COMMENT ON COLUMN outbox.generation IS 'Fencing number of the lease: a stale holder completes nothing. 0: still with the server that wrote it.';
COMMENT ON COLUMN outbox.next_try_at IS 'End of the holder''s lease, or the time of the next try: from then on any server may take it.';

GRANT SELECT, INSERT, UPDATE ON outbox TO otpgate_app;
GRANT SELECT ON outbox TO otpgate_readonly;

-- migrate:down
DROP TABLE outbox;
