"""Print shop: a dealer's look of his slips, his printers' offsets, and the number of the paper form (domain.md 8.2 to 8.4).

Additive. The frozen slip lets the paper number through, since it is entered when the form is printed.
"""

from pathlib import Path

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

import core.models.base

FROZEN = (Path(__file__).resolve().parent.parent / "sql" / "frozen.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0003_partnership_terms"),
        ("tickets", "0007_search"),
    ]

    operations = [
        migrations.CreateModel(
            name="Printer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=core.models.base.public_id, editable=False, max_length=16, unique=True),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("name", models.CharField(max_length=40, verbose_name="printer")),
                (
                    "offset_x",
                    models.DecimalField(decimal_places=1, default=0, max_digits=4, verbose_name="to the right"),
                ),
                ("offset_y", models.DecimalField(decimal_places=1, default=0, max_digits=4, verbose_name="down")),
            ],
            options={
                "ordering": ["name"],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("_plain", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="PrintSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=core.models.base.public_id, editable=False, max_length=16, unique=True),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("logo", models.FileField(blank=True, max_length=200, upload_to="", verbose_name="logo")),
                (
                    "dealer_copy",
                    models.CharField(default="存根联", max_length=8, verbose_name="name of the dealer's copy"),
                ),
                (
                    "customer_copy",
                    models.CharField(default="客户联", max_length=8, verbose_name="name of the customer's copy"),
                ),
                (
                    "maker_copy",
                    models.CharField(default="厂家联", max_length=8, verbose_name="name of the manufacturer's copy"),
                ),
                (
                    "dealer_colour",
                    models.CharField(
                        choices=[
                            ("white", "white"),
                            ("red", "red"),
                            ("yellow", "yellow"),
                            ("green", "green"),
                            ("blue", "blue"),
                        ],
                        default="white",
                        max_length=6,
                    ),
                ),
                (
                    "customer_colour",
                    models.CharField(
                        choices=[
                            ("white", "white"),
                            ("red", "red"),
                            ("yellow", "yellow"),
                            ("green", "green"),
                            ("blue", "blue"),
                        ],
                        default="red",
                        max_length=6,
                    ),
                ),
                (
                    "maker_colour",
                    models.CharField(
                        choices=[
                            ("white", "white"),
                            ("red", "red"),
                            ("yellow", "yellow"),
                            ("green", "green"),
                            ("blue", "blue"),
                        ],
                        default="yellow",
                        max_length=6,
                    ),
                ),
                ("foot_line", models.CharField(blank=True, max_length=30, verbose_name="line at the foot")),
                (
                    "default_paper",
                    models.CharField(
                        choices=[
                            ("a4", "A4, three pages"),
                            ("a5", "A5 landscape, three pages"),
                            ("whole", "241 × 279.4 mm, whole page"),
                            ("half", "241 × 139.7 mm, half a page"),
                            ("third", "241 × 93.1 mm, a third"),
                        ],
                        default="a4",
                        max_length=5,
                        verbose_name="paper",
                    ),
                ),
            ],
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("_plain", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name="slip",
            name="paper_number",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=20, verbose_name="number on the paper form"
            ),
        ),
        migrations.AddConstraint(
            model_name="slip",
            constraint=models.UniqueConstraint(
                condition=models.Q(("paper_number", ""), _negated=True),
                fields=("dealer", "paper_number"),
                name="slip_paper_number_unique",
            ),
        ),
        migrations.AddField(
            model_name="printer",
            name="dealer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.organisation"
            ),
        ),
        migrations.AddField(
            model_name="printsettings",
            name="dealer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.organisation"
            ),
        ),
        migrations.AddConstraint(
            model_name="printer",
            constraint=models.UniqueConstraint(fields=("dealer", "name"), name="printer_name_unique"),
        ),
        migrations.AddConstraint(
            model_name="printer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("offset_x__gte", -20), ("offset_x__lte", 20), ("offset_y__gte", -20), ("offset_y__lte", 20)
                ),
                name="printer_offset_in_reach",
            ),
        ),
        migrations.AddConstraint(
            model_name="printsettings",
            constraint=models.UniqueConstraint(fields=("dealer",), name="print_settings_once"),
        ),
        migrations.RunSQL(FROZEN, migrations.RunSQL.noop),
    ]
