-- How each of many polygons (WKB, WGS 84) lies against the production regions of a day: against those named, or against
-- every one that it meets or comes near. Facts only, measured by regions_place_site, one row for a polygon and a region.
create or replace function regions_assess(shapes bytea[], on_day date, of_regions bigint[])
returns table (
    place bigint,
    region_id bigint,
    boundary_id bigint,
    accuracy_m double precision,
    is_covered boolean,
    inside_share double precision,
    distance_m double precision
)
language sql stable as $$
    with asked as materialized (
        select given.place, ST_GeomFromWKB(given.shape, 4326) as geom
        from unnest(shapes) with ordinality as given (shape, place)
    ),
    flattened as materialized (
        -- EPSG:3857 has no poles.
        select
            asked.place,
            ST_Transform(ST_ClipByBox2D(asked.geom, ST_MakeEnvelope(-180, -85, 180, 85, 4326)), 3857) as flat,
            cos(radians(least(85, greatest(abs(ST_YMin(asked.geom)), abs(ST_YMax(asked.geom)))))) as squeeze
        from asked
    ),
    met as (
        select asked.place, part.boundary_id
        from asked join regions_boundarypart part on ST_Intersects(part.geom, asked.geom)
        union
        select flattened.place, edge.boundary_id
        from flattened
        join regions_boundaryedge edge
            on ST_Expand(edge.line, edge.reach)::box && flattened.flat::box
            and ST_DWithin(edge.line, flattened.flat, 1.05 * edge.accuracy_m / flattened.squeeze)
    ),
    paired as (
        select distinct met.place, b.region_id
        from met join regions_boundary b on b.id = met.boundary_id and b.valid @> on_day
        where of_regions is null
        union
        select asked.place, named.id from asked cross join unnest(of_regions) as named (id)
    )
    select paired.place, paired.region_id, found.*
    from paired
    join asked using (place)
    cross join lateral regions_place_site(paired.region_id, on_day, null, asked.geom) as found
    order by paired.place, paired.region_id
$$;
