"""Files of sites on real PostGIS: what the preview says is what the register then does, each row once, whoever comes when."""

import io
import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, connections
from python_calamine import CalamineWorkbook

from gi_registry.lib import clock
from gi_registry.lib.history import history_of
from gi_registry.lib.problems import Forbidden, Invalid, Missing, Refused
from products import actions
from products.models import Site, SiteUpload, SiteUploadRow
from products.queries import upload_counts
from products.rules.uploads import KEPT_FOR, MAX_OPEN, told
from products.rules.words import SiteKind, UploadCrs
from products.upload_books import with_faults
from regions.rules.gcj02 import bd09_of, gcj02_of
from tests.build_files import a_layer, a_shapefile, collection, feature, fields, shapefile_parts, zipped, zone_prj
from tests.build_products import QINGXU_FIELD, a_site, the_register
from tests.build_regions import a_square
from tests.build_sheets import site_sheet, workbook
from tests.cast import NOW, assemble

pytestmark = pytest.mark.django_db

# In Qingxu: two free fields, one near the line, one outside the region, one on the ground of Zhang's field.
FREE, BESIDE = (112.12, 37.45, 112.121, 37.451), (112.122, 37.45, 112.123, 37.451)
NEAR, OUTSIDE = (112.1, 37.4001, 112.101, 37.401), (112.22, 37.54, 112.221, 37.541)


def for_ever() -> bool:
    return True


def stage(register, cast, data, *, name="plots.geojson", now=NOW, **more):
    facts = {"producer": register.zhang, "indication": register.indication, "actor": cast.zhang.actor}
    return actions.stage_upload(**{**facts, "file_name": name, "data": data, "now": now, **more})


def check(upload, cast, is_time=for_ever):
    return actions.check_upload(upload=upload, actor=cast.zhang.actor, now=NOW, is_time=is_time)


def commit(upload, cast, is_time=for_ever, **more):
    return actions.commit_upload(upload=upload, actor=cast.zhang.actor, now=NOW, is_time=is_time, **more)


def rows(upload, field="outcome"):
    return list(upload.rows.order_by("number").values_list(field, flat=True))


def codes(upload):
    return [[fault.code for fault in told(row.faults)] for row in upload.rows.order_by("number")]


def fault_of(call) -> tuple[str, str]:
    with pytest.raises((Invalid, Refused)) as no:
        call()
    return no.value.errors[0].pointer, no.value.errors[0].code


def times(most):
    """Time for so many looks at the clock."""
    left = [most]

    def is_time() -> bool:
        left[0] -= 1
        return left[0] >= 0

    return is_time


def test_a_spreadsheet_goes_the_way_of_other_files_and_its_coordinates_may_be_those_of_web_maps(cast, register):
    data = site_sheet(FREE, NEAR, OUTSIDE, QINGXU_FIELD, turn=gcj02_of)
    assert fault_of(lambda: stage(register, cast, data)) == ("/crs", "crs_missing")
    upload = stage(register, cast, data, declared_crs=UploadCrs.GCJ02)
    assert (upload.format, upload.crs, upload.unknown_columns) == ("sheet", "gcj02", [])
    check(upload, cast)
    assert rows(upload) == ["active", "flagged", "refused", "refused"]
    assert rows(upload, "number") == [2, 3, 4, 5]
    commit(upload, cast)
    plain = stage(register, cast, fields(FREE))
    made, meant = (Site.objects.get(name="地块1").geom, plain.rows.get().geom)
    assert made.sym_difference(meant).area < 1e-10


def handed_back(upload) -> list[list]:
    return CalamineWorkbook.from_filelike(io.BytesIO(with_faults(upload))).get_sheet_by_index(0).to_python()


def test_the_rows_of_a_spreadsheet_that_are_no_sites_are_handed_back_with_the_reason_and_come_in_corrected(
    cast, register
):
    head = ("名称", "类型", "经度", "纬度", "电话", "备注")
    good, far = (112.12, 37.45), (112.22, 37.54)
    data = workbook(
        [
            ("甲", "车间", *good, "13800000000", "+1"),
            ("乙", "车间", *far, "13900000000", "@SUM(A1)"),
            ("丙", "没有这种", *good, None, "@SUM"),
        ],
        head,
    )
    upload = stage(register, cast, data, name="场地.xlsx", declared_crs=UploadCrs.WGS84)
    check(upload, cast)
    header, second, third = handed_back(upload)
    assert header == ["错误说明", "登记编号", *head]
    assert ("乙" in second, "丙" in third) == (True, True)
    assert "产地范围" in second[0]
    assert second[2:] == ["乙", "车间", *far, "13900000000", "@SUM(A1)"]
    commit(upload, cast)
    assert [row[2] for row in handed_back(upload)[1:]] == ["乙", "丙"]
    assert upload.rows.get(number=2).cells is None, "what stood beside a site is not kept"
    # Corrected and brought again, it has no column that is not known but those that there were.
    corrected = [["", "", *second[2:4], *good, *second[6:]]]
    again = stage(register, cast, workbook(corrected, header), declared_crs=UploadCrs.WGS84)
    assert again.unknown_columns == ["电话", "备注"]
    check(again, cast)
    assert rows(again) == ["active"]
    with pytest.raises(Missing):
        with_faults(again)


def test_what_is_kept_to_be_handed_back_is_forgotten_with_the_file(cast, register):
    data = workbook([("甲", "车间", 112.12, 37.45), ("乙", "车间", 112.22, 37.54)], ("名称", "类型", "经度", "纬度"))
    upload = stage(register, cast, data, declared_crs=UploadCrs.WGS84)
    check(upload, cast)
    commit(upload, cast)
    actions.forget_uploads(now=NOW + KEPT_FOR)
    assert len(handed_back(upload)) == 2
    actions.forget_uploads(now=NOW + KEPT_FOR + timedelta(seconds=1))
    assert upload.rows.filter(cells__isnull=False).count() == 0
    with pytest.raises(Missing):
        with_faults(upload)
    plots = stage(register, cast, fields(OUTSIDE))
    check(plots, cast)
    with pytest.raises(Missing):  # another kind of file
        with_faults(plots)


@pytest.mark.parametrize("make", [fields, a_shapefile, a_layer])
def test_what_the_preview_expects_is_what_the_register_does(cast, register, make):
    upload = stage(register, cast, make(FREE, NEAR, OUTSIDE, QINGXU_FIELD))
    assert Site.objects.count() == 2, "staging registers nothing"
    assert check(upload, cast) == 0
    assert rows(upload) == ["active", "flagged", "refused", "refused"]
    expected = codes(upload)
    assert expected == [[], [], ["site_outside"], ["site_overlap"]]
    assert Site.objects.count() == 2, "looking registers nothing"
    done = commit(upload, cast)
    assert (done.state, rows(upload, "state")) == ("done", ["done", "done", "refused", "refused"])
    assert (rows(upload), codes(upload)) == (["active", "flagged", "refused", "refused"], expected)
    assert list(Site.objects.order_by("-pk").values_list("state", flat=True)[:2]) == ["flagged", "active"]


def test_the_history_of_a_site_names_its_file_and_row(cast, register):
    upload = commit(stage(register, cast, fields(FREE)), cast)
    event = history_of(upload.rows.get().site)[0]
    assert (event["who"], event["why"]) == ("张师傅", f"批量上传 upload {upload.number}, row 1")


def test_two_rows_on_the_same_ground_are_found_and_the_earlier_goes_first(cast, register):
    half = (112.1205, 37.45, 112.1215, 37.451)
    upload = stage(register, cast, fields(FREE, half))
    check(upload, cast)
    assert (rows(upload), codes(upload)) == (["active", "refused"], [[], ["row_overlap"]])
    done = commit(upload, cast, leave_out=[1])
    assert (done.state, rows(upload, "state")) == ("done", ["left_out", "done"])


def test_a_file_may_be_registered_unseen(cast, register):
    upload = commit(stage(register, cast, fields(FREE, BESIDE)), cast)
    assert (upload.state, rows(upload, "state")) == ("done", ["done", "done"])


def test_rows_that_can_never_be_sites_are_told_and_never_tried(cast, register):
    bowtie = {"type": "Polygon", "coordinates": [[[112, 37], [112.1, 37.1], [112.1, 37], [112, 37.1], [112, 37]]]}
    swapped = {"type": "Polygon", "coordinates": [[[y, x] for x, y in a_square(*FREE)["coordinates"][0]]]}
    shapes = [bowtie, swapped, {"type": "LineString", "coordinates": [[112, 37], [113, 38]]}, None, "x", {}]
    named = [{"type": "Feature", "properties": {"name": "a", "kind": "field"}, "geometry": shape} for shape in shapes]
    upload = stage(register, cast, collection(*named, feature(FREE), feature(FREE, name="b", kind="月地")))
    assert codes(upload) == [
        ["self_crossing"],
        ["axes_swapped"],
        ["geometry_type"],
        ["geometry_missing"],
        ["geometry_not_object"],
        ["geometry_type"],
        ["name_missing", "kind_missing"],
        ["kind_unknown"],
    ]
    assert set(rows(upload, "state")) == {"faulty"}
    assert (commit(upload, cast).state, Site.objects.count()) == ("done", 2)


def test_a_kind_for_the_whole_file_and_columns_that_are_not_used(cast, register):
    data = collection(feature(FREE, name="a", owner="x", 面积="3"), feature(BESIDE, name="b", kind="果园"))
    upload = stage(register, cast, data, default_kind=SiteKind.FIELD)
    assert (rows(upload, "kind"), upload.unknown_columns) == (["field", "orchard"], ["owner", "面积"])


@pytest.mark.parametrize(
    ("meridian", "easting"), [(111.0, 500000.0), (114.0, 500000.0), (111.0, 37500000.0), (114.0, 38500000.0)]
)
def test_a_survey_in_a_gauss_krueger_zone_lands_where_it_was_measured(cast, register, meridian, easting):
    srid = {111.0: 4546, 114.0: 4547}[meridian]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_X(p), ST_Y(p) FROM (SELECT (ST_DumpPoints(ST_Transform("
            "ST_MakeEnvelope(%s, %s, %s, %s, 4326), %s))).geom p) d",
            [*FREE, srid],
        )
        ring = [(x - 500000.0 + easting, y) for x, y in cursor.fetchall()]
    parts = shapefile_parts([[ring], [[(0, 0), (0, 1), (1, 1), (0, 0)]]], [("a", "田地"), ("b", "田地")])
    upload = stage(register, cast, zipped({**parts, ".prj": zone_prj(meridian, easting).encode()}))
    assert codes(upload) == [[], ["outside_zone"]]
    west, south, east, north = upload.rows.get(number=1).geom.extent
    assert (west, south, east, north) == pytest.approx(FREE, abs=2e-7)


@pytest.mark.parametrize(("system", "shift"), [(UploadCrs.GCJ02, gcj02_of), (UploadCrs.BD09, bd09_of)])
def test_a_file_drawn_on_a_web_map_of_china_is_shifted_back(cast, register, system, shift):
    box = (*shift(*FREE[:2]), *shift(*FREE[2:]))
    upload = stage(register, cast, fields(box), declared_crs=system)
    assert (upload.crs, upload.rows.get().geom.extent) == (system, pytest.approx(FREE, abs=2e-6))
    assert abs(box[0] - FREE[0]) > 0.003
    odd = [{"type": "Polygon", "coordinates": "x"}, {"type": "LineString", "coordinates": [[112, 37], [113, 38]]}, 7]
    data = collection(*({"type": "Feature", "properties": {"name": "a", "kind": "field"}, "geometry": g} for g in odd))
    upload = stage(register, cast, data, declared_crs=system)
    assert codes(upload) == [["geometry_not_list"], ["geometry_type"], ["geometry_not_object"]]


def test_a_shapefile_without_a_system_needs_the_word_of_its_uploader(cast, register):
    data = a_shapefile(FREE, prj=None)
    assert fault_of(lambda: stage(register, cast, data)) == ("/crs", "crs_missing")
    assert fault_of(lambda: stage(register, cast, a_shapefile(FREE), declared_crs=UploadCrs.GK_111)) == (
        "/crs",
        "crs_conflict",
    )
    assert stage(register, cast, data, declared_crs=UploadCrs.CGCS2000).crs == "EPSG:4490"
    assert SiteUpload.objects.count() == 1


def test_a_file_that_cannot_be_read_leaves_nothing(cast, register):
    assert fault_of(lambda: stage(register, cast, b"%PDF-1.7")) == ("/file", "format_unknown")
    assert (SiteUpload.objects.count(), SiteUploadRow.objects.count()) == (0, 0)


def test_nobody_uploads_for_another_and_the_county_may(cast, register):
    with pytest.raises(Forbidden):
        stage(register, cast, fields(FREE), actor=cast.feng.actor)
    upload = stage(register, cast, fields(FREE), actor=cast.li.actor)
    for call in (check, commit):
        with pytest.raises(Forbidden):
            call(upload, type(cast)(**{**vars(cast), "zhang": cast.feng}))
    assert SiteUpload.objects.visible_to(cast.zhang.actor).get() == upload
    for stranger in (cast.feng, cast.chen, cast.hu, cast.gao):
        assert not SiteUpload.objects.visible_to(stranger.actor).exists()


def test_a_refusal_names_only_the_producers_own_sites(cast, register):
    """Whoever uploads it, the producer reads it: the registrar sees all sites, Feng does not see Zhang's."""
    for owner, is_named in ((register.feng, False), (register.zhang, True)):
        upload = stage(register, cast, fields(QINGXU_FIELD), producer=owner, actor=cast.lin.actor)
        actions.check_upload(upload=upload, actor=cast.lin.actor, now=NOW, is_time=for_ever)
        assert (register.field.number in str(upload.rows.get().faults)) is is_named
        actions.commit_upload(upload=upload, actor=cast.lin.actor, now=NOW, is_time=for_ever)
        assert (register.field.number in str(upload.rows.get().faults)) is is_named


def test_work_stops_in_time_and_goes_on_where_it_stopped(cast, register):
    upload = stage(register, cast, fields(FREE, BESIDE, NEAR))
    assert check(upload, cast, times(2)) == 1
    assert check(upload, cast) == 0
    half = commit(upload, cast, times(2))
    assert (half.state, rows(upload, "state")) == ("committing", ["done", "done", "ready"])
    done = commit(upload, cast)
    again = commit(upload, cast)
    assert (done.state, again.state, Site.objects.count()) == ("done", "done", 5)


def test_a_row_that_is_not_there_cannot_be_left_out(cast, register):
    upload = stage(register, cast, fields(FREE))
    assert fault_of(lambda: commit(upload, cast, leave_out=[2])) == ("/leave_out", "row_unknown")
    assert SiteUpload.objects.get().state == "staged"


def test_the_same_bytes_are_recognised(cast, register):
    first = stage(register, cast, fields(FREE))
    second = stage(register, cast, fields(FREE), name="again.geojson")
    assert (first.same_as, second.same_as) == ("", first.number)
    assert stage(register, cast, fields(FREE), producer=register.feng, actor=cast.feng.actor).same_as == ""


def test_a_producer_keeps_a_bounded_number_of_unfinished_files(cast, register):
    for _ in range(MAX_OPEN):
        last = stage(register, cast, fields(FREE))
    assert fault_of(lambda: stage(register, cast, fields(FREE))) == ("/producer", "too_many_uploads")
    actions.discard_upload(upload=last, actor=cast.zhang.actor, now=NOW)
    stage(register, cast, fields(FREE))


def test_a_discarded_file_is_gone_and_cannot_come_back(cast, register):
    upload = stage(register, cast, fields(FREE))
    assert actions.discard_upload(upload=upload, actor=cast.zhang.actor, now=NOW).state == "discarded"
    assert not upload.rows.exists()
    assert fault_of(lambda: commit(upload, cast)) == ("", "upload_discarded")
    assert fault_of(lambda: actions.discard_upload(upload=upload, actor=cast.zhang.actor, now=NOW)) == (
        "",
        "upload_over",
    )


def test_giving_up_half_way_keeps_what_was_registered(cast, register):
    upload = stage(register, cast, fields(FREE, BESIDE))
    commit(upload, cast, times(1))
    assert actions.discard_upload(upload=upload, actor=cast.zhang.actor, now=NOW).state == "done"
    assert rows(upload, "state") == ["done", "left_out"]


def test_unfinished_files_die_after_thirty_days(cast, register):
    now = clock.now()
    old, half, fresh = (
        stage(register, cast, fields(box), now=now - timedelta(days=age))
        for box, age in ((FREE, 31), (BESIDE, 31), (NEAR, 29))
    )
    actions.commit_upload(upload=half, actor=cast.zhang.actor, now=now - timedelta(days=31), is_time=times(1))
    said = StringIO()
    call_command("daily", stdout=said)
    assert "uploads given up: 2" in said.getvalue()
    assert not SiteUpload.objects.filter(pk=old.pk).exists()
    assert {upload.pk: upload.state for upload in SiteUpload.objects.all()} == {half.pk: "done", fresh.pk: "staged"}


def test_counts_come_in_one_question(cast, register, django_assert_num_queries):
    uploads = [stage(register, cast, fields(FREE, QINGXU_FIELD)) for _ in range(3)]
    check(uploads[0], cast)
    with django_assert_num_queries(1):
        counts = upload_counts(uploads)
    first, second = counts[uploads[0].pk], counts[uploads[1].pk]
    assert (first.active, first.refused, first.waiting, second.waiting) == (1, 1, 0, 2)


@pytest.mark.django_db(transaction=True)
def test_of_many_commits_at_once_each_row_becomes_one_site():
    cast = assemble()
    register = the_register(cast)
    boxes = [(112.12 + n / 500, 37.45, 112.121 + n / 500, 37.451) for n in range(12)]
    upload = actions.stage_upload(
        producer=register.zhang,
        indication=register.indication,
        file_name="many",
        data=fields(*boxes),
        actor=cast.zhang.actor,
        now=NOW,
    )
    before, gate, outcomes = Site.objects.count(), threading.Barrier(5), []
    actor = cast.zhang.actor

    def work(act):
        try:
            gate.wait(timeout=20)
            outcomes.append(act())
        except Refused as no:
            outcomes.append(no.errors[0].code)
        finally:
            connections.close_all()

    def commit_it():
        return actions.commit_upload(upload=upload, actor=actor, now=NOW, is_time=for_ever).state

    def look_at_it():
        return actions.check_upload(upload=upload, actor=actor, now=NOW, is_time=for_ever) and None

    def take_the_last():
        a_site(register.feng, register.indication, box=boxes[-1])
        return "taken"

    calls = [commit_it, commit_it, commit_it, look_at_it, take_the_last]
    threads = [threading.Thread(target=work, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connection.ensure_connection()
    assert len(outcomes) == 5
    assert outcomes.count("done") == 3
    states = rows(upload, "state")
    assert states[:-1] == ["done"] * 11
    assert states[-1] == ("refused" if "taken" in outcomes else "done")
    assert Site.objects.count() == before + 12
