-- Measures a site against the outline of a region on a day: facts only, the rule that judges them is in regions/rules.
--
-- The original outlines decide, never their pieces: a plot across two pieces is covered by neither. Zones in force
-- together count as one area, or only the named one. No row comes back where no boundary holds on that day.
--
-- distance_m   covered site: how near its edge comes to the line. Otherwise: how far it reaches beyond, taken at the
--              corners and one inner point of its largest pieces outside. That never overstates the reach, so a plot
--              over a hole or a ragged edge is rather shown to a person than called outside.
-- inside_share share of the site's ellipsoidal area; for a point 1 or 0.
create or replace function regions_place_site(of_region bigint, on_day date, in_zone text, site geometry)
returns table (
    boundary_id bigint,
    accuracy_m double precision,
    is_covered boolean,
    inside_share double precision,
    distance_m double precision
)
language sql stable as $$
    with in_force as materialized (
        select b.id, b.geom, b.accuracy_m
        from regions_boundary b
        where b.region_id = of_region and b.valid @> on_day and (in_zone is null or b.zone = in_zone)
    ),
    whole as materialized (
        select
            case when count(*) = 1 then (array_agg(geom))[1] else ST_Union(geom) end as geom,
            max(in_force.accuracy_m)::double precision as accuracy_m,
            count(*) as zones,
            min(id) as only_id
        from in_force
        having count(*) > 0
    ),
    judged as materialized (
        select
            w.*,
            ST_Covers(w.geom, site) as is_covered,
            case when ST_Covers(w.geom, site) then null else ST_Difference(site, w.geom) end as beyond
        from whole w
    ),
    pieces as (
        select (ST_Dump(beyond)).geom as piece from judged where not judged.is_covered
    ),
    largest as (
        select piece from pieces order by ST_Area(piece) desc limit 50
    ),
    corners as (
        select (ST_DumpPoints(ST_Simplify(ST_ConvexHull(piece), sqrt(ST_Area(ST_Envelope(piece))) / 200, true))).geom
        from largest
        union all
        select ST_PointOnSurface(piece) from largest
    )
    select
        case
            when j.zones = 1 then j.only_id
            else (
                select id from in_force f
                order by ST_Distance(f.geom, site), ST_Area(ST_Intersection(f.geom, site)) desc, id
                limit 1
            )
        end,
        j.accuracy_m,
        j.is_covered,
        case
            when j.is_covered then 1.0
            when ST_Dimension(site) < 2 then 0.0
            else 1.0 - ST_Area(j.beyond::geography) / ST_Area(site::geography)
        end,
        case
            when j.is_covered then ST_Distance(site::geography, ST_Boundary(j.geom)::geography)
            else (select max(ST_Distance(c.geom::geography, j.geom::geography)) from corners c)
        end
    from judged j
$$;
