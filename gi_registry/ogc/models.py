"""The one table of the engine: how often the tables behind the map have changed."""

from django.db import models


class TableChange(models.Model):
    """By ``bumps`` the version of a table has moved on. Written by the trigger ``ogc_note_change``, read as a sum."""

    table_name = models.CharField(max_length=63)
    bumps = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["table_name"], include=["bumps"], name="ogc_change_of_table")]

    def __str__(self) -> str:
        return f"{self.table_name} +{self.bumps}"
