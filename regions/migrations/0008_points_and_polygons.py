"""The lines of boundaries in short runs, the triggers that keep them, and the questions about many points and polygons.

Frozen copies of the text in ``regions/sql/``; a test demands that both agree.
"""

import django.contrib.gis.db.models.fields
import django.db.models.deletion
from django.db import migrations, models

BOUNDARY_EDGES = """
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
"""

# The trigger fires for every outline that is already there; nothing else about it changes.
EXISTING = """
set local statement_timeout = 0;
update regions_boundary set accuracy_m = accuracy_m;
"""

LOCATE = """
-- What holds each of many points: facts only, one row a point, in the order given. Nothing here knows of days: the
-- caller keeps the boundaries that hold on the day asked for.
--
-- divisions  ids of divisions whose outline holds it (a line belongs to both sides)
-- covering   ids of boundaries whose outline holds it
-- near       ids of boundaries whose line runs within their accuracy_m of it, on either side
--
-- An id stands in a list once for each piece that says so: the caller drops repeats for less than a sort costs here.
--
-- Pieces are found by PostgreSQL's own boxes. Their index answers a point two to four times as fast as the one of
-- geometries, which keeps float4 boxes and looks at every row again; "is true" keeps the planner from that other index.
--
-- Distances in EPSG:3857 times the cosine of the latitude are 0.9966 to 1.0067 of the true ones (the ellipsoid), and a
-- wide band adds what the cosine changes across it. What lies clear of that doubt is decided by them; the few points
-- within it are measured on the ellipsoid.
create index if not exists regions_divisionpart_box on regions_divisionpart using gist ((geom::box));
create index if not exists regions_boundarypart_box on regions_boundarypart using gist ((geom::box));
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

ASSESS = """
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
"""

SHARES = """
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
"""


class Migration(migrations.Migration):
    dependencies = [("regions", "0007_drawn_cells")]

    operations = [
        migrations.CreateModel(
            name="BoundaryEdge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", django.contrib.gis.db.models.fields.LineStringField(spatial_index=False, srid=3857)),
                ("reach", models.FloatField()),
                ("accuracy_m", models.PositiveIntegerField()),
                (
                    "boundary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="edges", to="regions.boundary"
                    ),
                ),
            ],
        ),
        migrations.RunSQL(
            BOUNDARY_EDGES,
            "drop trigger regions_boundary_edges_follow on regions_boundary;"
            "drop function regions_boundary_edges_follow();",
        ),
        migrations.RunSQL(EXISTING, migrations.RunSQL.noop),
        migrations.RunSQL(
            LOCATE,
            "drop function regions_locate(double precision[], double precision[]);"
            "drop index regions_divisionpart_box; drop index regions_boundarypart_box; drop index regions_boundaryedge_box;",
        ),
        migrations.RunSQL(ASSESS, "drop function regions_assess(bytea[], date, bigint[]);"),
        migrations.RunSQL(SHARES, "drop function regions_shares(bytea[]);"),
    ]
