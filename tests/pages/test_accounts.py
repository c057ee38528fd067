"""Signing in and out, a forgotten password, one's own keys: the real pages."""

import re

import pytest
from django.core import mail
from django.test import Client

from gi_registry.accounts.models import ApiKey
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def test_a_person_signs_in_by_name_or_by_mail_and_out_again(cast):
    for login in ("zhang", "zhang@example.org"):
        client = Client()
        response = client.post(LOGIN, {"login": login, "password": PASSWORD})
        assert response.status_code == 302
        assert response["Location"] == "/portal/"
        assert client.session["_auth_user_id"] == str(cast.zhang.user.pk)
        client.post("/accounts/logout/")
        assert "_auth_user_id" not in client.session


def test_a_wrong_password_says_so_without_saying_which_part_was_wrong(cast):
    unknown = Client().post(LOGIN, {"login": "nobody", "password": "wrong-password"})
    wrong = Client().post(LOGIN, {"login": "zhang", "password": "wrong-password"})
    assert unknown.status_code == wrong.status_code == 200
    assert "_auth_user_id" not in unknown.client.session


def test_guessing_passwords_is_stopped(cast):
    client = Client()
    answers = {client.post(LOGIN, {"login": "zhang", "password": f"wrong-{n}"}).status_code for n in range(15)}
    client.post(LOGIN, {"login": "zhang", "password": PASSWORD})
    assert answers <= {200, 429}
    assert "_auth_user_id" not in client.session


def test_after_signing_in_nobody_is_sent_to_a_foreign_site(cast):
    response = Client().post(LOGIN + "?next=https://evil.example/", {"login": "zhang", "password": PASSWORD})
    assert response["Location"] == "/portal/"


def test_there_is_no_sign_up():
    assert Client().get("/accounts/signup/").status_code == 404


def test_a_forgotten_password_is_set_anew_by_mail(cast):
    client = Client()
    client.post("/accounts/password/reset/", {"email": "zhang@example.org"})
    link = re.search(r"http://testserver(/accounts/password/reset/\S+)", mail.outbox[0].body)[1]
    form = client.get(link, follow=True)
    fresh = "a-new-password-2026"
    client.post(form.request["PATH_INFO"], {"password1": fresh, "password2": fresh})
    assert Client().post(LOGIN, {"login": "zhang", "password": fresh}).status_code == 302


def test_asking_for_an_unknown_address_answers_alike(cast):
    known = Client().post("/accounts/password/reset/", {"email": "zhang@example.org"})
    unknown = Client().post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_keys_are_for_people_who_signed_in():
    response = Client().get("/accounts/keys/")
    assert response.status_code == 302
    assert response["Location"].startswith(LOGIN)


def test_a_new_key_is_shown_once_and_opens_the_api(cast, as_person):
    client = as_person(cast.zhang)
    shown = client.post("/accounts/keys/", {"name": "ERP", "scope": "write", "days": "30"}).content.decode()
    text = re.search(r"gi_[0-9a-f]{8}_[\w-]{43}", shown)[0]
    assert text not in client.get("/accounts/keys/").content.decode()
    answer = Client().get("/api/v1/trace/batches/", headers={"Authorization": f"Api-Key {text}"})
    assert answer.status_code == 200


def test_a_person_revokes_own_keys_and_finds_no_others(cast, as_person):
    cast.zhang.key()
    key = ApiKey.objects.get()
    assert as_person(cast.feng).post(f"/accounts/keys/{key.pk}/revoke/").status_code == 404
    as_person(cast.zhang).post(f"/accounts/keys/{key.pk}/revoke/")
    key.refresh_from_db()
    assert key.revoked_at is not None


def test_somebody_without_a_role_gets_no_key(cast, as_person):
    assert as_person(cast.hu).get("/accounts/keys/").status_code == 403


def test_the_language_follows_the_reader_and_is_remembered():
    client = Client()
    assert 'lang="zh' in client.get(LOGIN).content.decode()
    assert 'lang="en"' in client.get(LOGIN + "?lang=en").content.decode()
    assert 'lang="en"' in client.get(LOGIN).content.decode()
    assert 'lang="en"' in Client().get(LOGIN, headers={"Accept-Language": "en"}).content.decode()
