"""The paths of whoever keeps a season. A part of ``portal.urls``."""

from django.urls import path

from trace.portal import seasons as views

pages = [
    path("portal/seasons/", views.seasons, name="portal-seasons"),
    path("portal/seasons/<slug:number>/", views.season, name="portal-season"),
    path("portal/seasons/<slug:number>/open/", views.begin, name="portal-season-open"),
    path("portal/seasons/<slug:number>/close/", views.close, name="portal-season-close"),
    path("portal/seasons/<slug:number>/grant/<slug:producer>/", views.grant, name="portal-grant"),
    path("portal/quota/<slug:number>/penalty/", views.penalise, name="portal-penalty"),
    path("portal/quota/<slug:number>/postings/", views.postings, name="portal-postings"),
    path("portal/quota/<slug:number>/postings/<slug:posting>/reverse/", views.reverse_posting, name="portal-reverse"),
]
