"""The paths of sites, and of the right to use the mark. A part of ``portal.urls``."""

from django.urls import path

from trace.portal import rights, sites, uploads

pages = [
    path("portal/sites/upload/", uploads.new, name="portal-upload-new"),
    path("portal/sites/upload/template/", uploads.template, name="portal-upload-template"),
    path("portal/sites/upload/<slug:number>/", uploads.upload, name="portal-upload"),
    path("portal/sites/upload/<slug:number>/<slug:verb>/", uploads.work, name="portal-upload-work"),
    path("portal/sites/new/", sites.new, name="portal-new-site"),
    path("portal/sites/new/place/", sites.place, name="portal-new-site-place"),
    path("portal/sites/<slug:number>/", sites.site, name="portal-site"),
    path("portal/sites/<slug:number>/review/", sites.review, name="portal-site-review"),
    path("portal/sites/<slug:number>/retire/", sites.retire, name="portal-site-retire"),
    path("portal/rights/", rights.rights, name="portal-rights"),
    path("portal/users/", rights.users, name="portal-users"),
    path("portal/rights/new/", rights.apply, name="portal-apply"),
    path("portal/rights/new/sites/", rights.named_sites, name="portal-apply-sites"),
    path("portal/rights/<slug:number>/", rights.right, name="portal-right"),
    path("portal/rights/<slug:number>/sites/", rights.change_sites, name="portal-right-sites"),
    path("portal/rights/<slug:number>/documents/new/", rights.add_document, name="portal-add-document"),
    path("portal/documents/<slug:number>/", rights.document, name="portal-document"),
    path("portal/documents/<slug:number>/remove/", rights.remove_document, name="portal-remove-document"),
    path("portal/rights/<slug:number>/do/<slug:to>/", rights.step, name="portal-right-step"),
]
