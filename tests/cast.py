"""The cast: named people with known relations. Stories in the tests are told with them and nobody else.

Lin      registrar of the province
Wang     regulator of Taiyuan (1401)          Gao    regulator of Jinzhong (1407), another city
Li       regulator of Qingxu county (140121)  Zhao   regulator of Qi county (140727), another county
Chen     holder: the association that holds the vinegar title
Zhang    producer: a vinegar works in Qingxu, member of nobody else
Feng     rival producer: a works in Qi county
Sun      auditor of the province, reads everything and writes nothing
Ma       a farming household in Qingxu under Zhang's works
Hu       signed in, but without any role
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from gi_registry.accounts import actions
from gi_registry.accounts.models import Organisation, User
from gi_registry.accounts.queries import actor_of
from gi_registry.accounts.rules import KeyScope, OrganisationKind
from gi_registry.lib.access import Actor, RoleKind
from gi_registry.lib.ids import with_uscc_checks

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)  # noon in China
TODAY = date(2026, 11, 22)
PASSWORD = "noon-in-Qingxu-2026"


@dataclass
class Person:
    """Somebody of the cast: the user, what the user may do, and keys to act by machine."""

    user: User
    organisation: Organisation | None = None

    @property
    def actor(self) -> Actor:
        return actor_of(self.user)

    def key(self, *scopes: KeyScope) -> str:
        _, fresh = actions.create_key(
            user=self.user, name="test", scopes=list(scopes or KeyScope), actor=self.actor, now=NOW
        )
        return fresh.text

    @property
    def headers(self) -> dict[str, str]:
        """Headers of Django's test client that make it this person's machine."""
        if not hasattr(self, "_key"):
            self._key = self.key()
        return {"Authorization": f"Api-Key {self._key}"}


@dataclass
class Cast:
    lin: Person
    wang: Person
    gao: Person
    li: Person
    zhao: Person
    chen: Person
    zhang: Person
    feng: Person
    sun: Person
    ma: Person
    hu: Person

    def everyone(self) -> dict[str, Person]:
        return dict(vars(self))


def an_organisation(
    name_zh: str, body: str, kind: OrganisationKind, division_code: str, **more: object
) -> Organisation:
    """An organisation with valid checks over an invented code."""
    return actions.register_organisation(
        kind=kind,
        name_zh=name_zh,
        uscc=None if kind is OrganisationKind.HOUSEHOLD else with_uscc_checks(body),
        division_code=division_code,
        actor=Actor.SYSTEM,
        now=NOW,
        **more,
    )


def a_person(username: str, name: str, role: RoleKind | None = None, **scope: object) -> Person:
    user = User.objects.create_user(username, f"{username}@example.org", PASSWORD, display_name=name)
    if role:
        actions.grant_role(user=user, role=role, actor=Actor.SYSTEM, today=TODAY, **scope)
    return Person(user, scope.get("organisation"))


def assemble() -> Cast:
    """Everybody, in an empty database."""
    association = an_organisation("清徐县陈醋协会", "51140121TEXT0101", OrganisationKind.ASSOCIATION, "140121")
    works = an_organisation(
        "清徐张记醋厂", "91140121TEXT0102", OrganisationKind.COMPANY, "140121", name_en="Zhang Vinegar Works"
    )
    rival = an_organisation(
        "祁县冯记醋厂", "91140727TEXT0103", OrganisationKind.COMPANY, "140727", name_en="Feng Vinegar Works"
    )
    household = an_organisation("马家", "", OrganisationKind.HOUSEHOLD, "140121", sponsor=works)
    return Cast(
        lin=a_person("lin", "林登记", RoleKind.REGISTRAR, division_prefix="14"),
        wang=a_person("wang", "王太原", RoleKind.CITY_REGULATOR, division_prefix="1401"),
        gao=a_person("gao", "高晋中", RoleKind.CITY_REGULATOR, division_prefix="1407"),
        li=a_person("li", "李清徐", RoleKind.COUNTY_REGULATOR, division_prefix="140121"),
        zhao=a_person("zhao", "赵祁县", RoleKind.COUNTY_REGULATOR, division_prefix="140727"),
        chen=a_person("chen", "陈会长", RoleKind.HOLDER, organisation=association),
        zhang=a_person("zhang", "张师傅", RoleKind.PRODUCER, organisation=works),
        feng=a_person("feng", "冯师傅", RoleKind.PRODUCER, organisation=rival),
        sun=a_person("sun", "孙审计", RoleKind.AUDITOR, division_prefix="14"),
        ma=a_person("ma", "马家人", RoleKind.PRODUCER, organisation=household),
        hu=a_person("hu", "胡路人"),
    )
