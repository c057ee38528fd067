"""The staff admin: looks at everything, and takes the steps of the rooms with a reason, refused as anywhere else."""

import pytest

from gi_registry.lib.ids import grouped
from tests.build_products import a_site
from tests.cast import NOW
from trace.actions import TargetContent, propose_target
from trace.models import Batch
from trace.rules.link_targets import TargetKind, TargetLanguage

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(cast, client):
    """Lin the registrar, who may enter the admin."""
    cast.lin.user.is_staff = True
    cast.lin.user.save()
    client.force_login(cast.lin.user)
    return client


def step(client, path, action, row, **given):
    data = {"action": action, "_selected_action": [row.pk], **given}
    answer = client.post(f"/admin/{path}/", data, follow=True, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_batch_is_put_on_hold_and_resumed_with_a_reason(goods, staff):
    batch = goods.batch()
    step(staff, "trace/batch", "hold", batch, reason="抽检结果未出")
    batch.refresh_from_db()
    assert (batch.state, batch.state_reason) == ("on_hold", "抽检结果未出")
    assert "抽检结果未出" in staff.get(f"/admin/trace/batch/{batch.pk}/history/").content.decode()
    step(staff, "trace/batch", "resume", batch, reason="合格")
    batch.refresh_from_db()
    assert batch.state == "released"


def test_a_step_without_its_reason_is_refused_in_words(goods, staff):
    batch = goods.batch()
    page = step(staff, "trace/batch", "recall", batch)
    batch.refresh_from_db()
    assert batch.state == "released"
    assert "errorlist" in page or 'class="error"' in page


def test_staff_without_a_role_change_nothing(cast, goods, client):
    cast.hu.user.is_staff = True
    cast.hu.user.save()
    client.force_login(cast.hu.user)
    batch = goods.batch()
    step(client, "trace/batch", "hold", batch, reason="试试")
    assert Batch.objects.get(pk=batch.pk).state == "released"


def test_a_title_is_not_recognised_without_its_proof(goods, staff):
    title = goods.register.title
    before = title.status
    page = step(staff, "products/title", "move", title, to="recognised", reason="补录")
    title.refresh_from_db()
    assert title.status == before
    assert 'class="error"' in page
    assert "Choose the state" in step(staff, "products/title", "move", title)


def test_an_authorisation_is_suspended_with_a_reason(goods, staff):
    right = goods.register.authorisation
    step(staff, "products/authorisation", "move", right, to="suspended", reason="整改", deadline_on="2099-01-01")
    right.refresh_from_db()
    assert (right.state, right.state_reason) == ("suspended", "整改")


def test_a_site_is_retired_and_a_settled_one_is_not_reviewed_again(goods, staff):
    site = goods.register.field
    assert 'class="error"' in step(staff, "products/site", "accept", site, reason="现场看过")
    step(staff, "products/site", "retire", site, reason="改种")
    site.refresh_from_db()
    assert site.state == "retired"


def test_a_county_is_shown_the_sites_that_wait_for_it_and_no_other_county_is(cast, goods, client):
    site = a_site(goods.register.zhang, goods.register.indication, box=(112.1, 37.4001, 112.101, 37.401))
    assert site.state == "flagged"
    for person, is_told in ((cast.li, True), (cast.wang, True), (cast.zhao, False), (cast.sun, False)):
        client.force_login(person.user)
        page = client.get("/portal/").content.decode()
        assert (grouped(site.number) in page, "等待处理" in page) == (is_told, is_told)


def test_an_address_elsewhere_is_accepted_and_taken_down(goods, staff):
    content = TargetContent(
        TargetKind.PIP, "https://www.zhangji-cu.cn/5", TargetLanguage.ZH, label_zh="五年陈酿醋", form=goods.form
    )
    target = propose_target(content=content, actor=goods.maker, now=NOW)
    step(staff, "trace/linktarget", "accept", target)
    target.refresh_from_db()
    assert target.state == "accepted"
    page = step(staff, "trace/linktarget", "withdraw", target)
    assert 'class="error"' in page
    step(staff, "trace/linktarget", "withdraw", target, reason="网站停用")
    target.refresh_from_db()
    assert (target.state, target.state_reason) == ("withdrawn", "网站停用")
