-- Keeps the drawing of a division in step with its outline, in the same transaction.
create or replace function regions_division_drawing_follows() returns trigger
language plpgsql as $$
begin
    insert into regions_divisiondrawing (division_id, z5, z7, z9, z11, z14)
    select new.id, regions_drawn(line, 5), regions_drawn(line, 7), regions_drawn(line, 9), regions_drawn(line, 11),
        regions_drawn(line, 14)
    from ST_Transform(new.geom, 3857) as line
    on conflict (division_id) do update
    set z5 = excluded.z5, z7 = excluded.z7, z9 = excluded.z9, z11 = excluded.z11, z14 = excluded.z14;
    return null;
end
$$;

create or replace trigger regions_division_drawing_follows
after insert or update of geom on regions_division
for each row execute function regions_division_drawing_follows();
