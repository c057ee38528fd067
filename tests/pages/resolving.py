"""How the tests of the resolver ask, and what they read of its answers."""

from tests.cast import NOW
from trace import actions
from trace.actions import TargetContent
from trace.links.linkset import VOCABULARY
from trace.rules.link_targets import TargetKind, TargetLanguage

HOST = "http://testserver"
UNIT = "1D9TH0QM13JJ3CWHNDTQ"
# Well formed, and never issued.
UNKNOWN_LOT = "7K3QX9PA28"


def ask(client, path, accept="*/*", language="", method="get", **headers):
    headers |= {"Accept": accept} if accept else {}
    headers |= {"Accept-Language": language} if language else {}
    return getattr(client, method)(path, headers=headers)


def linkset_of(client, path):
    answer = ask(client, f"{path}?linkType=linkset")
    assert answer.status_code == 200
    return answer.json()["linkset"]


def found(client, path, kind):
    """Members of a type as a checker looks for them: in the context asked for, then upwards."""
    for context in linkset_of(client, path):
        if links := context.get(VOCABULARY + kind):
            return links
    return []


def led_to(answer):
    assert answer.status_code == 307, answer.content
    return answer["Location"]


def an_accepted_target(
    goods, kind=TargetKind.PIP, language=TargetLanguage.ZH, href="https://www.zhangji-cu.cn/a", **of
):
    of = of or {"form": goods.form}
    content = TargetContent(kind=kind, href=href, language=language, label_zh="五年陈酿醋", label_en="Vinegar", **of)
    target = actions.propose_target(content=content, actor=goods.maker, now=NOW)
    return actions.review_target(target=target, is_accepted=True, actor=goods.maker, now=NOW)


def linkset_answer(client, path):
    return ask(client, f"{path}?linkType=linkset").json()


def kinds_in(client, dl):
    contexts = linkset_of(client, dl)
    return {key.removeprefix(VOCABULARY) for context in contexts for key in context if key.startswith("https://")}
