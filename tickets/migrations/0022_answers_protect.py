import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0021_active_dealers_of_partners")]

    operations = [
        migrations.AlterField(
            model_name="escalationanswer",
            name="escalation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tickets.escalation"
            ),
        ),
    ]
