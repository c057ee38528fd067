"""The notes of changed tables and the functions that write and fold them.

Frozen copy of the text in ``gi_registry/ogc/sql/``; a test demands that both agree.
"""

from django.db import migrations, models

NOTE_CHANGE = """
-- Notes that a statement changed a table, in the same transaction: the sum of a table's notes is its data version.
-- One row more for each statement, never an update: writers do not wait for each other, and whatever becomes visible
-- makes the sum larger. A single counter, or the highest number given out, would do neither.
create or replace function ogc_note_change() returns trigger language plpgsql as $$
begin
    insert into ogc_tablechange (table_name, bumps) values (tg_table_name, 1);
    return null;
end
$$;

-- Folds the notes of each table into one. Readers see all of the old rows or the new one, so no sum ever falls.
create or replace function ogc_fold_changes() returns bigint language sql as $$
    with gone as (
        delete from ogc_tablechange returning table_name, bumps
    ), kept as (
        insert into ogc_tablechange (table_name, bumps) select table_name, sum(bumps) from gone group by table_name
        returning 1
    )
    select count(*) from gone
$$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="TableChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table_name", models.CharField(max_length=63)),
                ("bumps", models.BigIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["table_name"], include=["bumps"], name="ogc_change_of_table")],
            },
        ),
        migrations.RunSQL(NOTE_CHANGE, "DROP FUNCTION ogc_fold_changes(); DROP FUNCTION ogc_note_change();"),
    ]
