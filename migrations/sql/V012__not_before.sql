-- Why: everybody is signed out at once by one row. A session that began before it is over, whatever
-- its own row says.

-- migrate:up
CREATE TABLE not_before (
    name text        COLLATE "C" NOT NULL,
    at   timestamptz NOT NULL,
    CONSTRAINT not_before_pkey PRIMARY KEY (name),
    CONSTRAINT not_before_name_known CHECK (name = 'sessions')
);

COMMENT ON TABLE not_before IS 'Global sign-out: sessions that began earlier than `at` are over.';

GRANT SELECT, INSERT, UPDATE ON not_before TO otpgate_app;
GRANT SELECT ON not_before TO otpgate_readonly;

-- migrate:down
DROP TABLE not_before;
