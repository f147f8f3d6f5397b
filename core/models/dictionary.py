from django.db import models
from django.utils.translation import gettext_lazy as _

from core.tenancy import Kind, TenantModel


class DictionaryKind(models.TextChoices):
    """Reference lists (domain.md 19.5); their words stay Chinese in both languages."""

    PRODUCT_TYPE = "product_type", _("product type")
    CONDITION = "condition", _("operating condition")
    FAULT_PART = "fault_part", _("faulty part")
    SYMPTOM = "symptom", _("symptom")
    INDUSTRY = "industry", _("customer's industry")
    PHRASE_DIAGNOSIS = "phrase_diagnosis", _("phrase for the diagnosis")
    PHRASE_SOLUTION = "phrase_solution", _("phrase for the solution")
    REFUSAL = "refusal", _("reason for not signing")
    CANCEL = "cancel", _("reason for cancelling")


class DictionaryEntry(TenantModel):
    """One word of a reference list; written by the platform, read by all."""

    tenancy = Kind.COMMON

    kind = models.CharField(max_length=20, choices=DictionaryKind)
    code = models.CharField(max_length=40)
    label = models.CharField(max_length=60)
    position = models.PositiveIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["kind", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "code"],
                name="dictionary_code_unique",
                violation_error_message=_("This code exists already."),
            )
        ]

    def __str__(self) -> str:
        return self.label
