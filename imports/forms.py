"""Shape of what people choose for an import."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from core.imports.columns import Table
from core.imports.kinds import Kind, Option


class UploadForm(Form):
    """A file, and what is chosen for the whole of it."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("Excel (.xlsx) or CSV, up to 20 MB and 100,000 rows. Titles, totals and merged cells may stay."),
        widget=forms.FileInput({"accept": ".xlsx,.xls,.csv,.txt"}),
        error_messages={"empty": _("This file is empty.")},
        allow_empty_file=True,
    )

    def __init__(self, *args: Any, options: list[Option], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = options
        for option in options:
            self.fields[option.name] = forms.ChoiceField(
                label=option.label,
                choices=option.choices,
                help_text=option.hint,
                required=all(value for value, _label in option.choices),
            )
        self.order_fields([*(option.name for option in options), "file"])

    def chosen(self) -> dict[str, str]:
        """The options."""
        return {option.name: self.cleaned_data[option.name] for option in self.options}


class ColumnsForm(Form):
    """Which column is what: one choice for each column of the file."""

    def __init__(self, *args: Any, kind: Kind, table: Table, take: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = table
        choices = [("", _("– not read –")), *((one.name, _mark(one.label, one.required)) for one in kind.fields)]
        for column in table.columns:
            field = forms.ChoiceField(
                label=column.head or _("Column %(n)s") % {"n": column.index + 1},
                choices=choices,
                required=False,
                initial=column.field,
                help_text=" · ".join(column.samples),
            )
            field.widget.attrs["data-width"] = "half"
            self.fields[f"column{column.index}"] = field
        self.fields["take_suggestions"] = forms.BooleanField(
            label=_("Use what is suggested for words that were not found"), required=False, initial=take
        )

    def chosen(self) -> dict[int, str]:
        """Place of the column -> field."""
        return {column.index: self.cleaned_data[f"column{column.index}"] for column in self.table.columns}


class StartForm(Form):
    """Whether rows that are wrong are left out."""

    only_right = forms.BooleanField(label=_("Import only the rows that are right"), required=False)


def _mark(label: Any, required: Any) -> Any:
    return f"{label} *" if required else label
