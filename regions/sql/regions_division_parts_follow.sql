-- Keeps the subdivided copy of a division in step with its outline, in the same transaction. Without it, finding the
-- county of a point would read every large outline whole.
create or replace function regions_division_parts_follow() returns trigger
language plpgsql as $$
begin
    delete from regions_divisionpart where division_id = new.id;
    insert into regions_divisionpart (division_id, geom)
    select new.id, (ST_Dump(piece)).geom from ST_Subdivide(new.geom, 128) as piece;
    return null;
end
$$;

create or replace trigger regions_division_parts_follow
after insert or update of geom on regions_division
for each row execute function regions_division_parts_follow();
