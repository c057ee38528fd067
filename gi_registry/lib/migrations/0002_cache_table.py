"""The table of Django's database cache, so that rate limits hold across processes with no further daemon."""

from django.db import migrations

TABLE = """
CREATE TABLE lib_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX lib_cache_expires ON lib_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("lib", "0001_initial")]

    operations = [migrations.RunSQL(TABLE, "DROP TABLE lib_cache")]
