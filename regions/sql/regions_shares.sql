-- The area of each of many polygons (WKB, WGS 84) on the ellipsoid, and how much of it lies in each division: one row for
-- a polygon and a division, one with nulls for a polygon that meets none.
create or replace function regions_shares(shapes bytea[])
returns table (place bigint, area_m2 double precision, division_id bigint, shared_m2 double precision)
language sql stable as $$
    select asked.place, asked.area_m2, shared.division_id, shared.shared_m2
    from (
        select given.place, shape.geom, ST_Area(shape.geom::geography) as area_m2
        from unnest(shapes) with ordinality as given (wkb, place)
        cross join lateral (select ST_GeomFromWKB(given.wkb, 4326) as geom) as shape
        offset 0
    ) as asked
    left join lateral (
        select part.division_id, sum(ST_Area(ST_Intersection(part.geom, asked.geom)::geography)) as shared_m2
        from regions_divisionpart part
        where ST_Intersects(part.geom, asked.geom)
        group by part.division_id
    ) as shared on true
    order by asked.place, shared.division_id
$$;
