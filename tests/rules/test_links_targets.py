"""Addresses that others propose to link to: only https, only to hosts with a public name, and none that looks like ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.links.targets import MAX_HREF, host_of, judged
from trace.rules.link_targets import MACHINE, TargetState, step_refusals

OURS = "gi.example-registry.cn"


@pytest.mark.parametrize(
    ("href", "served"),
    [
        ("https://www.zhangji-cu.cn", "https://www.zhangji-cu.cn/"),
        ("https://WWW.Zhangji-Cu.CN/A?b=c#d", "https://www.zhangji-cu.cn/A?b=c#d"),
        ("https://www.zhangji-cu.cn:443/a", "https://www.zhangji-cu.cn/a"),
        ("https://www.zhangji-cu.cn/醋?名=五", "https://www.zhangji-cu.cn/%E9%86%8B?%E5%90%8D=%E4%BA%94"),
        ("https://www.zhangji-cu.cn/%E9%86%8B", "https://www.zhangji-cu.cn/%E9%86%8B"),
        ("https://清徐陈醋.cn/", "https://xn--l4ts53asz0av7d.cn/"),
        ("https://a.b.c.d.e.cn//x//y", "https://a.b.c.d.e.cn//x//y"),
    ],
)
def test_public_addresses_are_taken_and_written_in_one_way(href, served):
    assert judged(href, our_host=OURS) == (served, [])


@pytest.mark.parametrize(
    ("href", "code"),
    [
        ("http://www.zhangji-cu.cn/", "href_scheme"),
        ("javascript:alert(1)", "href_scheme"),
        ("data:text/html,x", "href_scheme"),
        ("//www.zhangji-cu.cn/", "href_scheme"),
        ("/products/", "href_scheme"),
        ("https:www.zhangji-cu.cn", "href_host"),
        ("https:///www.zhangji-cu.cn/", "href_host"),
        ("https://user@www.zhangji-cu.cn/", "href_credentials"),
        (f"https://{OURS}@evil.cn/", "href_credentials"),
        ("https://user:pass@www.zhangji-cu.cn/", "href_credentials"),
        ("https://www.zhangji-cu.cn:8443/", "href_port"),
        ("https://www.zhangji-cu.cn:/", "href_port"),
        ("https://www.zhangji-cu.cn:x/", "href_form"),
        ("https://127.0.0.1/", "href_address"),
        ("https://10.0.0.1:443/", "href_address"),
        ("https://2130706433/", "href_host"),
        ("https://0x7f.1/", "href_address"),
        ("https://0177.0.0.0x1/", "href_address"),
        ("https://[::1]/", "href_host"),
        ("https://[::ffff:127.0.0.1]/", "href_host"),
        ("https://[x/", "href_form"),
        ("https://127.0.0.1./", "href_host"),
        ("https://localhost/", "href_host"),
        ("https://db.internal/", "href_host"),
        ("https://printer.local/", "href_host"),
        ("https://www.zhangji-cu.cn./", "href_host"),
        ("https://.cn/", "href_host"),
        ("https://a..cn/", "href_host"),
        ("https://-a.cn/", "href_host"),
        ("https://a_b.cn/", "href_host"),
        ("https://xn--a.cn/", "href_host"),
        (f"https://{OURS}/c/7K3QX9PA28", "href_ours"),
        (f"https://{OURS.upper()}/", "href_ours"),
        (f"https://{OURS}.evil.cn/", "href_ours"),
        (f"https://x{OURS}/", "href_ours"),
        ("https://gi。example-registry。cn/", "href_ours"),
        ("https://gi.ｅxample-registry.cn/", "href_ours"),
        ("https://www.zhangji-cu.cn/a b", "href_characters"),
        ("https://www.zhangji-cu.cn\\@evil.cn/", "href_characters"),
        ("https://www.zhangji-cu.cn/\n", "href_characters"),
        ("\thttps://www.zhangji-cu.cn/", "href_characters"),
        ('https://www.zhangji-cu.cn/"onclick="', "href_characters"),
        ("https://www.zhangji-cu.cn/%zz", "href_escape"),
        ("https://www.zhangji-cu.cn/" + "a" * MAX_HREF, "href_long"),
        ("https://www.zhangji-cu.cn/" + "醋" * 100, "href_long"),
        ("", "href_scheme"),
        ("https://", "href_host"),
    ],
)
def test_what_could_lead_astray_is_refused_with_its_reason(href, code):
    served, faults = judged(href, our_host=f"{OURS}:443")
    assert (served, [fault.code for fault in faults]) == ("", [code])
    assert faults[0].text.zh
    assert faults[0].text.en


@given(
    st.text(max_size=60), st.sampled_from(["", "https://", "https://www.zhangji-cu.cn/", "https://www.zhangji-cu.cn"])
)
def test_whatever_is_proposed_is_judged_and_what_is_taken_names_a_public_host(text, before):
    served, faults = judged(before + text, our_host=OURS)
    assert bool(served) != bool(faults)
    if served:
        assert served.startswith("https://")
        assert served.isascii()
        assert "." in host_of(served)
        assert judged(served, our_host=OURS) == (served, [])


@pytest.mark.parametrize("state", list(TargetState))
@pytest.mark.parametrize("to", list(TargetState))
def test_an_address_moves_along_its_steps_only_and_a_no_needs_its_reason(state, to):
    assert bool(step_refusals(state, to, "原因")) == (to not in MACHINE[state])
    silent = [fault.code for fault in step_refusals(state, to, " ")]
    assert ("reason_missing" in silent) == (to in (TargetState.REFUSED, TargetState.WITHDRAWN))
