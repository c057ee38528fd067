"""Points are located in the order of their places, which takes a fifth less time.

A frozen copy of the function in ``regions/sql/regions_locate.sql``; a test demands that both agree.
"""

from django.db import migrations

LOCATE = """
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
            select part.boundary_id
            from regions_boundarypart part
            where part.geom::box @> p.spot and ST_Intersects(part.geom, p.geom) is true
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
        select place, geom, geom::box as spot, flat, flat::box as flat_spot, cos(radians(greatest(-85, least(85, y)))) as squeeze
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
"""

BEFORE = """
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
            select part.boundary_id
            from regions_boundarypart part
            where part.geom::box @> p.spot and ST_Intersects(part.geom, p.geom) is true
        ),
        array(
            select edge.boundary_id
            from regions_boundaryedge edge
            where ST_Expand(edge.line, edge.reach)::box @> p.flat_spot
              and (
                  ST_DWithin(edge.line, p.flat, edge.accuracy_m * (0.995 - edge.accuracy_m / 4e6) / p.squeeze)
                  or (
                      ST_DWithin(edge.line, p.flat, edge.accuracy_m * (1.008 + edge.accuracy_m / 4e6) / p.squeeze)
                      and ST_Distance(ST_Transform(edge.line, 4326)::geography, p.geom::geography) <= edge.accuracy_m
                  )
              )
        )
    from (
        select place, geom, geom::box as spot, flat, flat::box as flat_spot, cos(radians(greatest(-85, least(85, y)))) as squeeze
        from unnest(longitudes, latitudes) with ordinality as given (x, y, place)
        cross join lateral (
            select
                ST_SetSRID(ST_MakePoint(x, y), 4326) as geom,
                -- EPSG:3857 has no poles.
                ST_Transform(ST_SetSRID(ST_MakePoint(x, greatest(-85, least(85, y))), 4326), 3857) as flat
        ) as point
        offset 0
    ) as p
    order by p.place
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("regions", "0008_points_and_polygons")]

    operations = [migrations.RunSQL(LOCATE, BEFORE)]
