"""The steps of a data version become random: none comes up again in a restored or a new database.

Frozen copy of the text in ``gi_registry/ogc/sql/``; a test demands that both agree.
"""

from django.db import migrations

NOTE_CHANGE = """
-- Notes that a statement changed a table, in the same transaction: the sum of a table's notes is its data version.
-- One row more for each statement, never an update: writers do not wait for each other, and whatever becomes visible
-- makes the sum larger. A single counter, or the highest number given out, would do neither. The steps are of random
-- size: after a backup is restored, or a database made anew, no sum comes up again under which caches and browsers hold
-- what was true before; nor does it tell how much happens here.
create or replace function ogc_note_change() returns trigger language plpgsql as $$
begin
    insert into ogc_tablechange (table_name, bumps) values (tg_table_name, 1 + floor(random() * 1000000)::bigint);
    return null;
end
$$;
"""
BEFORE = """
create or replace function ogc_note_change() returns trigger language plpgsql as $$
begin
    insert into ogc_tablechange (table_name, bumps) values (tg_table_name, 1);
    return null;
end
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("ogc", "0001_noted_changes")]

    operations = [migrations.RunSQL(NOTE_CHANGE, BEFORE)]
