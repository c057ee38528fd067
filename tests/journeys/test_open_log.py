"""The open log on a phone: long hashes stay within the screen, and nothing is amiss for whoever hears the page."""

import pytest

from tests.build_openlog import say, the_log_here
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
