"""A job that is woken again and again has a name, once per organisation. Adds a column with a default and a partial index: closes core_job for a moment."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0006_search_without_waiting_list")]
    operations = [
        migrations.AddField("job", "standing", models.CharField(blank=True, db_default="", default="", max_length=80)),
        migrations.AddConstraint(
            "job",
            models.UniqueConstraint(
                condition=~models.Q(("standing", "")), fields=("organisation_id", "standing"), name="job_standing_once"
            ),
        ),
    ]
