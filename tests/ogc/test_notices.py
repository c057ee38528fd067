"""What an installation says with its maps reaches every layer and every page that draws one."""

import pytest

from gi_registry.lib.texts import Text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def register(register):
    return register


@pytest.fixture
def told(settings):
    settings.MAP_REVIEW_NUMBER = "晋S〔2026〕001号"
    settings.MAP_ATTRIBUTION = Text.read("山西省某局|An office of Shanxi")
    settings.MAP_ACCURACY = Text.read(" 误差约一百米。 | Within a hundred metres. ")


def attributions(client, **more):
    listed = client.get("/ogc/collections", **more).json()["collections"]
    assert [client.get(f"/ogc/collections/{each['id']}", **more).json()["attribution"] for each in listed] == [
        each["attribution"] for each in listed
    ]
    return {each["id"]: each["attribution"] for each in listed}


def test_every_layer_names_provider_source_accuracy_and_review(client, told):
    found = attributions(client)
    assert all(said.startswith("山西省某局 · ") for said in found.values())
    assert all(said.endswith("误差约一百米。 审图号：晋S〔2026〕001号") for said in found.values())
    assert "生产者在本系统登记" in found["producers"]
    assert (
        "Within a hundred metres. Map review number: 晋S〔2026〕001号"
        in attributions(client, headers={"Accept-Language": "en"})["divisions"]
    )


def test_without_a_review_number_it_says_that_there_is_none(client, settings):
    settings.MAP_ATTRIBUTION = Text.read("")
    assert all(said.endswith("示意图，未经审图。") for said in attributions(client).values())
    assert not any(said.startswith("·") for said in attributions(client).values())


def test_the_notice_stands_under_the_maps_of_the_pages(client, told, register):
    for path in ("/", f"/products/{register.indication.slug}/"):
        page = client.get(path, headers={"Accept-Language": "zh", "Accept": "text/html"}).content.decode()
        assert "山西省某局" in page
        assert "审图号：晋S〔2026〕001号" in page


def test_a_setting_holds_both_languages_or_one_text_for_both():
    assert Text.read("中|en") == Text("中", "en")
    assert Text.read("某局") == Text("某局", "某局")
