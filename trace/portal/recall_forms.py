"""The questions of a recall: what is called back, and how much came back. Before it is sent the reader sees what it reaches."""

from typing import Any, ClassVar

from django import forms

from gi_registry.lib.access import Actor
from gi_registry.lib.ids import normalise
from gi_registry.lib.problems import Forbidden, Invalid
from gi_registry.lib.texts import Text
from trace import actions
from trace.portal.asking import Question
from trace.portal.forms import AmountField, DayField, Words
from trace.rules.batches import MAX_REASON
from trace.rules.recalls import RecallScope
from trace.serializers.recalls import RecallScopeIn, asked_scope

_CODE = {"autocomplete": "off", "class": "code"}
_FIELDS: dict[RecallScope, tuple[str, ...]] = {
    RecallScope.BATCH: ("batch",),
    RecallScope.INPUT: ("batch",),
    RecallScope.SITE: ("site", "first_on", "last_on"),
    RecallScope.DAYS: ("producer", "first_on", "last_on"),
    RecallScope.LABORATORY: ("laboratory", "producer", "first_on", "last_on"),
}
_OWED = {RecallScope.DAYS: ("producer", "first_on", "last_on")}


class RecallQuestion(Question):
    """The scope, by what it is named, and why. ``recall``: as it would be opened, once the answers hold."""

    batch = forms.CharField(max_length=40, widget=forms.TextInput(attrs=_CODE))
    site = forms.CharField(max_length=40, widget=forms.TextInput(attrs=_CODE))
    laboratory = forms.CharField(max_length=120)
    producer = forms.CharField(max_length=40, widget=forms.TextInput(attrs=_CODE))
    first_on = DayField()
    last_on = DayField()
    reason = forms.CharField(max_length=MAX_REASON, widget=forms.Textarea(attrs={"rows": 3}))
    is_mock = forms.BooleanField(required=False)
    words: ClassVar = {
        "batch": Words(Text("批次号", "Lot"), Text("标签上的批次号。", "As it stands on the label.")),
        "site": Words(Text("场地编号", "Number of the site"), Text("在场地页面上。", "On the page of the site.")),
        "laboratory": Words(
            Text("检验机构", "Laboratory"), Text("与检测记录上的名称一致。", "As written with the measurements.")
        ),
        "producer": Words(Text("生产者编号", "Number of the producer")),
        "first_on": Words(Text("生产日期从", "Produced from")),
        "last_on": Words(Text("生产日期到", "Produced until")),
        "reason": Words(
            Text("原因", "Reason"),
            Text("会显示在查询页上，请写给消费者看。", "Shown to people who check the code: write it for them."),
        ),
        "is_mock": Words(
            Text("这是一次演练", "This is an exercise"),
            Text("演练不暂停货品，也不通知任何人。", "Nothing is stopped and nobody is told."),
        ),
    }
    beside = "trace/portal/recall_reach.html"

    def __init__(self, *args: Any, scope: RecallScope, actor: Actor, now: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope, self.actor, self.now, self.recall = scope, actor, now, None
        kept, owed = _FIELDS[scope], _OWED.get(scope, _FIELDS[scope][:1])
        for name in {name for names in _FIELDS.values() for name in names}:
            if name not in kept:
                del self.fields[name]
            else:
                self.fields[name].required = name in owed

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if self.errors:
            return told
        given = {name: told[name] for name in _FIELDS[self.scope] if told.get(name)}
        for name in set(given) & {"batch", "site", "producer"}:
            given[name] = normalise(given[name])[:40]
        shape = RecallScopeIn(data={"scope": self.scope.value, **given})
        if not shape.is_valid():
            for name, faults in shape.errors.items():
                self.add_error(name if name in self.fields else None, [str(fault) for fault in faults])
            return told
        try:
            scope = asked_scope(self.actor, shape.validated_data)
            self.recall = actions.sketch_recall(scope=scope, actor=self.actor, now=self.now)
        except Invalid as invalid:
            self.take(invalid.errors)
        except Forbidden as forbidden:
            self.add_error(None, str(forbidden))
        return told


class RecoveryQuestion(Question):
    """How much of a batch came back."""

    quantity = AmountField()
    words: ClassVar = {"quantity": Words(Text("追回了多少", "How much came back"))}
