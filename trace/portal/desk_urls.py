"""The paths of what more than one party does together: recalls, specifications, annual reports and seasons. A part of ``portal.urls``."""

from django.urls import path

from trace.portal import annual_urls, recalls, season_urls, specifications

pages = [
    path("portal/recalls/", recalls.recalls, name="portal-recalls"),
    path("portal/recalls/new/", recalls.begin, name="portal-recall-new"),
    path("portal/recalls/new/<slug:scope>/", recalls.new, name="portal-recall-ask"),
    path("portal/recalls/<slug:number>/", recalls.recall, name="portal-recall"),
    path("portal/recalls/<slug:number>/read/", recalls.read, name="portal-recall-read"),
    path("portal/recalls/<slug:number>/do/<slug:name>/", recalls.step, name="portal-recall-step"),
    path("portal/recalls/<slug:number>/recover/<slug:lot>/", recalls.recover, name="portal-recall-recover"),
    path("portal/specifications/", specifications.versions, name="portal-specifications"),
    path("portal/specifications/new/", specifications.new, name="portal-new-specification"),
    path("portal/specifications/<slug:number>/", specifications.version, name="portal-specification"),
    path("portal/specifications/<slug:number>/edit/", specifications.edit, name="portal-edit-specification"),
    path("portal/specifications/<slug:number>/trial/", specifications.trial, name="portal-trial-run"),
    path("portal/specifications/<slug:number>/demands/", specifications.kinds, name="portal-demand-kinds"),
    path("portal/specifications/<slug:number>/demands/<slug:kind>/", specifications.add, name="portal-add-demand"),
    path("portal/specifications/<slug:number>/drop/<int:place>/", specifications.drop, name="portal-drop-demand"),
    path("portal/specifications/<slug:number>/do/<slug:name>/", specifications.step, name="portal-specification-step"),
    *annual_urls.pages,
    *season_urls.pages,
]
