"""What is said beside a case's title of its course (标记): what was found, asked for, granted, undone."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.cases.models import Case


def of(case: Case) -> list[str]:
    """Return the marks of a case, what waits for somebody first."""
    longer, again = case.extensions, case.reopenings
    told = [
        (case.is_disputed, _("Nobody answerable: given back {n} times").format(n=case.returns)),
        (case.asked == "extension", _("Extension waits for the dispatcher")),
        (case.asked == "suspension", _("Suspension until {day} waits for the dispatcher").format(day=case.asked_until)),
        (case.is_suspended, _("Suspended")),
        (case.finding == "true", _("Verified: it is so")),
        (case.finding == "not_found", _("Verified: not there")),
        (longer > 0, ngettext("Extended {n} time", "Extended {n} times", longer).format(n=longer)),
        (case.reworks > 0, ngettext("Sent back {n} time", "Sent back {n} times", case.reworks).format(n=case.reworks)),
        (again > 0, ngettext("Reopened {n} time", "Reopened {n} times", again).format(n=again)),
    ]
    return [words for is_so, words in told if is_so]
