"""Lets the application's role refresh what the planner knows of the tables that it has filled."""

from django.db import migrations

# PostgreSQL knows the privilege from version 17 on; before, only autovacuum does it. What the trail
# holds cannot be changed by it.
GRANT = """
DO $$
BEGIN
    IF current_setting('server_version_num')::int >= 170000
        AND EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_app')
    THEN
        EXECUTE 'GRANT MAINTAIN ON ALL TABLES IN SCHEMA public TO motcua_app';
        EXECUTE 'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT MAINTAIN ON TABLES TO motcua_app';
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_fewer_indexes")]
    operations = [migrations.RunSQL(GRANT, migrations.RunSQL.noop)]
