-- Why: limits shared by many subjects (IP prefixes). One GCRA cell per bucket.

-- migrate:up
CREATE TABLE limits (
    bucket           text        COLLATE "C" NOT NULL,
    version          bigint      NOT NULL,
    previous_version bigint      NOT NULL,
    tat              timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    CONSTRAINT limits_pkey PRIMARY KEY (bucket),
    CONSTRAINT limits_bucket_length CHECK (octet_length(bucket) BETWEEN 1 AND 100),
    CONSTRAINT limits_version_not_zero CHECK (version <> 0)
) WITH (fillfactor = 60);

COMMENT ON TABLE limits IS 'GCRA cells of shared limits, e.g. ip:203.0.113.7/32.';
COMMENT ON COLUMN limits.tat IS 'Theoretical arrival time: when the cell is at rest.';

GRANT SELECT, INSERT, UPDATE ON limits TO otpgate_app;
GRANT SELECT ON limits TO otpgate_readonly;

-- migrate:down
DROP TABLE limits;
