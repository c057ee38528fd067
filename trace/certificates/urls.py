"""Addresses of certificates. They stand in signed credentials: none may ever change."""

from django.urls import path

from gi_registry.credentials.contexts import PATH
from trace.certificates import pages

paths = [
    path(".well-known/did.json", pages.did, name="did"),
    path(PATH, pages.context, name="credential-context"),
    path("certificates/status/<slug:purpose>/<int:number>", pages.status, name="certificate-status"),
    path("certificates/<slug:kind>/<slug:number>/", pages.page, name="certificate"),
    path("certificates/<slug:kind>/<slug:number>.json", pages.credential, name="certificate-credential"),
    path("certificates/<slug:kind>/<slug:number>.jwt", pages.token, name="certificate-token"),
    path("certificates/<slug:kind>/<slug:number>.pdf", pages.paper, name="certificate-paper"),
]
