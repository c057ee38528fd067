"""A person's own keys: see, make, revoke."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from gi_registry.accounts import actions, policy
from gi_registry.accounts.forms import KeyForm
from gi_registry.accounts.models import ApiKey
from gi_registry.lib import clock
from gi_registry.lib.problems import Forbidden


def _permit(request: HttpRequest) -> None:
    decision = policy.may_hold_keys(request.actor)
    if not decision:
        raise Forbidden(decision)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """The list, and the form that makes a key. A new key's text is shown in this answer only."""
    _permit(request)
    form = KeyForm(request.POST or None)
    fresh = None
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        expires_at = now + form.lifetime if form.lifetime else None
        _, fresh = actions.create_key(
            user=request.user,
            name=form.cleaned_data["name"],
            scopes=form.scopes,
            actor=request.actor,
            now=now,
            expires_at=expires_at,
        )
        form = KeyForm()
    held = ApiKey.objects.visible_to(request.actor).order_by("revoked_at", "-pk")[:100]
    return render(request, "account/keys.html", {"keys": held, "form": form, "fresh": fresh})


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    _permit(request)
    key = get_object_or_404(ApiKey.objects.visible_to(request.actor), pk=pk)
    actions.revoke_key(key=key, actor=request.actor, now=clock.now())
    return redirect("account-keys")
