"""A notice knows whether it was a breach. A column with a default of the database: the table is closed for a moment."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]
    operations = [migrations.AddField("notice", "urgent", models.BooleanField(db_default=False, default=False))]
