"""The menu of the portal: where this person's work is, and nothing that their roles do not open."""

from dataclasses import dataclass

from gi_registry.lib.access import READERS, Actor, RoleKind
from gi_registry.lib.texts import Text


@dataclass(frozen=True, slots=True)
class Door:
    """``under``: paths of the pages behind it; "" has none but the address itself."""

    text: Text
    href: str
    under: tuple[str, ...] = ()

    def is_here(self, path: str) -> bool:
        return path == self.href or (bool(self.under) and path.startswith(self.under))


_TODAY = Door(Text("今日", "Today"), "/portal/")
_BATCHES = Door(Text("批次", "Batches"), "/portal/batches/", ("/portal/batches/", "/portal/imports/"))
_ELSEWHERE = Door(Text("外部链接", "Addresses"), "/portal/links/", ("/portal/links/",))
_RECALLS = Door(Text("召回", "Recalls"), "/portal/recalls/", ("/portal/recalls/",))
_DEMANDS = Door(Text("技术要求", "Specifications"), "/portal/specifications/", ("/portal/specifications/",))
_USERS = Door(Text("使用人", "Users"), "/portal/users/", ("/portal/users/", "/portal/rights/"))
_SEASONS = Door(
    Text("产季", "Seasons"), "/portal/seasons/", ("/portal/seasons/", "/portal/quota/", "/portal/label-orders/")
)
_YEARS = Door(Text("年报", "Yearly"), "/portal/annual-reports/", ("/portal/annual-reports/",))
_REGISTER = Door(Text("名录", "Register"), "/products/")
_OF_PRODUCERS = (
    _TODAY,
    _BATCHES,
    _RECALLS,
    Door(Text("产品", "Products"), "/portal/products/", ("/portal/products/",)),
    Door(Text("配额", "Quota"), "/portal/quota/", ("/portal/quota/", "/portal/label-orders/", "/portal/transfers/")),
    Door(Text("场地与核准", "Sites"), "/portal/rights/", ("/portal/rights/", "/portal/sites/")),
    _YEARS,
)
_OF_ALL = (_REGISTER, Door(Text("查码", "Check"), "/c/"), Door(Text("地图", "Map"), "/#map"))


def menu_of(actor: Actor) -> tuple[Door, ...]:
    """Makers of goods have their own; officials and holders look at batches and answer addresses; officials have a map."""
    if actor.has(RoleKind.PRODUCER):
        return _OF_PRODUCERS
    if not actor.has(*READERS, RoleKind.HOLDER):
        return _OF_ALL
    desk = (Door(Text("监管地图", "Map"), "/desk/map/"),) if actor.has(*READERS) else ()
    kept = (_SEASONS, _DEMANDS) if actor.has(RoleKind.HOLDER, RoleKind.REGISTRAR) else ()
    return (_TODAY, _BATCHES, _RECALLS, _USERS, _YEARS, *kept, _ELSEWHERE, *desk, _REGISTER)
