import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from linli.audit import actions as audit
from linli.kernel import clock, seal, token
from linli.kernel.actor import Actor
from linli.kernel.errors import Invalid, NotFound, TooMany
from linli.notices.actions.telling import tell
from linli.notices.domain import addresses
from linli.notices.domain.channels import State
from linli.notices.domain.recipients import Fact, ToReporter
from linli.notices.models import Contact, Delivery, Notice
from linli.notices.queries import sealing, setup

PURPOSE: Final = "progress"
CONSENT: Final = "2026-2"
TO_CONFIRM: Final = timedelta(hours=24)
ASKED_AT_MOST: Final = 3
CONFIRM: Final = "contact.confirm"
SYSTEM: Final = Actor.system("notices")


@transaction.atomic
def leave_contact(subject: str, typed: str, *, follow_token: str, language: str, actor: Actor) -> None:
    """Keep where a reporter wants to hear of their matter (留联系方式), in place of what was left before.

    Until `confirm` it is kept for a day and hears of nothing but that it is to be confirmed, which the caller tells it.
    Who calls has made sure that `subject` is the reporter's: by its follow link. The trail says that a contact was
    left, of what kind and under which words, never which.

    Raises: Invalid if it is neither a phone number nor an e-mail address, or nothing would arrive there; TooMany if
        addresses were left for this subject too often today.
    """
    kind, address = addresses.parse(typed)
    if kind not in setup.reached_by():
        raise Invalid("notices.kind_not_offered", "Linli cannot send there yet. Please leave the other kind of"
                      " address.", field="to")
    sealed = seal.seal(json.dumps({"to": address, "token": follow_token}), about=sealing.about_contact(subject),
                       secret=sealing.secret())
    now = clock.now()
    with audit.acting(SYSTEM):
        asked = Notice.objects.filter(once__startswith=_once(subject, ""), made_at__gt=now - TO_CONFIRM)
        if asked.count() >= ASKED_AT_MOST:
            raise TooMany("notices.asked_too_often", "Too many addresses were left here today. Please try again"
                          " tomorrow.", field="to")
        _remove([subject])
        Contact.objects.create(subject=subject, kind=kind.value, sealed=sealed, language=language, purpose=PURPOSE,
                               consent=CONSENT, given_at=now, delete_at=now + TO_CONFIRM)
        audit.record("notices.leave_contact", actor=actor, target=subject, kind=kind.value, consent=CONSENT)


def ask_to_confirm(subject: str, facts: Mapping[str, Fact]) -> None:
    """Ask at the contact just left whether it wants to hear (请求确认), at once; what else is told waits for that."""
    tell(CONFIRM, to=ToReporter(subject, to_confirm=True), facts=facts, once=_once(subject, clock.now().isoformat()),
         urgent=True)


@transaction.atomic
def confirm(signed: str, *, actor: Actor) -> str:
    """Let a contact hear from now on, as whoever reads what is sent there says (确认联系方式); return its subject.

    Confirming twice is harmless.

    Raises: Invalid if the token is not ours or too old; NotFound if the contact is gone or another was left since.
    """
    ref = token.verify(signed, key=sealing.secret()).get("confirm")
    if not isinstance(ref, str) or not ref.startswith("contact:"):
        raise Invalid("token.not_ours", "This link is not one of ours. Please open the page again.")
    with audit.acting(SYSTEM):
        contact = Contact.objects.select_for_update().filter(pk=int(ref.removeprefix("contact:"))).first()
        if contact is None:
            raise NotFound("notices.no_such_contact", "This address is not kept any more. Please leave it once more.")
        if contact.confirmed_at is None:
            contact.confirmed_at, contact.delete_at = clock.now(), None
            contact.save(update_fields=["confirmed_at", "delete_at"])
            audit.record("notices.confirm_contact", actor=actor, target=contact.subject)
        return contact.subject


@transaction.atomic
def remove_contact(subject: str, *, actor: Actor) -> bool:
    """Forget what was left for this subject (删除联系方式); return whether there was something."""
    with audit.acting(SYSTEM):
        gone = _remove([subject])
        if gone:
            audit.record("notices.remove_contact", actor=actor, target=subject)
        return bool(gone)


@transaction.atomic
def stop(stop_token: str, *, actor: Actor) -> bool:
    """Forget the contact to which a mail with this token went (退订); return whether it was still kept.

    Raises: Invalid if the token is not ours.
    """
    subject = subject_of(stop_token)
    with audit.acting(SYSTEM):
        known = Contact.objects.filter(subject=subject).exists()
    return remove_contact(subject, actor=actor) if known else False


def subject_of(stop_token: str) -> str:
    """Return what a mail's token of stopping is for; raise Invalid if it is not ours."""
    subject = token.verify(stop_token, key=sealing.secret()).get("stop")
    if not isinstance(subject, str):
        raise Invalid("token.not_ours", "This link is not one of ours. Please open the page again.")
    return subject


@transaction.atomic
def forget_after(subjects: Collection[str], ended_at: datetime | None) -> None:
    """Let the contacts of a matter that has ended go some days later (到期删除), or stay where it goes on (None)."""
    with audit.acting(SYSTEM):
        until = None if ended_at is None else ended_at + timedelta(days=settings.LINLI_CONTACT_DAYS)
        Contact.objects.filter(subject__in=subjects).exclude(confirmed_at=None).update(delete_at=until)


@transaction.atomic
def forget_due() -> int:
    """Delete every contact whose time has come (清理到期联系方式); return how many."""
    with audit.acting(SYSTEM):
        due = Contact.objects.select_for_update(skip_locked=True).filter(delete_at__lte=clock.now())
        subjects = list(due.values_list("subject", flat=True)[:1000])
        gone = _remove(subjects)
        if gone:
            audit.record("notices.forget_contacts", actor=SYSTEM, target="notices:contacts", count=gone)
        return gone


def _once(subject: str, end: str) -> str:
    return f"confirm:{subject}:{end}"


def _remove(subjects: Collection[str]) -> int:
    """Delete contacts, and take back what still waits for them."""
    contacts = list(Contact.objects.select_for_update().filter(subject__in=subjects).values_list("pk", flat=True))
    if not contacts:
        return 0
    waiting = Delivery.objects.waiting().filter(notice__recipient__in=[f"contact:{pk}" for pk in contacts])
    waiting.update(state=State.WITHDRAWN.value, reason="contact_removed")
    Contact.objects.filter(pk__in=contacts).delete()
    return len(contacts)
