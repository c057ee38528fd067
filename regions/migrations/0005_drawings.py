"""Drawings: outlines in Web Mercator, simplified for each band of zooms, kept by triggers; those that exist are drawn here.

Frozen copies of the text in ``regions/sql/``; a test demands that both agree.
"""

from django.contrib.gis.db.models import MultiPolygonField
from django.contrib.gis.db.models.functions import Transform
from django.db import migrations, models
from django.db.models.deletion import CASCADE

from gi_registry.ogc.versions import watch
from regions.geometry import as_multipolygon, from_geos, simplify_together, to_geos

MERCATOR = 3857
TOLERANCES_M = {"z5": 1222.993, "z7": 305.748, "z9": 76.437, "z11": 19.109, "z14": 2.389}
LEVELS = ("province", "city", "county")

DRAWN = """
-- An outline in EPSG:3857 as it is drawn up to a zoom: half a pixel of a tile 512 pixels wide may be lost, and what
-- would vanish altogether is kept whole.
create or replace function regions_drawn(outline geometry, zoom integer) returns geometry
language sql immutable strict parallel safe as $$
    select case when ST_IsEmpty(kept) then ST_Multi(outline) else ST_Multi(kept) end
    from ST_CollectionExtract(
        ST_MakeValid(ST_SimplifyVW(outline, (40075016.685578488 / 1024 / 2 ^ zoom) ^ 2)), 3
    ) as kept
$$;
"""

DIVISION_FOLLOWS = """
-- Keeps the drawing of a division in step with its outline, in the same transaction.
create or replace function regions_division_drawing_follows() returns trigger
language plpgsql as $$
begin
    insert into regions_divisiondrawing (division_id, z5, z7, z9, z11, z14)
    select new.id, regions_drawn(line, 5), regions_drawn(line, 7), regions_drawn(line, 9), regions_drawn(line, 11),
        regions_drawn(line, 14)
    from ST_Transform(new.geom, 3857) as line
    on conflict (division_id) do update
    set z5 = excluded.z5, z7 = excluded.z7, z9 = excluded.z9, z11 = excluded.z11, z14 = excluded.z14;
    return null;
end
$$;

create or replace trigger regions_division_drawing_follows
after insert or update of geom on regions_division
for each row execute function regions_division_drawing_follows();
"""

BOUNDARY_FOLLOWS = """
-- Keeps the drawing of a boundary in step with its outline, in the same transaction.
create or replace function regions_boundary_drawing_follows() returns trigger
language plpgsql as $$
begin
    insert into regions_boundarydrawing (boundary_id, z5, z7, z9, z11, z14)
    select new.id, regions_drawn(line, 5), regions_drawn(line, 7), regions_drawn(line, 9), regions_drawn(line, 11),
        regions_drawn(line, 14)
    from ST_Transform(new.geom, 3857) as line
    on conflict (boundary_id) do update
    set z5 = excluded.z5, z7 = excluded.z7, z9 = excluded.z9, z11 = excluded.z11, z14 = excluded.z14;
    return null;
end
$$;

create or replace trigger regions_boundary_drawing_follows
after insert or update of geom on regions_boundary
for each row execute function regions_boundary_drawing_follows();
"""

BY_DIVISIONS = """
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
"""

EXISTING = """
insert into regions_divisiondrawing (division_id, z5, z7, z9, z11, z14)
select id, regions_drawn(line, 5), regions_drawn(line, 7), regions_drawn(line, 9), regions_drawn(line, 11), regions_drawn(line, 14)
from regions_division, ST_Transform(geom, 3857) as line;
insert into regions_boundarydrawing (boundary_id, z5, z7, z9, z11, z14)
select id, regions_drawn(line, 5), regions_drawn(line, 7), regions_drawn(line, 9), regions_drawn(line, 11), regions_drawn(line, 14)
from regions_boundary, ST_Transform(geom, 3857) as line;
"""


def draw_together(apps, schema_editor):
    """Neighbouring divisions share their lines, and boundaries made of them follow."""
    division, drawing = apps.get_model("regions", "Division"), apps.get_model("regions", "DivisionDrawing")
    for level in LEVELS:
        rows = division.objects.filter(level=level, valid_to__isnull=True).order_by("code")
        lines = dict(rows.annotate(line=Transform("geom", MERCATOR)).values_list("pk", "line"))
        made = {pk: drawing(division_id=pk) for pk in lines}
        for band, tolerance in TOLERANCES_M.items():
            shapes = simplify_together([from_geos(line) for line in lines.values()], tolerance) if lines else []
            for each, shape in zip(made.values(), shapes, strict=True):
                setattr(each, band, to_geos(as_multipolygon(shape), MERCATOR))
        drawing.objects.bulk_update(made.values(), TOLERANCES_M)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT regions_draw_by_divisions(id) FROM regions_boundary")


def bands():
    return [(name, MultiPolygonField(srid=MERCATOR)) for name in TOLERANCES_M]


def drawing_of(name):
    key = models.OneToOneField(
        on_delete=CASCADE, primary_key=True, related_name="drawing", serialize=False, to=f"regions.{name}"
    )
    fields = [*bands(), (name, key)]
    return migrations.CreateModel(name=f"{name.capitalize()}Drawing", fields=fields, options={"abstract": False})


def followed(name, sql):
    gone = f"drop trigger regions_{name}_drawing_follows on regions_{name}; drop function regions_{name}_drawing_follows();"
    return migrations.RunSQL(sql, gone)


class Migration(migrations.Migration):
    dependencies = [("regions", "0004_noted_changes")]

    operations = [
        drawing_of("division"),
        drawing_of("boundary"),
        migrations.RunSQL(DRAWN, "drop function regions_drawn(geometry, integer);"),
        followed("division", DIVISION_FOLLOWS),
        followed("boundary", BOUNDARY_FOLLOWS),
        migrations.RunSQL(BY_DIVISIONS, "drop function regions_draw_by_divisions(bigint);"),
        migrations.RunSQL(EXISTING, migrations.RunSQL.noop),
        migrations.RunPython(draw_together, migrations.RunPython.noop),
        *watch("regions_divisiondrawing", "regions_boundarydrawing"),
    ]
