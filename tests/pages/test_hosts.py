"""A request for a host that is not ours is turned away in plain words, with one line in the log and nothing else."""

import logging

import pytest
from django.test import Client
from prometheus_client import REGISTRY

OURS = "registry.example"


@pytest.fixture(autouse=True)
def _one_host(settings):
    settings.ALLOWED_HOSTS = [OURS]


def refused_so_far():
    return REGISTRY.get_sample_value("gi_refused_hosts_total")


@pytest.mark.parametrize("path", ["/", "/c/7K3QX9PA28", "/api/v1/trace/check?code=1", "/livez", "/static/site.css"])
@pytest.mark.parametrize("host", ["evil.example", "registry.example.evil.example", "a b", "x" * 5_000, "[::"])
def test_a_false_host_is_a_quiet_problem(path, host, caplog):
    before = refused_so_far()
    with caplog.at_level(logging.INFO):
        answer = Client(raise_request_exception=True).get(path, headers={"Host": host, "Accept": "text/html"})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert (answer.json()["code"], answer.json()["errors"][0]["code"]) == ("malformed", "unknown_host")
    (line,) = caplog.records
    assert (line.exc_info, line.levelno, len(line.getMessage()) < 200) == (None, logging.WARNING, True)
    assert refused_so_far() == before + 1


@pytest.mark.parametrize(("language", "words"), [("zh", "核对网址"), ("en", "Check the address")])
def test_it_is_told_in_the_readers_language(language, words):
    answer = Client().get("/", headers={"Host": "evil.example", "Accept-Language": language})
    assert words in answer.json()["detail"]


def test_our_own_host_is_answered():
    assert Client().get("/livez", headers={"Host": OURS}).status_code == 200
