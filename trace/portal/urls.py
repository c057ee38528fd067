"""The paths of the portal, included in this room's ``pages``. A lot or key is a slug, so that no odd byte reaches a query."""

from django.urls import path

from trace.portal import articles, issuances, links, pages, photos, prints, register, requirements, uploads

pages = [
    path("portal/", pages.home, name="portal-home"),
    path("portal/batches/", pages.batches, name="portal-batches"),
    path("portal/batches/new/", register.begin, name="portal-new-batch"),
    path("portal/batches/new/<slug:key>/product/", register.question, {"step": "product"}, name="portal-ask-product"),
    path("portal/batches/new/<slug:key>/sites/", register.question, {"step": "sites"}, name="portal-ask-sites"),
    path("portal/batches/new/<slug:key>/dates/", register.question, {"step": "dates"}, name="portal-ask-dates"),
    path("portal/batches/new/<slug:key>/amount/", register.question, {"step": "amount"}, name="portal-ask-amount"),
    path("portal/batches/new/<slug:key>/check/", register.check, name="portal-check"),
    path("portal/batches/new/<slug:key>/forget/", register.forget, name="portal-forget"),
    path("portal/batches/<slug:number>/", pages.batch, name="portal-batch"),
    path("portal/batches/<slug:number>/registered/", pages.registered, name="portal-registered"),
    path("portal/batches/<slug:number>/sheet/", pages.sheet, name="portal-sheet"),
    path("portal/batches/<slug:number>/do/<slug:name>/", pages.step, name="portal-step"),
    path("portal/batches/<slug:number>/rules/", requirements.rules, name="portal-rules"),
    path("portal/batches/<slug:number>/codes/", issuances.codes, name="portal-codes"),
    path("portal/batches/<slug:number>/codes/new/", issuances.issue, name="portal-issue"),
    path("portal/issuances/<slug:number>/", issuances.issuance, name="portal-issuance"),
    path("portal/issuances/<slug:number>/record/", issuances.record, name="portal-record"),
    path("portal/issuances/<slug:number>/print/", prints.choose, name="portal-print-labels"),
    path("portal/issuances/<slug:number>/tried/", prints.tried, name="portal-tried"),
    path("portal/issuances/<slug:number>/trial.<slug:kind>", prints.trial, name="portal-trial"),
    path("portal/prints/<slug:number>/", prints.job, name="portal-print"),
    path("portal/prints/<slug:number>/all.zip", prints.archive, name="portal-print-all"),
    path("portal/prints/<slug:number>/parts/<int:place>/", prints.part, name="portal-print-part"),
    path("portal/prints/<slug:number>/do/<slug:verb>/", prints.work, name="portal-print-work"),
    path("portal/products/", articles.articles, name="portal-articles"),
    path("portal/products/new/", articles.new_article, name="portal-new-article"),
    path("portal/products/<slug:number>/photo/", photos.photo, name="portal-photo"),
    path("portal/links/", links.links, name="portal-links"),
    path("portal/links/new/", links.new_link, name="portal-new-link"),
    path("portal/links/<slug:number>/<slug:name>/", links.answer_link, name="portal-link-answer"),
    path("portal/sites/upload/", uploads.new, name="portal-upload-new"),
    path("portal/sites/upload/<slug:number>/", uploads.upload, name="portal-upload"),
    path("portal/sites/upload/<slug:number>/<slug:verb>/", uploads.work, name="portal-upload-work"),
    path("portal/rights/", pages.rights, name="portal-rights"),
]
