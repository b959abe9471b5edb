-- Why: rows that are of no use any more go away by a job that one server of the fleet runs at a time,
-- under a lease. It walks each table in physical order, so it needs no index: one on expires_at or
-- updated_at would make every login write it and end HOT updates.
-- And subjects.kind, which every write worked out and stored anew, was read by nobody.

-- migrate:up
CREATE TABLE job_leases (
    name        text        COLLATE "C" NOT NULL,
    holder      text        NOT NULL,
    held_until  timestamptz NOT NULL,
    due_at      timestamptz NOT NULL,
    started_at  timestamptz NOT NULL,
    finished_at timestamptz,
    result      text        NOT NULL,
    CONSTRAINT job_leases_pkey PRIMARY KEY (name),
    CONSTRAINT job_leases_name_length CHECK (octet_length(name) BETWEEN 1 AND 64),
    CONSTRAINT job_leases_holder_length CHECK (octet_length(holder) BETWEEN 1 AND 200),
    CONSTRAINT job_leases_result_length CHECK (octet_length(result) <= 2000)
) WITH (fillfactor = 50);

COMMENT ON TABLE job_leases IS 'Jobs that one server of the fleet runs at a time.';
COMMENT ON COLUMN job_leases.held_until IS 'Nobody else runs the job before; the holder renews it while it works.';
COMMENT ON COLUMN job_leases.due_at IS 'When the job runs next, at the earliest.';
COMMENT ON COLUMN job_leases.result IS 'What the last finished run did, as JSON.';

GRANT SELECT, INSERT, UPDATE ON job_leases TO otpgate_cleanup;
GRANT SELECT ON job_leases TO otpgate_readonly;

-- Who serves cannot remove, and who removes cannot write what is served.
GRANT SELECT, DELETE ON signup_otps, otp_sessions, requests, outbox, subjects, sessions, limits, audit_events
    TO otpgate_cleanup;
-- FOR UPDATE SKIP LOCKED asks for the right to update some column; these decide nothing.
GRANT UPDATE (created_at) ON signup_otps, otp_sessions, requests TO otpgate_cleanup;
GRANT UPDATE (reason) ON outbox TO otpgate_cleanup;
GRANT UPDATE (previous_version) ON subjects, sessions, limits TO otpgate_cleanup;

ALTER TABLE subjects DROP COLUMN kind;

-- migrate:down
ALTER TABLE subjects ADD COLUMN kind text NOT NULL
    GENERATED ALWAYS AS (CASE WHEN position('@' in identifier) > 0 THEN 'email' ELSE 'phone' END) STORED;
REVOKE UPDATE (previous_version) ON subjects, sessions, limits FROM otpgate_cleanup;
REVOKE UPDATE (reason) ON outbox FROM otpgate_cleanup;
REVOKE UPDATE (created_at) ON signup_otps, otp_sessions, requests FROM otpgate_cleanup;
REVOKE SELECT, DELETE ON signup_otps, otp_sessions, requests, outbox, subjects, sessions, limits, audit_events
  FROM otpgate_cleanup;
DROP TABLE job_leases;
