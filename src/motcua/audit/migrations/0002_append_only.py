"""Makes the trail append-only: by the rights of the application's role, and by triggers."""

from django.db import migrations

ROLE = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_app') THEN
        BEGIN
            CREATE ROLE motcua_app NOLOGIN;
        EXCEPTION WHEN insufficient_privilege THEN
            RAISE WARNING 'The role motcua_app could not be made: only the triggers protect the trail.';
        END;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_app') THEN
        GRANT USAGE ON SCHEMA public TO motcua_app;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO motcua_app;
        GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO motcua_app;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public
            GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO motcua_app;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO motcua_app;
        REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry, audit_dayseal, audit_read FROM motcua_app;
        REVOKE DELETE, TRUNCATE ON audit_head FROM motcua_app;
        IF NOT pg_has_role(current_user, 'motcua_app', 'MEMBER') THEN
            GRANT motcua_app TO CURRENT_USER;
        END IF;
    END IF;
END $$;
"""

TRIGGERS = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are added, never changed or deleted.', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_entry_is_append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_dayseal_is_append_only BEFORE UPDATE OR DELETE ON audit_dayseal
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_read_is_append_only BEFORE UPDATE OR DELETE ON audit_read
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""

NO_TRIGGERS = """
DROP TRIGGER audit_entry_is_append_only ON audit_entry;
DROP TRIGGER audit_dayseal_is_append_only ON audit_dayseal;
DROP TRIGGER audit_read_is_append_only ON audit_read;
DROP FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_first_tables")]
    operations = [
        migrations.RunSQL(ROLE, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
