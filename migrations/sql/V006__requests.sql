-- Why: a retry with the same request_id gets the recorded outcome. References only: no code, no token.

-- migrate:up
CREATE TABLE requests (
    scope              text        COLLATE "C" NOT NULL,
    caller             text        COLLATE "C" NOT NULL,
    method             text        COLLATE "C" NOT NULL,
    request_id         bytea       NOT NULL,
    fingerprint        bytea       NOT NULL,
    reason             smallint    NOT NULL,
    otp_id             bytea,
    expires_at         timestamptz,
    attempts_remaining smallint,
    user_id            bytea,
    session_id         bytea,
    new_user           boolean     NOT NULL,
    created_at         timestamptz NOT NULL,
    CONSTRAINT requests_pkey PRIMARY KEY (scope, caller, method, request_id),
    CONSTRAINT requests_scope_length CHECK (octet_length(scope) BETWEEN 3 AND 300),
    CONSTRAINT requests_request_id_length CHECK (octet_length(request_id) = 16),
    CONSTRAINT requests_fingerprint_length CHECK (octet_length(fingerprint) BETWEEN 34 AND 49)
);

COMMENT ON TABLE requests IS 'Outcomes by request_id, kept 24 h. scope is user_type:identifier of the subject.';
COMMENT ON COLUMN requests.fingerprint IS 'Keyed MAC of the canonical payload: same id, other payload is refused.';
COMMENT ON COLUMN requests.reason IS '0: success, else the number of otpgate.v1.ErrorReason.';

GRANT SELECT, INSERT, UPDATE ON requests TO otpgate_app;
GRANT SELECT ON requests TO otpgate_readonly;

-- migrate:down
DROP TABLE requests;
