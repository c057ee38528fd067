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
