-- Gives a boundary that is the union of divisions the very lines of their drawings, so that at every zoom it lies on them.
-- Where the divisions have been redrawn since, their area differs, and the boundary keeps the drawing of its own outline.
create or replace function regions_draw_by_divisions(drawn_boundary bigint) returns void
language sql as $$
    update regions_boundarydrawing drawing
    set z5 = made.z5, z7 = made.z7, z9 = made.z9, z11 = made.z11, z14 = made.z14
    from (
        select
            ST_Multi(ST_Union(d.z5)) as z5, ST_Multi(ST_Union(d.z7)) as z7, ST_Multi(ST_Union(d.z9)) as z9,
            ST_Multi(ST_Union(d.z11)) as z11, ST_Multi(ST_Union(d.z14)) as z14
        from regions_boundary b
        join regions_boundary_divisions link on link.boundary_id = b.id
        join regions_division division on division.id = link.division_id
        join regions_divisiondrawing d on d.division_id = division.id
        where b.id = drawn_boundary and b.method = 'divisions'
        group by b.id
        having abs(sum(division.area_m2) - b.area_m2) < 1e-6 * b.area_m2
    ) as made
    where drawing.boundary_id = drawn_boundary
$$;
