"""Tickets and slips in the search table. Reads both tables once."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).resolve().parent.parent / "sql" / "search.sql").read_text()
UNDO = """
DROP FUNCTION tickets_ticket_words() CASCADE;
DROP FUNCTION tickets_ticketmachine_words() CASCADE;
DROP FUNCTION tickets_slip_words() CASCADE;
DROP FUNCTION tickets_ticket_keep(tickets_ticket);
DROP FUNCTION tickets_slip_keep(tickets_slip);
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0006_dealer_leads_unique"), ("core", "0002_search")]
    operations = [migrations.RunSQL(SQL, UNDO)]
