"""Who sits at the desk."""

from gi_registry.lib.access import READERS, SIGN_IN, Actor, Allowed, Decision, Denied
from gi_registry.lib.texts import Text


def may_sit_at_the_desk(actor: Actor, thing: object = None) -> Decision:
    """Officials of any level, and auditors. What each sees on the map is narrowed by the layers themselves."""
    if actor.is_anonymous:
        return SIGN_IN
    if actor.has(*READERS):
        return Allowed()
    return Denied(
        "not_an_official",
        Text(
            "监管台供登记、监管和审计人员使用，您的账号没有这些角色。公开的地图数据不用登录：把 /ogc/ 的地址填入 QGIS 即可。",
            "The desk is for registrars, regulators and auditors, and your account has none of these roles. Public map data"
            " need no account: give QGIS the address of /ogc/.",
        ),
    )
