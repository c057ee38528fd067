"""Outlines on a grid of squares, by which the production regions that hold a point are found.

Frozen copies of the text in ``regions/sql/``; a test demands that both agree.
"""

import django.contrib.gis.db.models.fields
import django.db.models.deletion
from django.db import migrations, models

SQUARES = """
create or replace function regions_square(level integer, x double precision, y double precision) returns bigint
language sql immutable parallel safe as $$
    -- Powers of two times a coordinate are exact. 32768 keeps both numbers positive.
    select (level::bigint << 40)
        | ((floor(x * (4 ^ level) / 4)::bigint + 32768) << 20)
        | (floor(y * (4 ^ level) / 4)::bigint + 32768)
$$;

-- What a square, counted from 0° by its size, leaves of a shape; no row where it leaves nothing.
create or replace function regions_clip(shape geometry, x integer, y integer, size double precision)
returns table (piece geometry, is_whole boolean)
language sql immutable as $$
    select clipped, ST_NPoints(clipped) = 5 and ST_Equals(clipped, pane)
    from (
        select ST_Expand(ST_MakeEnvelope(x * size, y * size, (x + 1) * size, (y + 1) * size, 4326), size / 1024) as pane
    ) as window_of
    cross join lateral (select ST_ClipByBox2D(shape, pane) as clipped) as cut
    where not ST_IsEmpty(clipped)
$$;

-- square  as regions_square numbers it
-- piece   what the square leaves of the outline, with the margin; null where the outline holds it whole
create or replace function regions_squares(outline geometry)
returns table (square bigint, piece geometry)
language sql immutable as $$
    with recursive cut as (
        select 0 as level, float8 '4' as size, x, y, clip.piece, clip.is_whole
        from generate_series(floor(ST_XMin(outline) / 4)::integer, floor(ST_XMax(outline) / 4)::integer) as x
        cross join generate_series(floor(ST_YMin(outline) / 4)::integer, floor(ST_YMax(outline) / 4)::integer) as y
        cross join lateral regions_clip(outline, x, y, 4) as clip
        union all
        select cut.level + 1, cut.size / 4, east, north, clip.piece, clip.is_whole
        from cut
        cross join lateral generate_series(cut.x * 4, cut.x * 4 + 3) as east
        cross join lateral generate_series(cut.y * 4, cut.y * 4 + 3) as north
        cross join lateral regions_clip(cut.piece, east, north, cut.size / 4) as clip
        where cut.level < 4 and not cut.is_whole and ST_NPoints(cut.piece) > 12
    )
    select regions_square(level, x * size, y * size), case when not is_whole then piece end
    from cut
    where is_whole or level = 4 or ST_NPoints(piece) <= 12
$$;
"""

GONE = """
drop function regions_squares(geometry);
drop function regions_clip(geometry, integer, integer, double precision);
drop function regions_square(integer, double precision, double precision);
"""

FOLLOW = """
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
"""

FOLLOW_BEFORE = """
create or replace function regions_boundary_parts_follow() returns trigger
language plpgsql as $$
begin
    delete from regions_boundarypart where boundary_id = new.id;
    insert into regions_boundarypart (boundary_id, geom)
    select new.id, (ST_Dump(piece)).geom from ST_Subdivide(new.geom, 128) as piece;
    return null;
end
$$;
"""

EXISTING = """
set local statement_timeout = 0;
insert into regions_boundarysquare (boundary_id, square, piece)
select b.id, held.square, held.piece from regions_boundary b cross join lateral regions_squares(b.geom) as held;
"""

LOCATE = """
drop index regions_boundarypart_box;

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
"""

LOCATE_BEFORE = """
create index regions_boundarypart_box on regions_boundarypart using gist ((geom::box));

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


class Migration(migrations.Migration):
    dependencies = [("regions", "0010_written_outlines")]

    operations = [
        migrations.CreateModel(
            name="BoundarySquare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("square", models.BigIntegerField()),
                (
                    "piece",
                    django.contrib.gis.db.models.fields.GeometryField(null=True, spatial_index=False, srid=4326),
                ),
                (
                    "boundary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="squares", to="regions.boundary"
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["square"], name="regions_boundarysquare_at")]},
        ),
        migrations.RunSQL(SQUARES, GONE),
        migrations.RunSQL(FOLLOW, FOLLOW_BEFORE),
        migrations.RunSQL(EXISTING, migrations.RunSQL.noop),
        migrations.RunSQL(LOCATE, LOCATE_BEFORE),
    ]
