from resources.models.duty import DutyChange, DutyReminder, DutySettings, DutyShift, DutySwap

__all__ = ["DutyChange", "DutyReminder", "DutySettings", "DutyShift", "DutySwap"]
