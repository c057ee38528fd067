-- What holds each of many points: facts only, one row a point, in the order given. Nothing here knows of days: the
-- caller keeps the boundaries that hold on the day asked for.
--
-- divisions  ids of divisions whose outline holds it (a line belongs to both sides)
-- covering   ids of boundaries whose outline holds it
-- near       ids of boundaries whose line runs within their accuracy_m of it, on either side
--
-- An id stands in a list once for each piece that says so: the caller drops repeats for less than a sort costs here.
--
-- Outlines, of which there may be thousands, are found by the squares of regions_squares. Pieces of divisions and lines are
-- found by PostgreSQL's own boxes. Their index answers a point two to four times as fast as the one of geometries, which
-- keeps float4 boxes and looks at every row again; "is true" keeps the planner from that other index.
--
-- Points are taken in the order of their places (a geometry sorts along a curve that fills the plane), so that what one
-- needs of the indexes is still at hand from the one before.
--
-- Distances in EPSG:3857 times the cosine of the latitude are 0.9966 to 1.0067 of the true ones (the ellipsoid), and a
-- wide band adds what the cosine changes across it. What lies clear of that doubt is decided by them; the few points
-- within it are measured on the ellipsoid.
create index if not exists regions_divisionpart_box on regions_divisionpart using gist ((geom::box));
create index if not exists regions_boundaryedge_box on regions_boundaryedge using gist ((ST_Expand(line, reach)::box));

create or replace function regions_locate(longitudes double precision[], latitudes double precision[])
returns table (place bigint, divisions bigint[], covering bigint[], near bigint[])
language sql stable as $$
    select
        p.place,
        array(
            select part.division_id
            from regions_divisionpart part
            where part.geom::box @> p.spot and ST_Intersects(part.geom, p.geom) is true
        ),
        array(
            select held.boundary_id
            from regions_boundarysquare held
            where held.square = any(p.squares) and (held.piece is null or ST_Intersects(held.piece, p.geom))
        ),
        array(
            select edge.boundary_id
            from regions_boundaryedge edge
            where ST_Expand(edge.line, edge.reach)::box @> p.flat_spot
              and (
                  ST_DWithin(edge.line, p.flat, edge.accuracy_m * (float8 '0.995' - edge.accuracy_m / float8 '4e6') / p.squeeze)
                  or (
                      ST_DWithin(edge.line, p.flat, edge.accuracy_m * (float8 '1.008' + edge.accuracy_m / float8 '4e6') / p.squeeze)
                      and ST_Distance(ST_Transform(edge.line, 4326)::geography, p.geom::geography) <= edge.accuracy_m
                  )
              )
        )
    from (
        select
            place, geom, geom::box as spot, flat, flat::box as flat_spot, cos(radians(greatest(-85, least(85, y)))) as squeeze,
            array[
                regions_square(0, x, y), regions_square(1, x, y), regions_square(2, x, y), regions_square(3, x, y),
                regions_square(4, x, y)
            ] as squares
        from unnest(longitudes, latitudes) with ordinality as given (x, y, place)
        cross join lateral (
            select
                ST_SetSRID(ST_MakePoint(x, y), 4326) as geom,
                -- EPSG:3857 has no poles.
                ST_Transform(ST_SetSRID(ST_MakePoint(x, greatest(-85, least(85, y))), 4326), 3857) as flat
        ) as point
        order by point.geom
    ) as p
    order by p.place
$$;
