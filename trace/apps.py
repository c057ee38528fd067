"""The room of goods. Listed by this path and never as plain ``trace``, which is also a standard-library module."""

from django.apps import AppConfig


class TraceConfig(AppConfig):
    name = "trace"
    verbose_name = "批次与查询"
