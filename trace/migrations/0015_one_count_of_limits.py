"""Beacons are counted with all other limits (``gi_registry.lib.limits``). What stood here was forgotten within two days anyway."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("trace", "0014_unit_reports")]

    operations = [migrations.DeleteModel(name="Allowance")]
