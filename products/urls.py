"""Every path of this room, written out: ``api`` under /api/v1/products/, ``pages`` under /products/."""

from django.urls import path

from products import pages as html
from products.api import authorisations, documents, indications, producers, quotas, titles, uploads

# <slug:> also keeps out what a number never holds, such as NUL, before it reaches the database.
api = [
    path("indications/", indications.IndicationList.as_view(), name="products-api-indications"),
    path("indications/<slug:slug>/", indications.IndicationDetail.as_view(), name="products-api-indication"),
    path("indications/<slug:slug>/history/", indications.IndicationHistory.as_view()),
    path("holders/", indications.HolderList.as_view(), name="products-api-holders"),
    path("holders/<slug:number>/", indications.HolderDetail.as_view(), name="products-api-holder"),
    path("holders/<slug:number>/history/", indications.HolderHistory.as_view()),
    path("seasons/", indications.SeasonList.as_view(), name="products-api-seasons"),
    path("seasons/<slug:number>/", indications.SeasonDetail.as_view(), name="products-api-season"),
    path("seasons/<slug:number>/history/", indications.SeasonHistory.as_view()),
    path("seasons/<slug:number>/quota/", quotas.SeasonQuotaDetail.as_view(), name="products-api-season-quota"),
    path("seasons/<slug:number>/quota/history/", quotas.SeasonQuotaHistory.as_view()),
    path("titles/", titles.TitleList.as_view(), name="products-api-titles"),
    path("titles/<slug:number>/", titles.TitleDetail.as_view(), name="products-api-title"),
    path("titles/<slug:number>/move/", titles.TitleMove.as_view()),
    path("titles/<slug:number>/history/", titles.TitleHistory.as_view()),
    path("specifications/", titles.SpecificationList.as_view(), name="products-api-specifications"),
    path("specifications/<slug:number>/", titles.SpecificationDetail.as_view(), name="products-api-specification"),
    path("specifications/<slug:number>/move/", titles.SpecificationMove.as_view()),
    path("specifications/<slug:number>/history/", titles.SpecificationHistory.as_view()),
    path("producers/", producers.ProducerList.as_view(), name="products-api-producers"),
    path("producers/<slug:number>/", producers.ProducerDetail.as_view(), name="products-api-producer"),
    path("producers/<slug:number>/history/", producers.ProducerHistory.as_view()),
    path("sites/", producers.SiteList.as_view(), name="products-api-sites"),
    path("sites/<slug:number>/", producers.SiteDetail.as_view(), name="products-api-site"),
    path("sites/<slug:number>/review/", producers.SiteReview.as_view()),
    path("sites/<slug:number>/retire/", producers.SiteRetire.as_view()),
    path("sites/<slug:number>/history/", producers.SiteHistory.as_view()),
    path("site-uploads/", uploads.SiteUploadList.as_view(), name="products-api-site-uploads"),
    path("site-uploads/<slug:number>/", uploads.SiteUploadDetail.as_view(), name="products-api-site-upload"),
    path("site-uploads/<slug:number>/rows/", uploads.SiteUploadRows.as_view()),
    path(
        "site-uploads/<slug:number>/faults.xlsx",
        uploads.SiteUploadFaults.as_view(),
        name="products-api-site-upload-faults",
    ),
    path("site-uploads/<slug:number>/check/", uploads.SiteUploadCheck.as_view()),
    path("site-uploads/<slug:number>/commit/", uploads.SiteUploadCommit.as_view()),
    path("site-uploads/<slug:number>/discard/", uploads.SiteUploadDiscard.as_view()),
    path("authorisations/", authorisations.AuthorisationList.as_view(), name="products-api-authorisations"),
    path(
        "authorisations/<slug:number>/",
        authorisations.AuthorisationDetail.as_view(),
        name="products-api-authorisation",
    ),
    path("authorisations/<slug:number>/move/", authorisations.AuthorisationMove.as_view()),
    path("authorisations/<slug:number>/documents/", documents.DocumentList.as_view()),
    path("authorisations/<slug:number>/history/", authorisations.AuthorisationHistory.as_view()),
    path("documents/<slug:number>/", documents.DocumentDetail.as_view(), name="products-api-document"),
    path("documents/<slug:number>/file/", documents.DocumentFile.as_view()),
]
pages = [
    path("", html.register, name="products"),
    path("producers/<slug:number>/", html.producer, name="products-producer"),
    path("<slug:slug>/", html.indication, name="products-indication"),
]
