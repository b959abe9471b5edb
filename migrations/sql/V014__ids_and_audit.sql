-- Why: the database keeps what the server relies on, also in rows that were changed by hand: an id or a
-- MAC has its length or is not there. And the server writes the audit without ever reading it.

-- migrate:up
ALTER TABLE requests
    ADD CONSTRAINT requests_otp_id_length CHECK (octet_length(otp_id) = 24),
    ADD CONSTRAINT requests_user_id_length CHECK (octet_length(user_id) = 24),
    ADD CONSTRAINT requests_session_id_length CHECK (octet_length(session_id) = 24);
ALTER TABLE audit_events
    ADD CONSTRAINT audit_events_otp_id_length CHECK (octet_length(otp_id) = 24),
    ADD CONSTRAINT audit_events_user_id_length CHECK (octet_length(user_id) = 24),
    ADD CONSTRAINT audit_events_session_id_length CHECK (octet_length(session_id) = 24);
ALTER TABLE outbox
    ADD CONSTRAINT outbox_otp_id_length CHECK (octet_length(otp_id) = 24),
    ADD CONSTRAINT outbox_code_mac_length CHECK (octet_length(code_mac) = 32);

REVOKE SELECT ON audit_events FROM otpgate_app;

-- migrate:down
GRANT SELECT ON audit_events TO otpgate_app;
ALTER TABLE outbox
    DROP CONSTRAINT outbox_code_mac_length,
    DROP CONSTRAINT outbox_otp_id_length;
ALTER TABLE audit_events
    DROP CONSTRAINT audit_events_session_id_length,
    DROP CONSTRAINT audit_events_user_id_length,
    DROP CONSTRAINT audit_events_otp_id_length;
ALTER TABLE requests
    DROP CONSTRAINT requests_session_id_length,
    DROP CONSTRAINT requests_user_id_length,
    DROP CONSTRAINT requests_otp_id_length;
