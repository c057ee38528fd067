"""Which prefix leads to which room. The first noun of an address is the room; the exceptions are named below."""

from allauth.account import views as account
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

import products.urls
import regions.urls
import trace.urls
from gi_registry import health, inventory, pages, tour
from gi_registry.accounts import pages as account_pages
from gi_registry.desk import urls as desk_urls
from gi_registry.logged import log_urls
from gi_registry.maps import ogc_urls

handler400 = "gi_registry.lib.problems.bad_request"
handler403 = "gi_registry.lib.problems.permission_denied"
handler404 = "gi_registry.lib.problems.page_not_found"
handler500 = "gi_registry.lib.problems.server_error"

# One door: the admin's own form knows nothing of the limits on failed sign-ins.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    # First what is asked most: whatever stands before is tried each time.
    path("api/v1/trace/", include(trace.urls.api)),
    path("ogc/", include(ogc_urls)),
    path("", pages.home, name="home"),
    path("about/", pages.about, name="about"),
    path("display/", pages.display, name="display"),
    path("tour/", tour.tour, name="tour"),
    path("style/", pages.style, name="style"),
    path("regions/", include(regions.urls.pages)),
    path("products/", include(products.urls.pages)),
    path("api/v1/regions/", include(regions.urls.api)),
    path("api/v1/products/", include(products.urls.api)),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api-docs"),
    path("api/problems/", pages.problems, name="problems"),
    # Exceptions to "the first noun is the room": printed in QR codes (/c/, /01/), or named by a standard or a role.
    path("", include(trace.urls.pages)),  # /c/, /01/, /portal/
    path("log/keys/", inventory.page, name="keys"),
    path("log/", include(log_urls)),
    path("desk/", include(desk_urls)),
    path("admin/", admin.site.urls),
    # People. Written out rather than included: allauth's own list would open sign-up and e-mail pages.
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/", account.password_change, name="account_change_password"),
    path("accounts/password/reset/", account.password_reset, name="account_reset_password"),
    path("accounts/password/reset/sent/", account.password_reset_done, name="account_reset_password_done"),
    # Keys hold hyphens: the user's id ends at the first one.
    re_path(
        r"^accounts/password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "accounts/password/reset/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("accounts/keys/", account_pages.keys, name="account-keys"),
    path("accounts/keys/<int:pk>/revoke/", account_pages.revoke, name="account-key-revoke"),
    path("livez", health.live, name="live"),
    path("readyz", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
    path("favicon.ico", RedirectView.as_view(url="/static/favicon.svg")),
    path("", include(trace.urls.last)),
]
