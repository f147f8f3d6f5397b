from core.models.access import AccessRecord
from core.models.base import Stamped, public_id
from core.models.calendar import CalendarYear
from core.models.counter import Counter
from core.models.dictionary import DictionaryEntry
from core.models.idempotency import IdempotencyKey
from core.models.job import Job, JobState

__all__ = [
    "AccessRecord",
    "CalendarYear",
    "Counter",
    "DictionaryEntry",
    "IdempotencyKey",
    "Job",
    "JobState",
    "Stamped",
    "public_id",
]
