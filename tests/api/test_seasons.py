"""/api/v1/products/seasons/: set by a holder of the name or the registrar, public to read."""

import pytest

from tests.api.asking import codes, send
from tests.build_products import a_season, an_indication

pytestmark = pytest.mark.django_db
SEASON = {"name": "2027 年产季", "opens_on": "2027-09-01", "closes_on": "2027-12-31"}


def test_the_holder_of_a_title_sets_its_season(cast, register, as_machine):
    data = SEASON | {"indication": register.indication.slug}
    answer = send(as_machine(cast.chen), "post", "/api/v1/products/seasons/", data)
    assert answer.status_code == 201
    listed = as_machine(None).get("/api/v1/products/seasons/", {"on": "2027-10-01"}).json()["results"]
    assert [season["name"] for season in listed] == ["2027 年产季"]
    other = data | {"indication": an_indication("清徐葡萄").slug}
    assert send(as_machine(cast.chen), "post", "/api/v1/products/seasons/", other).status_code == 403
    crossed = data | {"name": "x", "closes_on": "2027-01-01"}
    answer = send(as_machine(cast.chen), "post", "/api/v1/products/seasons/", crossed)
    assert codes(answer) == [("/closes_on", "dates_out_of_order")]


def test_a_season_is_changed_with_what_was_read(cast, register, as_machine):
    season = a_season(register.indication)
    url = f"/api/v1/products/seasons/{season.number}/"
    answer = send(as_machine(cast.lin), "patch", url, {"closes_on": "2026-12-15"}, If_Match='"v1"')
    assert (answer.status_code, answer.json()["closes_on"]) == (200, "2026-12-15")
    assert send(as_machine(cast.zhang), "patch", url, {"name": "x"}, If_Match="*").status_code == 403
    assert as_machine(cast.lin).get(f"{url}history/").status_code == 200
