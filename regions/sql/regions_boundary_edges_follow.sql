-- Keeps the line of a boundary in runs of at most 33 positions, for telling which points lie within its accuracy, in
-- step with the outline and in the same transaction.
--
-- line   in EPSG:3857, where distances near a point differ from true ones by one factor (regions_locate knows it), so
--        that nearly every point is decided in the plane. Segments over 2 km are first bent along the geodesic, since
--        the true distance is measured to that. EPSG:3857 has no poles: the line ends at 85 degrees.
-- reach  how far from the run, in units of EPSG:3857, a point can lie and still be within accuracy_m of it. 1.02 covers
--        what the ellipsoid and the width of the band add.
create or replace function regions_boundary_edges_follow() returns trigger
language plpgsql as $$
begin
    delete from regions_boundaryedge where boundary_id = new.id;
    insert into regions_boundaryedge (boundary_id, line, reach, accuracy_m)
    select
        new.id,
        ST_Transform(run, 3857),
        1.02 * new.accuracy_m
        / cos(radians(least(89, greatest(abs(ST_YMin(run)), abs(ST_YMax(run))) + new.accuracy_m / 110000.0))),
        new.accuracy_m
    from (
        select ST_MakeLine(p.geom order by p.path[2]) as run
        from ST_DumpPoints(ST_Multi(ST_ClipByBox2D(
            ST_Segmentize(ST_Boundary(new.geom)::geography, 2000)::geometry,
            ST_MakeEnvelope(-180, -85, 180, 85, 4326)
        ))) as p
        -- A position where two runs meet is in both.
        cross join lateral (
            select distinct unnest(array[(p.path[2] - 1) / 32, greatest(p.path[2] - 2, 0) / 32]) as number
        ) as part
        group by p.path[1], part.number
        having count(*) > 1
    ) as runs;
    return null;
end
$$;

create or replace trigger regions_boundary_edges_follow
after insert or update of geom, accuracy_m on regions_boundary
for each row execute function regions_boundary_edges_follow();
