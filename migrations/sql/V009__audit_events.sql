-- Why: who did what, when and from where, in the transaction of the effect.

-- migrate:up
CREATE TABLE audit_events (
    scope      text        COLLATE "C" NOT NULL,
    id         bytea       NOT NULL,
    event      text        COLLATE "C" NOT NULL,
    at         timestamptz NOT NULL,
    caller     text        NOT NULL,
    ip         text        NOT NULL,
    detail     text        NOT NULL,
    otp_id     bytea,
    user_id    bytea,
    session_id bytea,
    CONSTRAINT audit_events_pkey PRIMARY KEY (scope, id),
    CONSTRAINT audit_events_id_length CHECK (octet_length(id) = 24)
);

COMMENT ON TABLE audit_events IS 'Append only. scope is user_type:identifier of the subject.';

GRANT SELECT, INSERT ON audit_events TO otpgate_app;
GRANT SELECT ON audit_events TO otpgate_readonly;

-- migrate:down
DROP TABLE audit_events;
