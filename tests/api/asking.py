"""Sending JSON with headers, and reading the faults of a problem document."""


def send(client, method, url, data, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return getattr(client, method)(url, data, content_type="application/json", headers=named)


def codes(answer) -> list[tuple[str, str]]:
    assert answer["Content-Type"].startswith("application/problem+json")
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


def statuses(cast, as_machine, call) -> dict[str, int]:
    people = {"nobody": None, **cast.everyone()}
    return {name: call(as_machine(person)).status_code for name, person in people.items()}


def those(said: dict[str, int], status: int) -> set[str]:
    return {name for name, value in said.items() if value == status}
