"""Sites without an area by their numbers: a layer of them alone is paged through without a look at all the plots."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("products", "0008_written_outlines")]

    operations = [
        migrations.AddIndex(
            "site", models.Index(fields=["number"], condition=Q(area_m2__isnull=True), name="site_points")
        )
    ]
