"""The checkpoints of an hour are found by when they were signed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("openlog", "0002_timestamps"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="checkpoint",
            index=models.Index(fields=["signed_at", "size"], name="openlog_signed_then"),
        ),
    ]
