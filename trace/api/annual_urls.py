"""The paths of annual reports, included in this room's ``api``."""

from django.urls import path

from trace.api import annual_reports as views

annual = [
    path("annual-reports/", views.AnnualReportListView.as_view(), name="trace-annual-reports"),
    path("annual-reports/sheet.xlsx", views.AnnualReportSheetView.as_view(), name="trace-annual-report-sheet"),
    path("annual-reports/<slug:number>/", views.AnnualReportView.as_view(), name="trace-annual-report"),
    path("annual-reports/<slug:number>/submit/", views.AnnualReportSubmitView.as_view()),
    path("annual-reports/<slug:number>/accept/", views.AnnualReportAcceptView.as_view()),
    path("annual-reports/<slug:number>/return/", views.AnnualReportReturnView.as_view()),
    path("annual-reports/<slug:number>/history/", views.AnnualReportHistoryView.as_view()),
    path("annual-report-due-dates/", views.ReportDueDateListView.as_view(), name="trace-annual-report-due-dates"),
]
