"""The paths of annual reports. A part of ``portal.urls``."""

from django.urls import path

from trace.portal import annual_reports as views

pages = [
    path("portal/annual-reports/", views.reports, name="portal-annual-reports"),
    path("portal/annual-reports/due/", views.set_due, name="portal-annual-due"),
    path("portal/annual-reports/new/<slug:number>/<int:year>/", views.begin, name="portal-new-annual-report"),
    path("portal/annual-reports/<slug:number>/", views.report, name="portal-annual-report"),
    path("portal/annual-reports/<slug:number>/state/", views.state, name="portal-annual-state"),
    path("portal/annual-reports/<slug:number>/submit/", views.submit, name="portal-annual-submit"),
    path("portal/annual-reports/<slug:number>/sent/", views.sent, name="portal-annual-sent"),
    path("portal/annual-reports/<slug:number>/do/<slug:name>/", views.decide, name="portal-annual-decide"),
]
