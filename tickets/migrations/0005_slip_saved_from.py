"""Which sign-in wrote the latest versions of a draft, so that the lost answer of an autosave is no foreign change. Locks tickets_slip for a moment."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0004_active_dealers")]
    operations = [
        migrations.AddField(
            model_name="slip",
            name="saved_from",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=32),
        ),
        migrations.AddField(
            model_name="slip",
            name="saved_since",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
    ]
