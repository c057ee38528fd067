"""The search over the register as a page form."""

from django import forms
from django.core.validators import RegexValidator

from products.rules.search import MAX_QUERY


class RegisterFilter(forms.Form):
    """What to look for, where, and of which category. Everything may be left out."""

    q = forms.CharField(required=False, max_length=MAX_QUERY)
    division = forms.CharField(required=False, max_length=6, validators=[RegexValidator(r"^[1-9][0-9]{5}\Z")])
    category = forms.CharField(required=False, max_length=40)
    page = forms.IntegerField(required=False, min_value=1, max_value=10_000)
