"""Who saved a draft last, for whoever comes later with an old page. Locks tickets_slip for a moment."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0002_frozen_slips")]
    operations = [
        migrations.AddField(
            model_name="slip",
            name="saved_by",
            field=models.CharField(blank=True, max_length=60, default=""),
            preserve_default=False,
        )
    ]
