import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

import core.models.base


class Migration(migrations.Migration):
    """Two new tables for the manufacturer's register (domain.md 3); nothing that exists is touched."""

    dependencies = [
        ("equipment", "0004_merge"),
        ("partners", "0003_partnership_terms"),
    ]

    operations = [
        migrations.CreateModel(
            name="RegisterMachine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=core.models.base.public_id, editable=False, max_length=16, unique=True),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("serial_number", models.CharField(max_length=40, verbose_name="serial number")),
                ("model", models.CharField(max_length=60, verbose_name="model")),
                ("ex_factory_on", models.DateField(blank=True, null=True, verbose_name="ex-factory date")),
                ("batch", models.CharField(blank=True, max_length=30, verbose_name="ex-factory batch")),
                ("changed_by", models.CharField(blank=True, editable=False, max_length=60)),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="equipment.productline",
                    ),
                ),
                (
                    "manufacturer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.organisation"
                    ),
                ),
            ],
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("_plain", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Shipment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=core.models.base.public_id, editable=False, max_length=16, unique=True),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("consignee", models.CharField(blank=True, max_length=80, verbose_name="shipped to")),
                ("shipped_on", models.DateField(blank=True, null=True, verbose_name="shipping date")),
                ("order_number", models.CharField(blank=True, max_length=40, verbose_name="order number")),
                (
                    "dealer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.organisation",
                    ),
                ),
                (
                    "machine",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="equipment.registermachine"
                    ),
                ),
                (
                    "manufacturer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.organisation"
                    ),
                ),
            ],
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("_plain", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddConstraint(
            model_name="registermachine",
            constraint=models.UniqueConstraint(
                fields=("manufacturer", "serial_number"),
                name="register_serial_unique",
                violation_error_message="This serial number stands in the register already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="shipment",
            constraint=models.UniqueConstraint(fields=("manufacturer", "machine"), name="shipment_machine_unique"),
        ),
    ]
