"""The questions about addresses elsewhere."""

from typing import Any, ClassVar

from django import forms

from gi_registry.lib.language import say
from gi_registry.lib.texts import Text
from trace.links.targets import MAX_HREF
from trace.portal.choices import Offer
from trace.portal.forms import Asked, RadioCards, Words
from trace.rules.batches import MAX_REASON
from trace.rules.link_targets import MAX_LABEL, TargetKind, TargetLanguage

_NO_REASON = Text("请写明原因。", "Give the reason.")


class LinkQuestion(Asked):
    """An address: for what, of what kind, where, and what it is called there."""

    about = forms.ChoiceField(widget=RadioCards)
    kind = forms.ChoiceField()
    href = forms.CharField(
        max_length=MAX_HREF,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url", "spellcheck": "false"}),
    )
    language = forms.ChoiceField()
    label_zh = forms.CharField(max_length=MAX_LABEL)
    label_en = forms.CharField(max_length=MAX_LABEL, required=False)
    key = forms.SlugField(widget=forms.HiddenInput, max_length=20)
    words: ClassVar = {
        "about": Words(Text("哪个产品", "For which goods"), missing=Text("请选择产品。", "Choose the goods.")),
        "kind": Words(Text("链接内容", "What is there")),
        "href": Words(
            Text("网址", "Address"),
            Text(
                "以 https:// 开头，直接打开内容的网址。审核后不能改，只能撤下另提交。",
                "It begins with https:// and opens the page itself. It cannot change later, only be withdrawn.",
            ),
            Text("请填写网址。", "Enter the address."),
        ),
        "language": Words(Text("内容的语言", "Language of the page")),
        "label_zh": Words(Text("中文标题", "Title in Chinese"), missing=Text("请填写标题。", "Enter a title.")),
        "label_en": Words(Text("英文标题", "Title in English")),
    }

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].choices = offer.pairs
        self.fields["kind"].choices = [(kind.value, say(kind)) for kind in TargetKind]
        self.fields["language"].choices = [(word.value, say(word)) for word in TargetLanguage]


class ReviewQuestion(Asked):
    """Why; owed with a No."""

    reason = forms.CharField(max_length=MAX_REASON, widget=forms.Textarea(attrs={"rows": 3}))
    words: ClassVar = {
        "reason": Words(
            Text("原因", "Reason"),
            Text("提交人和监管人员会看到。", "Read by whoever proposed it and by officials."),
            _NO_REASON,
        )
    }

    def __init__(self, *args: Any, is_no: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = is_no
