"""Forms for one's own keys."""

from datetime import timedelta

from django import forms

from gi_registry.accounts.rules import KeyScope
from gi_registry.lib.language import say
from gi_registry.lib.texts import Text

LIFETIMES = {
    "30": Text("30 天", "30 days"),
    "365": Text("1 年", "1 year"),
    "": Text("不设期限", "No end"),
}


class KeyForm(forms.Form):
    """A new key: what it is for, what it may do, how long it lasts."""

    name = forms.CharField(max_length=60)
    scope = forms.ChoiceField()
    days = forms.ChoiceField(required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = say(Text("用途", "What it is for"))
        self.fields["scope"].label = say(Text("权限", "What it may do"))
        self.fields["scope"].choices = [(scope.value, say(scope)) for scope in KeyScope]
        self.fields["days"].label = say(Text("有效期", "How long it lasts"))
        self.fields["days"].choices = [(days, say(text)) for days, text in LIFETIMES.items()]

    @property
    def scopes(self) -> list[KeyScope]:
        """Writing includes reading."""
        chosen = KeyScope(self.cleaned_data["scope"])
        return [KeyScope.READ, KeyScope.WRITE] if chosen is KeyScope.WRITE else [KeyScope.READ]

    @property
    def lifetime(self) -> timedelta | None:
        days = self.cleaned_data["days"]
        return timedelta(days=int(days)) if days else None
