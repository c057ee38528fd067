"""The questions about one site: what it is, then where."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.language import name_of, say
from gi_registry.lib.problems import Invalid, Refused
from gi_registry.lib.texts import Refusal, Text
from products import actions
from products.models import Indication, Site
from products.rules.sites import FORMS
from products.rules.words import SiteKind, SiteState
from regions.geometry import SITES, GeometryRefused, read_geometry
from regions.rules import CoordinateSystem, read_corners
from trace.portal.asking import Question
from trace.portal.choices import Choice, area, indications_offered, makers_offered
from trace.portal.forms import Asked, RadioCards, Words
from trace.portal.sketch import Sketch, sketch_of

_ON_LINE = Text("第 {line} 个点：", "Corner {line}: ")
_POINT, _CORNERS = Text("一个点", "One point"), Text("{n} 个点围成", "Enclosed by {n} corners")
_IN, _IN_THEN = (
    Text("在产地范围内", "Inside the region"),
    Text("场地有效，可用来登记批次。", "The site is active: batches may name it."),
)
_OUT, _OUT_THEN = Text("不在产地范围内", "Outside the region"), Text("场地不予登记。", "The site is refused.")
_AREA, _PLACE, _THEN = Text("面积", "Area"), Text("所在地", "Place"), Text("登记后", "Once registered")
_BEGINS = {
    SiteState.ACTIVE: Text("在产地范围内，立即有效。", "Inside the region: active at once."),
    SiteState.FLAGGED: Text(
        "靠近产地边界，先由县级部门核对，核对前不能用于登记批次。",
        "Close to the boundary of the region: the county looks at it first. Until then no batch can name it.",
    ),
    SiteState.PROPOSED: Text(
        "这个产地还没有可用的边界，先由县级部门核对，核对前不能用于登记批次。",
        "There is no outline of this region yet: the county looks at it first. Until then no batch can name it.",
    ),
}


class SiteWhat(Asked):
    """What it is: asked first, and carried along by the question where it lies."""

    producer = forms.ChoiceField(widget=RadioCards)
    indication = forms.ChoiceField()
    kind = forms.ChoiceField()
    name = forms.CharField(max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    words: ClassVar = {
        "producer": Words(
            Text("谁的场地", "Whose site"), missing=Text("请选择是谁的场地。", "Choose whose site it is.")
        ),
        "indication": Words(
            Text("地理标志", "Geographical indication"),
            Text("在这里生产哪种地理标志产品。", "The product that is made here."),
            Text("请选择地理标志。", "Choose the geographical indication."),
        ),
        "kind": Words(Text("场地类型", "Kind of site"), missing=Text("请选择场地类型。", "Choose the kind of site.")),
        "name": Words(
            Text("名称", "Name"),
            Text(
                "您自己认得出的叫法，例如“村东三号地”。",
                "What you call it yourself, such as “third field east of the village”.",
            ),
            Text("请给场地起个名称。", "Give the site a name."),
        ),
    }

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        producers, (indications, likely) = makers_offered(actor), indications_offered(actor)
        first = {"producer": producers[0][0] if len(producers) == 1 else None, "indication": likely}
        super().__init__(*args, **{**kwargs, "initial": first | kwargs.get("initial", {})})
        self.is_of_several = len(producers) > 1
        self.fields["producer"].choices = producers
        self.fields["indication"].choices = [("", "—"), *indications]
        self.fields["kind"].choices = [("", "—"), *((word.value, say(word)) for word in SiteKind)]


class SiteQuestion(Question, SiteWhat):
    """Where it lies. What the register makes of it is told before anything is registered."""

    above, beside, script = "trace/portal/site_map.html", "trace/portal/site_judged.html", "trace/site.js"
    crs = forms.ChoiceField(initial=CoordinateSystem.CRS84.value)
    corners = forms.CharField(
        max_length=80_000,
        widget=forms.Textarea(attrs={"rows": 6, "class": "code", "spellcheck": "false", "autocomplete": "off"}),
    )
    words: ClassVar = SiteWhat.words | {
        "crs": Words(
            Text("坐标来自", "Coordinates come from"),
            Text(
                "手机定位和上面的地图是 WGS 84。从高德、腾讯、百度地图上抄来的，请选对应的一项。",
                "The phone's position and the map above are WGS 84. Choose another for what was copied from AMap, Tencent or Baidu.",
            ),
        ),
        "corners": Words(
            Text("边界上的点", "Corners"),
            Text(
                "沿边界一行一个点，先经度后纬度，例如 112.35012, 37.60734。厂房、窖可以只写一个点。",
                "One a line along the boundary, longitude first, such as 112.35012, 37.60734. Premises may be a single point.",
            ),
            Text("请标出场地的位置。", "Say where the site is."),
        ),
    }

    def __init__(self, *args: Any, actor: Actor, is_sent: bool, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        for name in SiteWhat.base_fields:
            self.fields[name].widget = forms.HiddenInput()
        self.fields["crs"].choices = [(word.value, say(word)) for word in CoordinateSystem if word.value != "EPSG:4326"]
        self.actor, self.is_sent = actor, is_sent

    def clean(self) -> None:
        """The place is read and judged here, so that what is wrong with it is told where it can be mended. Once sent it is
        judged by the registration alone: a second press would find the ground taken by the first."""
        told = self.cleaned_data
        if self.errors:
            return
        document, faults = read_corners(told["corners"])
        try:
            if document:
                system = CoordinateSystem(told["crs"])
                self.geometry = read_geometry(document, kinds=SITES, pointer="/corners", system=system)
                self.indication = Indication.objects.get(slug=told["indication"])
                if not self.is_sent:
                    self.judged = self._judged(told)
        except GeometryRefused as refused:
            faults = [_placed(refusal) for refusal in refused.refusals]
        except (Invalid, Refused) as refused:
            faults = [Refusal(refusal.code, refusal.text, "/corners") for refusal in refused.errors]
        self.take(faults)

    def _judged(self, told: dict[str, Any]) -> actions.Judgement:
        return actions.judge_site(
            indication=self.indication,
            kind=SiteKind(told["kind"]),
            geometry=self.geometry,
            named=Site.objects.visible_to(self.actor),
            today=clock.today(),
        )

    @property
    def answers(self) -> Iterator[tuple[str, str]]:
        """What was typed, what it comes to, and what the register will make of it."""
        for name in SiteWhat.base_fields:
            if name != "producer" or self.is_of_several:
                yield str(self[name].label), self.read_out(name)
        if self.judged.area_m2 is None:
            yield str(self["corners"].label), say(_POINT)
        else:
            yield str(self["corners"].label), say(_CORNERS).format(n=len(self.geometry.exterior.coords) - 1)
            yield say(_AREA), area(self.judged.area_m2)
        yield say(_PLACE), name_of(self.judged.division)
        yield say(_THEN), say(_BEGINS[self.judged.state])

    def read_out(self, name: str) -> str:
        """An indication is chosen from groups."""
        return name_of(self.indication) if name == "indication" else super().read_out(name)

    @property
    def takes_point(self) -> bool:
        """Whether one point will do, as far as the kind is known."""
        asked = self["kind"].value()
        return any(kind.value == asked and form.takes_point for kind, form in FORMS.items())

    @property
    def sketch(self) -> Sketch:
        tone = "good" if self.judged.state is SiteState.ACTIVE else "warn"
        return sketch_of([(1, tone, self.geometry)], self.indication, clock.today())


class ReviewQuestion(Question):
    """A person's decision on a site that the machine could not judge."""

    decision = forms.ChoiceField(widget=RadioCards)
    note = forms.CharField(max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))
    words: ClassVar = {
        "decision": Words(Text("结论", "Decision"), missing=Text("请选择结论。", "Choose the decision.")),
        "note": Words(
            Text("核查情况", "What was found"),
            Text("何时到场，看了什么。", "When the site was visited, and what was seen."),
            Text("请写明核查情况。", "Write what was found."),
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cards = [
            Choice("accept", say(_IN), (say(_IN_THEN),)),
            Choice("refuse", say(_OUT), (say(_OUT_THEN),)),
        ]
        self.fields["decision"].choices = [(card.value, card) for card in cards]


def _placed(refusal: Refusal) -> Refusal:
    """A fault of one corner says which: ``/corners/coordinates/0/2`` is the third."""
    place = refusal.pointer.rpartition("/")[2]
    text = refusal.text
    if place.isdigit() and refusal.pointer.count("/") == 4:
        told = _ON_LINE.format(line=int(place) + 1)
        text = Text(told.zh + text.zh, told.en + text.en)
    return Refusal(refusal.code, text, "/corners")
