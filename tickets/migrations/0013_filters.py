"""Each filter of the lists of tickets and slips has its index; what a slip is filtered by stands on the slip.

Rewrites tickets (a stored column), updates every slip and makes 35 indexes, with both tables closed meanwhile: 40 s for 100,000 tickets on two
busy cores, in proportion for more. Drops the indexes on single organisations of all shared tables; their foreign keys
stay as they are, without a scan.
"""

from pathlib import Path
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"

FILL = """
ALTER TABLE tickets_slip DISABLE TRIGGER USER;
UPDATE tickets_slip s SET city_key = t.city_key, shown_technician = coalesce(nullif(s.technician, ''), t.lead_name)
FROM tickets_ticket t WHERE t.id = s.ticket_id;
ALTER TABLE tickets_slip ENABLE TRIGGER USER;
"""

UNDO = """
DROP TRIGGER slip_filters ON tickets_slip;
DROP TRIGGER ticket_filters ON tickets_ticket;
DROP FUNCTION tickets_slip_filters();
DROP FUNCTION tickets_ticket_filters();
"""

SHARED = (
    "assignment", "entry", "faultline", "faultlinemachine", "partline", "photo", "slip", "slipfile", "ticket", "ticketmachine", "trip",
)  # fmt: skip
ORGANISATIONS = ("dealer", "manufacturer", "office")
OPEN = [
    "new", "contacted", "appointed", "dispatched", "accepted", "en_route", "arrived", "in_work", "wait_part", "wait_cust", "wait_sign",
]  # fmt: skip


def _indexed(apps: Any, editor: Any) -> Any:
    for name in SHARED:
        model = apps.get_model("tickets", name)
        for organisation in ORGANISATIONS:
            yield model, model._meta.get_field(organisation)


def drop_single(apps: Any, editor: Any) -> None:
    for model, field in _indexed(apps, editor):
        name = editor._create_index_name(model._meta.db_table, [field.column])
        editor.execute(f"DROP INDEX {editor.quote_name(name)}")


def make_single(apps: Any, editor: Any) -> None:
    for model, field in _indexed(apps, editor):
        editor.execute(editor._create_index_sql(model, fields=[field]))


def without_index(name: str) -> models.ForeignKey:
    nullable = {"blank": True, "null": True} if name == "office" else {}
    return models.ForeignKey(
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="partners.organisation",
        **nullable,
    )


def add(model: str, name: str, *fields: str, condition: models.Q | None = None) -> migrations.AddIndex:
    finished = model == "ticket" and name.endswith("_finished")
    order = "-reported_at" if model == "ticket" and not finished else "-finished_at"
    more = {"include": ["state"]} if finished else {}
    return migrations.AddIndex(
        model, models.Index(fields=[*fields, order, "-id"], name=f"{model}_{name}", condition=condition, **more)
    )


def of_maker_side(model: str, name: str, *fields: str, condition: models.Q | None = None) -> list[migrations.AddIndex]:
    shared = models.Q(shared_with_maker=True) & condition if condition else models.Q(shared_with_maker=True)
    return [
        add(model, f"office_{name}", "office", *fields, condition=shared),
        add(model, f"maker_{name}", "manufacturer", *fields, condition=shared),
    ]


class Migration(migrations.Migration):
    dependencies = [("tickets", "0012_paper_slips"), ("partners", "0005_saved_view")]
    operations = [
        migrations.AddField(
            "ticket", "city_key",
            models.GeneratedField(
                db_persist=True, output_field=models.CharField(max_length=30),
                expression=models.Func(
                    models.F("city"), models.Value("市$"), models.Value(""), function="regexp_replace"
                ),
            ),
        ),
        migrations.AddField(
            "slip", "city_key", models.CharField(blank=True, db_default="", default="", editable=False, max_length=30)
        ),
        migrations.AddField(
            "slip", "shown_technician",
            models.CharField(blank=True, db_default="", default="", editable=False, max_length=60),
        ),
        migrations.RunSQL((SQL / "frozen.sql").read_text(), migrations.RunSQL.noop),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL((SQL / "slip_filters.sql").read_text(), UNDO),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(drop_single, make_single)],
            state_operations=[
                migrations.AlterField(model, name, without_index(name)) for model in SHARED for name in ORGANISATIONS
            ],
        ),
        add("ticket", "dealer_city", "dealer", "city_key"),
        add("ticket", "dealer_lead", "dealer", "lead_name"),
        add("ticket", "dealer_maker", "dealer", "manufacturer"),
        add("ticket", "office_dealer", "office", "dealer", condition=models.Q(shared_with_maker=True)),
        *of_maker_side("ticket", "state", "state"),
        *of_maker_side("ticket", "city", "city_key"),
        *of_maker_side("ticket", "lead", "lead_name"),
        add("ticket", "dealer_urgency", "dealer", "urgency"),
        *of_maker_side("ticket", "urgency", "urgency"),
        *of_maker_side("ticket", "open", condition=models.Q(state__in=OPEN)),
        *(
            migrations.AddIndex("ticket", models.Index(fields=[side, "lead_name"], name=f"ticket_{short}_leads", condition=condition))
            for side, short, condition in (
                ("dealer", "dealer", models.Q(state__in=OPEN)),
                ("office", "office", models.Q(shared_with_maker=True, state__in=OPEN)),
                ("manufacturer", "maker", models.Q(shared_with_maker=True, state__in=OPEN)),
            )
        ),
        add("ticket", "dealer_urgent", "dealer", "urgency", condition=models.Q(state__in=OPEN)),
        *of_maker_side("ticket", "urgent", "urgency", condition=models.Q(state__in=OPEN)),
        add("ticket", "dealer_finished", "dealer", condition=models.Q(finished_at__isnull=False)),
        *of_maker_side("ticket", "finished", condition=models.Q(finished_at__isnull=False)),
        add("slip", "dealer_state", "dealer", "state"),
        add("slip", "dealer_city", "dealer", "city_key"),
        add("slip", "dealer_technician", "dealer", "shown_technician"),
        add("slip", "dealer_maker", "dealer", "manufacturer"),
        add("slip", "office_dealer", "office", "dealer", condition=models.Q(shared_with_maker=True)),
        *of_maker_side("slip", "state", "state"),
        *of_maker_side("slip", "city", "city_key"),
        *of_maker_side("slip", "technician", "shown_technician"),
    ]  # fmt: skip
