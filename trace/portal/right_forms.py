"""The questions about an authorisation: under which title, for which sites, and what each step has to bring."""

from datetime import date
from typing import Any, ClassVar

from django import forms

from gi_registry.lib.access import Actor
from gi_registry.lib.language import name_of, say
from gi_registry.lib.texts import Text
from products.models import Producer, Site, Title
from products.rules.authorisations import MAX_SITES, Need
from products.rules.sites import TAKES_GROUND
from products.rules.words import DocumentKind, SiteKind, SiteState, TitleKind
from trace.portal.asking import Question
from trace.portal.choices import Choice, area, makers_offered
from trace.portal.doors import makers, own_sites
from trace.portal.forms import Asked, CheckCards, DayField, RadioCards, Words
from trace.rules.batches import MAX_REASON

MOST_TITLES = 300
_NO_FILE, _EMPTY = Text("请选择文件。", "Choose a file."), Text("文件是空的。", "The file is empty.")


class TitleQuestion(Asked):
    """Who applies, and under which title of which name. Titles come with the name: most names have one."""

    producer = forms.ChoiceField(widget=RadioCards)
    title = forms.ChoiceField(widget=RadioCards)
    words: ClassVar = {
        "producer": Words(Text("谁申请", "Who applies"), missing=Text("请选择由谁申请。", "Choose who applies.")),
        "title": Words(
            Text("哪个地理标志", "Which indication"), missing=Text("请选择地理标志。", "Choose the indication.")
        ),
    }

    def __init__(self, *args: Any, actor: Actor, today: date, indication: str = "", **kwargs: Any) -> None:
        self.makers = {
            maker.number: maker for maker in makers(actor).select_related("division").defer("division__geom")
        }
        self.titles = {title.number: title for title in _titles(actor, today)}
        likely = next((number for number, title in self.titles.items() if title.indication.slug == indication), None)
        first = {"producer": next(iter(self.makers)) if len(self.makers) == 1 else None, "title": likely}
        super().__init__(*args, **{**kwargs, "initial": first})
        self.is_of_several = len(self.makers) > 1
        self.fields["producer"].choices = makers_offered(actor)
        self.fields["title"].choices = [
            (number, Choice(number, name_of(title.indication), (say(TitleKind(title.kind)),)))
            for number, title in self.titles.items()
        ]

    @property
    def maker(self) -> Producer:
        return self.makers[self.cleaned_data["producer"]]

    @property
    def chosen(self) -> Title:
        return self.titles[self.cleaned_data["title"]]


def _titles(actor: Actor, today: date) -> list[Title]:
    """Standing titles of the names for which the actor has sites: nobody else could apply."""
    named = own_sites(actor).filter(state__in=TAKES_GROUND).values("indication")
    rows = Title.objects.public().standing(today).filter(indication__in=named).select_related("indication", "holder")
    return list(rows.order_by("indication__name_zh", "pk")[:MOST_TITLES])


class NamedSitesQuestion(Question):
    """Own sites of the name, and those of households that the producer vouches for."""

    sites = forms.MultipleChoiceField(widget=CheckCards)
    words: ClassVar = {
        "sites": Words(
            Text("场地", "Sites"),
            Text(
                "可多选。待核对的场地可以列入，但核准至少要有一处有效的。",
                "Choose all that apply. Sites still being looked at may be among them; one at least has to be active in the end.",
            ),
            Text("请至少选择一处场地。", "Choose at least one site."),
        )
    }

    def __init__(self, *args: Any, actor: Actor, producer: Producer, title: Title, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Site.objects.visible_to(actor).filter(indication=title.indication_id, state__in=TAKES_GROUND)
        rows = rows.of_producer(producer).select_related("division", "producer__organisation")
        self.rows = {row.number: row for row in rows.defer("geom", "division__geom").order_by("name", "pk")[:MAX_SITES]}
        self.has_sites = bool(self.rows)
        self.fields["sites"].choices = [(number, _card(row)) for number, row in self.rows.items()]

    @property
    def named(self) -> list[Site]:
        return [self.rows[number] for number in self.cleaned_data["sites"]]

    def read_out(self, name: str) -> str:
        return (say(Text("、", ", "))).join(site.name for site in self.named)


def _card(site: Site) -> Choice:
    facts = (say(SiteKind(site.kind)), name_of(site.division), area(site.area_m2), say(SiteState(site.state)))
    return Choice(site.number, site.name, (" · ".join(filter(None, facts)),))


class MoveQuestion(Question):
    """What a step has to bring; a step that brings nothing is only confirmed."""

    approval_reference = forms.CharField(max_length=120)
    valid_from = DayField()
    valid_until = DayField(required=False)
    refusal_criterion = forms.CharField(max_length=300)
    deadline_on = DayField()
    reason = forms.CharField(max_length=MAX_REASON, widget=forms.Textarea(attrs={"rows": 3}))
    words: ClassVar = {
        "approval_reference": Words(
            Text("核准公告号或授权文号", "Announcement or delegation reference"),
            missing=Text("请填写核准公告号或授权文号。", "Give the announcement or delegation reference."),
        ),
        "valid_from": Words(Text("自哪天起有效", "Valid from")),
        "valid_until": Words(
            Text("有效至", "Valid until"), Text("不填即不设期限。", "Left empty, it has no end of its own.")
        ),
        "refusal_criterion": Words(
            Text("不符合哪一项条件", "Which condition is not met"),
            missing=Text("不予核准须写明未满足的条件。", "A refusal must name the criterion that failed."),
        ),
        "deadline_on": Words(Text("整改期限", "Deadline")),
        "reason": Words(Text("理由", "Reason"), missing=Text("请写明理由。", "Give the reason.")),
    }

    def __init__(self, *args: Any, needs: tuple[Need, ...], hint: Text | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = {need.value for need in needs} | ({"valid_until"} if Need.VALID_FROM in needs else set())
        for name in [name for name in self.fields if name != "key" and name not in asked]:
            del self.fields[name]
        if hint and "reason" in self.fields:
            self.fields["reason"].help_text = say(hint)


class DocumentQuestion(Asked):
    """A file beside an application."""

    kind = forms.ChoiceField(widget=RadioCards)
    # No list of endings: phones grey out files whose ending they do not know. The server tells a file by its bytes.
    file = forms.FileField(widget=forms.FileInput)
    words: ClassVar = {
        "kind": Words(Text("这是什么材料", "What it shows"), missing=Text("请选择材料种类。", "Choose what it shows.")),
        "file": Words(
            Text("文件", "File"),
            Text(
                "PDF、JPEG 或 PNG，最大 5 MB。也可以用手机拍照。",
                "PDF, JPEG or PNG, at most 5 MB. A photo of the paper will do.",
            ),
            Text("请选择文件。", "Choose a file."),
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(word.value, Choice(word.value, say(word))) for word in DocumentKind]
        said = {"invalid": say(_NO_FILE), "missing": say(_NO_FILE), "empty": say(_EMPTY)}
        self.fields["file"].error_messages.update(said)
