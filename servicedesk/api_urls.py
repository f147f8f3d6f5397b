"""Addresses of the API, version 1. Public ids only; a foreign id answers like a missing one."""

from django.urls import path

from equipment import api as equipment
from equipment.api import warranty
from notices import api as notices
from partners.api import account
from resources import api as duty
from settlement.api import cards, claims, statements
from tickets.api import photos, referrals, slips, support, tickets

app_name = "api"

urlpatterns = [
    path("me", account.Me.as_view(), name="me"),
    path("jobs", account.Jobs.as_view(), name="jobs"),
    path("jobs/<slug:public_id>", account.OneJob.as_view(), name="job"),
    path("notices", notices.Notices.as_view(), name="notices"),
    path("notices/read", notices.Read.as_view(), name="notices_read"),
    path("notices/preferences", notices.NoticePreferences.as_view(), name="notice_preferences"),
    path("notices/preferences/mail", notices.Mail.as_view(), name="notice_mail"),
    path("notices/preferences/mail/confirm", notices.ConfirmMail.as_view(), name="notice_mail_confirm"),
    path("customers", equipment.Customers.as_view(), name="customers"),
    path("customers/<slug:public_id>", equipment.OneCustomer.as_view(), name="customer"),
    path("machines", equipment.Machines.as_view(), name="machines"),
    path("machines/<slug:public_id>", equipment.OneMachine.as_view(), name="machine"),
    path("duty/now", duty.Now.as_view(), name="duty_now"),
    path("duty/gaps", duty.Gaps.as_view(), name="duty_gaps"),
    path("duty/shifts", duty.Shifts.as_view(), name="duty_shifts"),
    path("duty/shifts/<slug:public_id>", duty.OneShift.as_view(), name="duty_shift"),
    path("duty/shifts/<slug:public_id>/swap", duty.AskSwap.as_view(), name="duty_swap_ask"),
    path("duty/swaps", duty.Swaps.as_view(), name="duty_swaps"),
    path("duty/swaps/<slug:public_id>", duty.OneSwap.as_view(), name="duty_swap"),
    *(
        path(f"duty/swaps/<slug:public_id>/{verb}", duty.answer_view(verb).as_view(), name=f"duty_swap_{verb}")
        for verb in duty.VERBS
    ),
    path("warranty/policies", warranty.Policies.as_view(), name="warranty_policies"),
    path("warranty/policies/<slug:public_id>", warranty.OnePolicy.as_view(), name="warranty_policy"),
    path("warranty/policies/<slug:public_id>/draft", warranty.Draft.as_view(), name="warranty_draft"),
    path("warranty/versions/<slug:public_id>/force", warranty.Force.as_view(), name="warranty_force"),
    path("rate-cards", cards.Cards.as_view(), name="rate_cards"),
    path("rate-cards/<slug:public_id>", cards.OneCard.as_view(), name="rate_card"),
    path("claims", claims.Claims.as_view(), name="claims"),
    path("claims/<slug:public_id>", claims.OneClaim.as_view(), name="claim"),
    *(
        path(f"claims/<slug:public_id>/{verb}", claims.verb_view(verb).as_view(), name=f"claim_{verb}")
        for verb in claims.VERBS
    ),
    path("slips/<slug:public_id>/claim", claims.Begin.as_view(), name="claim_begin"),
    path("statements", statements.Statements.as_view(), name="statements"),
    path("statements/close", statements.CloseMonth.as_view(), name="month_close"),
    path("statements/<slug:public_id>", statements.OneStatement.as_view(), name="statement"),
    path("statements/<slug:public_id>/object", statements.ObjectTo.as_view(), name="statement_object"),
    path("statements/<slug:public_id>/answer", statements.Answer.as_view(), name="statement_answer"),
    path("statements/<slug:public_id>/invoice", statements.HandIn.as_view(), name="statement_invoice"),
    *(
        path(f"statements/<slug:public_id>/{verb}", statements.verb_view(verb).as_view(), name=f"statement_{verb}")
        for verb in statements.VERBS
    ),
    path("tickets", tickets.Tickets.as_view(), name="tickets"),
    path("tickets/<slug:public_id>", tickets.OneTicket.as_view(), name="ticket"),
    *(
        path(f"tickets/<slug:public_id>/{verb}", tickets.verb_view(verb).as_view(), name=f"ticket_{verb}")
        for verb in tickets.VERBS
    ),
    path("tickets/<slug:public_id>/escalate", support.Escalate.as_view(), name="escalate"),
    path("escalations", support.Escalations.as_view(), name="escalations"),
    path("escalations/<slug:public_id>", support.OneEscalation.as_view(), name="escalation"),
    *(
        path(f"escalations/<slug:public_id>/{verb}", support.verb_view(verb).as_view(), name=f"escalation_{verb}")
        for verb in support.VERBS
    ),
    path("cases", support.Cases.as_view(), name="cases"),
    path("referrals", referrals.Referrals.as_view(), name="referrals"),
    path("referrals/<slug:public_id>", referrals.OneReferral.as_view(), name="referral"),
    path("referrals/<slug:public_id>/redirect", referrals.Redirect.as_view(), name="referral_redirect"),
    path("referrals/<slug:public_id>/insist", referrals.Insist.as_view(), name="referral_insist"),
    path("tickets/<slug:public_id>/phone", tickets.Phone.as_view(), name="ticket_phone"),
    path("tickets/<slug:public_id>/photos", photos.Photos.as_view(), name="photos"),
    path("photos/<slug:public_id>", photos.OnePhoto.as_view(), name="photo"),
    path("photos/<slug:public_id>.jpg", photos.File.as_view(), name="photo_file"),
    path("photos/<slug:public_id>/small.jpg", photos.Thumbnail.as_view(), name="photo_thumbnail"),
    path("tickets/<slug:public_id>/slip", slips.Open.as_view(), name="slip_open"),
    path("slips", slips.Slips.as_view(), name="slips"),
    path("slips/<slug:public_id>", slips.OneSlip.as_view(), name="slip"),
    path("slips/<slug:public_id>/complete", slips.Complete.as_view(), name="slip_complete"),
    path("slips/<slug:public_id>/correct", slips.Correct.as_view(), name="slip_correct"),
    path("slips/<slug:public_id>/signed", slips.HandIn.as_view(), name="slip_hand_in"),
    path("slips/<slug:public_id>/sign", slips.Sign.as_view(), name="slip_sign"),
    path("slips/<slug:public_id>/sign_on_paper", slips.SignOnPaper.as_view(), name="slip_sign_on_paper"),
    path("slips/<slug:public_id>/refuse", slips.Refuse.as_view(), name="slip_refuse"),
    path("slips/<slug:public_id>/void", slips.Void.as_view(), name="slip_void"),
    path("slips/<slug:public_id>/print", slips.Print.as_view(), name="slip_print"),
    path("slips/<slug:public_id>/files", slips.Files.as_view(), name="slip_files"),
    path("slips/<slug:public_id>/files/<slug:copy>.pdf", slips.Pdf.as_view(), name="slip_pdf"),
]
