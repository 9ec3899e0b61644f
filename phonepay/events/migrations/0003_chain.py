"""The chain of Activity: a digest on each event, seals over them, and the key of both."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.utils import timezone

from phonepay.events.audit_keys import wrapped_key


def make_key(apps: Any, schema_editor: Any) -> None:
    """What was recorded until now is adopted as it is."""
    event, key = apps.get_model("events", "Event"), apps.get_model("events", "AuditKey")
    now = timezone.now()
    highest = event.objects.aggregate(highest=models.Max("pk"))["highest"] or 0
    key.objects.create(number=1, wrapped=wrapped_key(now, adopts_to=highest), made_at=now)


class Migration(migrations.Migration):
    dependencies = [("events", "0002_source")]

    operations = [
        migrations.AddField(
            model_name="event",
            name="digest",
            field=models.CharField(max_length=100, null=True, unique=True),
        ),
        migrations.CreateModel(
            name="AuditKey",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("wrapped", models.CharField(max_length=500)),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("key", models.BigIntegerField()),
                ("sealed_at", models.DateTimeField()),
                ("high", models.BigIntegerField()),
                ("total", models.BigIntegerField()),
                ("gaps", models.JSONField(default=list)),
                ("entries", models.BinaryField()),
                ("link", models.CharField(max_length=64)),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="ActivityCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_at", models.DateTimeField(null=True)),
                ("cursor", models.BigIntegerField(default=0)),
                ("link", models.CharField(blank=True, max_length=64)),
                ("found", models.JSONField(default=list)),
                ("finished_at", models.DateTimeField(null=True)),
                ("seals", models.BigIntegerField(default=0)),
                ("events", models.BigIntegerField(default=0)),
                ("breaks", models.JSONField(default=list)),
            ],
        ),
        migrations.RunPython(make_key, migrations.RunPython.noop),
    ]
