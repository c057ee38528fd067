-- Keeps the subdivided copy of a boundary and its squares in step with its outline, in the same transaction.
create or replace function regions_boundary_parts_follow() returns trigger
language plpgsql as $$
begin
    delete from regions_boundarypart where boundary_id = new.id;
    insert into regions_boundarypart (boundary_id, geom)
    select new.id, (ST_Dump(piece)).geom from ST_Subdivide(new.geom, 128) as piece;
    delete from regions_boundarysquare where boundary_id = new.id;
    insert into regions_boundarysquare (boundary_id, square, piece)
    select new.id, square, piece from regions_squares(new.geom);
    return null;
end
$$;

create or replace trigger regions_boundary_parts_follow
after insert or update of geom on regions_boundary
for each row execute function regions_boundary_parts_follow();
