"""The paths of the books of a season, of label orders and of transfers, included in this room's ``api``."""

from django.urls import path

from trace.api import label_orders, quota, transfers

books = [
    path("quota/", quota.QuotaListView.as_view(), name="trace-quotas"),
    path("quota/<slug:number>/", quota.QuotaView.as_view(), name="trace-quota"),
    path("quota/<slug:number>/postings/", quota.QuotaPostingsView.as_view(), name="trace-quota-postings"),
    path("quota/<slug:number>/history/", quota.QuotaHistoryView.as_view()),
    path("quota/<slug:number>/harvest/", quota.QuotaHarvestView.as_view()),
    path("quota/<slug:number>/process/", quota.QuotaProcessView.as_view()),
    path("quota/<slug:number>/penalty/", quota.QuotaPenaltyView.as_view()),
    path("quota/<slug:number>/reverse/", quota.QuotaReverseView.as_view()),
    path("seasons/<slug:number>/", quota.SeasonBooksView.as_view(), name="trace-season"),
    path("seasons/<slug:number>/open/", quota.SeasonOpenView.as_view()),
    path("seasons/<slug:number>/close/", transfers.SeasonCloseView.as_view()),
    path("label-orders/", label_orders.LabelOrderListView.as_view(), name="trace-label-orders"),
    path("label-orders/<slug:number>/", label_orders.LabelOrderView.as_view(), name="trace-label-order"),
    path(
        "label-orders/<slug:number>/ranges/",
        label_orders.LabelOrderRangesView.as_view(),
        name="trace-label-order-ranges",
    ),
    path("label-orders/<slug:number>/history/", label_orders.LabelOrderHistoryView.as_view()),
    path("label-orders/<slug:number>/approve/", label_orders.LabelOrderApproveView.as_view()),
    path("label-orders/<slug:number>/refuse/", label_orders.LabelOrderRefuseView.as_view()),
    path("label-orders/<slug:number>/issue/", label_orders.LabelOrderIssueView.as_view()),
    path("label-orders/<slug:number>/cancel/", label_orders.LabelOrderCancelView.as_view()),
    path("label-orders/<slug:number>/activate/", label_orders.LabelsActivateView.as_view()),
    path("label-orders/<slug:number>/spoil/", label_orders.LabelsSpoilView.as_view()),
    path("label-orders/<slug:number>/lose/", label_orders.LabelsLoseView.as_view()),
    path("label-orders/<slug:number>/return/", label_orders.LabelsReturnView.as_view()),
    path("label-orders/<slug:number>/destroy/", label_orders.LabelsDestroyView.as_view()),
    path("transfers/", transfers.TransferListView.as_view(), name="trace-transfers"),
    path("transfers/<slug:number>/", transfers.TransferView.as_view(), name="trace-transfer"),
    path("transfers/<slug:number>/history/", transfers.TransferHistoryView.as_view()),
    path("transfers/<slug:number>/accept/", transfers.TransferAcceptView.as_view()),
    path("transfers/<slug:number>/decline/", transfers.TransferDeclineView.as_view()),
    path("transfers/<slug:number>/withdraw/", transfers.TransferWithdrawView.as_view()),
]
