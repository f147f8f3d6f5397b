from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "imports"
    verbose_name = _("Imports")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import chips, rights
        from core.errors import sentence
        from imports import enums, rules, tasks  # noqa: F401  # tasks registers its jobs

        rights.add(rules.RULES)
        chips.register(enums.FAMILIES)
        for code, text in _SENTENCES.items():
            sentence(code, text)


_SENTENCES = {
    "file_missing": _("Choose a file."),
    "file_empty": _("This file is empty."),
    "file_old_excel": _(
        "This is an old .xls workbook, or one with a password. Open it in Excel or WPS, choose “Save as”, and take “Excel workbook (.xlsx)” without a password."
    ),
    "file_not_readable": _("This file cannot be read. Save it as .xlsx, or as CSV in UTF-8, and choose it again."),
    "file_too_large": _("This file is larger than 20 MB. Split it, or remove pictures and sheets that are not needed."),
    "file_too_many_rows": _("This file has more than 100,000 rows. Split it."),
    "file_bomb": _(
        "This file unpacks to far more than a table needs. Copy the table into a new workbook and save that."
    ),
    "file_encoding": _("The file's characters cannot be read. Save it as .xlsx, or as CSV in UTF-8."),
    "file_quotes": _("The quotation marks in this text file are broken. Save the table as .xlsx."),
    "file_no_table": _("There is no table in this file: a row of heads, and the data below it."),
    "column_missing": _("Choose the column for: %(fields)s."),
    "column_twice": _("One column for each: %(fields)s."),
    "option_wrong": _("Choose one from the list."),
    "import_has_rejected": _(
        "%(n)s rows cannot be taken. Mend them, or choose to import only the rows that are right."
    ),
    "import_nothing": _("There is nothing to import in this file."),
    "import_too_old": _("An import can be undone within 7 days."),
    "import_no_undo": _("Such an import cannot be undone."),
}
