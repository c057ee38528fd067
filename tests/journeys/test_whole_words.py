"""English on a phone: no word breaks within, in the usual type or the large one."""

from typing import Any

import pytest

from tests.build_codes import an_issuance
from tests.build_trace import checks_forgotten, the_goods
from tests.journeys.test_desk import signed_in
from trace.rules.verdicts import Verdict

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BROKEN = """() => {
  const broken = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    for (const word of node.data.matchAll(/[A-Za-z]{4,}/g)) {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const lines = [...range.getClientRects()].filter(box => box.width > 0).map(box => Math.round(box.top));
      if (new Set(lines).size > 1) broken.push(word[0]);
    }
  }
  return broken;
}"""


def test_no_word_breaks_within_on_the_pages_of_a_check_a_report_and_an_issuance(cast, a_phone, live_server, settings):
    with checks_forgotten():
        goods = the_goods(cast)
        issuance = an_issuance(goods, goods.batch(), 1_000)
        paths = [f"/c/wording/{verdict}/" for verdict in Verdict] + ["/c/", "/c/report/"]
        paths.append(f"/portal/issuances/{issuance.number}/")
        faults: dict[str, Any] = {}
        for large in (False, True):
            page = signed_in(a_phone(locale="en-GB"), cast.zhang, live_server)
            if large:
                page.context.add_cookies([{"name": "type", "value": "large", "url": live_server.url}])
            for path in paths:
                page.goto(path)
                if broken := page.evaluate(BROKEN):
                    faults[f"{path} large={large}"] = broken
        assert faults == {}
