"""Where goods come from and go to, on the producers' desk."""

import pytest
from django.urls import reverse

from tests.build_genealogy import a_draft, a_link, a_lot, made_of
from trace.models import BatchLink
from trace.rules.batches import BatchState
from trace.rules.genealogy import InputKind

pytestmark = pytest.mark.django_db


def page_of(batch) -> str:
    return reverse("portal-genealogy", args=[batch.number])


def test_a_lineage_is_drawn_and_told_link_by_link(goods, cast, as_person):
    cask = a_lot(goods)
    blend = made_of(goods, cask, a_lot(goods))
    page = as_person(cast.zhang).get(page_of(blend)).content.decode()
    assert page.count('class="way way--held"') == 2
    assert page.count('<g class="box') == 3
    assert "100 升" in page
    assert "填写投料" not in page, "its inputs are settled"


def test_an_input_is_added_by_the_lot_as_it_is_typed_and_withdrawn_again(goods, cast, as_person):
    cask, draft = a_lot(goods), a_draft(goods)
    zhang = as_person(cast.zhang)
    told = {"parent": f"{cask.number[:5]} {cask.number[5:]}".lower(), "quantity": "１，０００", "unit": "litre"}
    answer = zhang.post(reverse("portal-add-input", args=[draft.number]), {**told, "kind": InputKind.BLEND})
    assert answer.status_code == 302, answer.content.decode()
    link = BatchLink.objects.get()
    assert (link.parent, link.quantity) == (cask, 1_000)
    assert "撤回这项投料" in zhang.get(page_of(draft)).content.decode()
    zhang.post(reverse("portal-input-work", args=[link.number, "end"]), {"of": draft.number})
    link.refresh_from_db()
    assert link.valid_to == link.valid_from


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"parent": "0000000000"}, "没有这个批次号"),
        ({"parent": "\x00"}, "含有无法保存的字符"),
        ({"quantity": "-1"}, "数量必须大于零"),
        ({"quantity": "1001"}, "只剩 1000 升可用"),
        ({"unit": "kilogram"}, "请用同类单位"),
    ],
)
def test_what_cannot_be_is_told_beside_what_was_typed(goods, cast, as_person, change, said):
    cask, draft = a_lot(goods), a_draft(goods)
    told = {"parent": cask.number, "quantity": "1", "unit": "litre", "kind": InputKind.BLEND, **change}
    answer = as_person(cast.zhang).post(reverse("portal-add-input", args=[draft.number]), told)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert BatchLink.objects.count() == 0


def test_strangers_see_no_lineage_and_officials_change_none(goods, cast, as_person):
    draft = a_draft(goods)
    link = a_link(goods, a_lot(goods, state=BatchState.RELEASED), draft)
    assert as_person(cast.feng).get(page_of(draft)).status_code == 404
    assert as_person(cast.li).get(page_of(draft)).status_code == 200
    work = reverse("portal-input-work", args=[link.number, "end"])
    assert as_person(cast.li).post(work, {"of": draft.number}).status_code == 403
    assert as_person(cast.feng).post(work).status_code == 404


def test_the_sheet_has_a_line_a_link_and_no_formula(goods, cast, as_machine):
    cask = a_lot(goods)
    goods.form.name_zh = "=HYPERLINK(1)"
    goods.form.save()
    made_of(goods, cask)
    answer = as_machine(cast.zhang).get(f"/api/v1/trace/batches/{cask.number}/genealogy.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert ",'=HYPERLINK(1)," in lines[1]
    assert ",100.000," in lines[1]
