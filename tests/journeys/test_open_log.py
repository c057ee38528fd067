"""The open log on a phone: long hashes stay within the screen, and a bundle is verified there without anything leaving it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from gi_registry.openlog.evidence import evidence_of
from tests.build_bundles import repacked
from tests.build_openlog import SIGNER, say, the_log_here
from tests.cast import NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_the_log_an_entry_and_a_history_are_read_on_a_phone(settings, tmp_path, a_phone, looked_at, locale):
    log = the_log_here(settings, tmp_path)
    say(1, facts={"root": "ab" * 32, "lot": "7K3QX9PA28"}, secret={"reason": "封口不严"}, type="codes.issued")
    log.go_on(NOW)
    page = a_phone(locale=locale)
    for name, path in (("home", ""), ("entry", "entries/0/"), ("history", "objects/batch:0000000000/")):
        page.goto(f"/log/{path}")
        looked_at(page, f"{name}-{locale}")


OBJECTS = ["batch:0000000001", "batch:0000000002"]


@pytest.fixture
def evidence(settings, tmp_path) -> Path:
    """Two histories of the log of this site, what one of them only commits to, and a file beside them."""
    log = the_log_here(settings, tmp_path)
    say(9, secret={"reason": "封口不严"})
    log.go_on(NOW)
    place = tmp_path / "evidence.zip"
    place.write_bytes(evidence_of(OBJECTS, disclosed=OBJECTS[:1], besides={"how-it-came.json": b"{}"}))
    return place


@pytest.fixture
def bench(evidence, a_phone):
    """The page that verifies, and whatever it asks for after it has loaded."""

    def opened_page(locale: str = "zh-CN") -> tuple[Page, list[str]]:
        page, asked = a_phone(locale=locale), []
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda said: said.type == "error" and page.complaints.append(said.text))
        page.goto("/log/verify/", wait_until="networkidle")
        page.on("request", lambda request: asked.append(request.url))
        return page, asked

    return opened_page


def choose(page: Page, place: Path) -> None:
    page.locator("#bundle").set_input_files(place)


def drop(page: Page, place: Path) -> None:
    """From another window, beside the field."""
    page.evaluate(
        """([bytes, name]) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([new Uint8Array(bytes)], name, { type: "application/zip" }));
          document.querySelector("h1").dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
        }""",
        [list(place.read_bytes()), place.name],
    )


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_a_bundle_that_is_dropped_is_verified_without_anything_leaving_the_page(evidence, bench, looked_at, locale):
    page, asked = bench(locale)
    expect(page.locator("[data-without-script]")).to_be_hidden()
    looked_at(page, f"empty-{locale}")
    drop(page, evidence)
    title = page.locator("#found-title")
    expect(title).to_have_text(re.compile("通过：记录未被改动|Verified: the record is unchanged"))
    expect(page.locator("[data-found]")).to_be_focused()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(6)
    expect(rows.filter(has_text=re.compile("附未公开内容|discloses"))).to_have_count(3)
    expect(rows.first).to_contain_text(re.compile("批次放行|Batch released"))
    expect(page.locator("[data-found] dl")).to_contain_text(re.compile("本站的公钥|the key of this site"))
    expect(page.locator("[data-found]")).to_contain_text("besides/how-it-came.json")
    rows.first.locator("summary").press("Enter")
    expect(rows.first.locator("pre").last).to_have_text('{"reason":"封口不严"}')
    looked_at(page, f"passed-{locale}")
    assert (asked, page.complaints) == ([], [])


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_a_bundle_that_was_tampered_with_is_refused_with_its_reason(evidence, bench, looked_at, tmp_path, locale):
    page, asked = bench(locale)
    found = page.locator("[data-found]")
    for changed, file, words in (
        ({"disclosed/4.json": b"{}"}, "disclosed/4.json", "与条目中的摘要不符|not what the entry commits to"),
        ({"entries/4.json": b"{}"}, "proofs/4.tlog-proof", "算不出签名摘要里的树根|does not lead from the entry"),
        ({"proofs/7.tlog-proof": None}, "proofs/7.tlog-proof", "缺少此文件|is missing"),
        ({"notes.txt": b"<b>Ask us</b>"}, "notes.txt", "不属于此证据包|does not belong"),
    ):
        spoilt = repacked(evidence, changed, tmp_path)
        choose(page, spoilt.rename(tmp_path / f"without-{file.replace('/', '-')}.zip"))
        expect(found.locator("code").first).to_have_text(file)
        expect(found).to_contain_text(re.compile(words))
        expect(page.locator("#found-title")).to_have_text(re.compile("不通过|Refused"))
        expect(page.locator("tbody tr")).to_have_count(0)
    looked_at(page, f"refused-{locale}")
    assert (asked, page.complaints) == ([], [])


def test_the_key_decides_what_a_pass_means(evidence, bench, looked_at):
    page, asked = bench()
    title, key, verify = (
        page.locator("#found-title"),
        page.get_by_label("用这把公钥核对"),
        page.get_by_role("button", name="核对"),
    )
    verify.click()
    expect(page.get_by_role("status")).to_have_text("请先选一个证据包。")
    expect(page.locator("#bundle")).to_be_focused()
    ours = key.input_value()
    choose(page, evidence)
    expect(title).to_have_text("通过：记录未被改动")
    key.fill("")
    verify.press("Enter")
    expect(title).to_have_text("包内前后一致，但不知道是谁做的")
    expect(page.locator("[data-found] dl")).to_contain_text("证据包自带的公钥")
    looked_at(page, "own-key")
    key.fill(str(SIGNER.key))
    verify.press("Enter")
    expect(title).to_have_text("不通过")
    expect(page.locator("[data-found]")).to_contain_text("签名摘要上没有这把公钥的签名")
    key.fill(ours.replace("+", "+0", 1))
    verify.press("Enter")
    expect(page.locator("[data-found]")).to_contain_text("公钥与它的编号不符，可能抄错了。")
    assert (asked, page.complaints) == ([], [])


def test_a_browser_without_ed25519_says_that_it_verified_nothing(evidence, a_phone, looked_at):
    page = a_phone()
    page.add_init_script(
        "SubtleCrypto.prototype.importKey = async () => { throw new DOMException('', 'NotSupportedError'); };"
    )
    page.goto("/log/verify/")
    choose(page, evidence)
    expect(page.locator("#found-title")).to_have_text("没有核对")
    expect(page.locator("[data-found]")).to_contain_text("什么也没有核对")
    looked_at(page, "unable")


def test_without_scripts_the_page_names_the_other_way(evidence, a_phone):
    page = a_phone(java_script_enabled=False)
    page.goto("/log/verify/")
    expect(page.get_by_text("本页需要 JavaScript")).to_be_visible()
    expect(page.locator("[data-verify]")).to_be_hidden()
