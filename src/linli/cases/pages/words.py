"""The case pages' words for codes (代码的说法): moves, queues, sources, limits, as a reader says them."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import pgettext, pgettext_lazy

from linli.cases.domain.remarks import Remark
from linli.cases.domain.routing import RouteRule

QUEUES: Final = {
    "to_accept": pgettext_lazy("queue", "To accept"),
    "to_file": pgettext_lazy("queue", "To file"),
    "to_verify": pgettext_lazy("queue", "To verify"),
    "to_dispatch": pgettext_lazy("queue", "To dispatch"),
    "to_agree": pgettext_lazy("queue", "To agree to"),
    "disputed": pgettext_lazy("queue", "Nobody answerable"),
    "refused": pgettext_lazy("queue", "Refused by reporters"),
    "to_handle": pgettext_lazy("queue", "To handle"),
    "to_check": pgettext_lazy("queue", "To check"),
    "to_close": pgettext_lazy("queue", "To close"),
    "late": pgettext_lazy("queue", "Overdue"),
    "open": pgettext_lazy("queue", "All open"),
    "closed": pgettext_lazy("queue", "Closed"),
}
DEEDS: Final = {
    "accept": pgettext_lazy("deed", "Accept"),
    "reject": pgettext_lazy("deed", "Do not take on"),
    "ask_to_verify": pgettext_lazy("deed", "Have it verified"),
    "verify": pgettext_lazy("deed", "Confirm it is so"),
    "not_found": pgettext_lazy("deed", "Not there"),
    "file": pgettext_lazy("deed", "File"),
    "dispatch": pgettext_lazy("deed", "Dispatch"),
    "return_to_dispatcher": pgettext_lazy("deed", "Return to dispatcher"),
    "ask_extension": pgettext_lazy("deed", "Ask for an extension"),
    "agree_extension": pgettext_lazy("deed", "Agree to the extension"),
    "refuse_extension": pgettext_lazy("deed", "Refuse the extension"),
    "ask_suspension": pgettext_lazy("deed", "Ask for a suspension"),
    "agree_suspension": pgettext_lazy("deed", "Agree to the suspension"),
    "refuse_suspension": pgettext_lazy("deed", "Refuse the suspension"),
    "resume": pgettext_lazy("deed", "Resume"),
    "report_done": pgettext_lazy("deed", "Report as fixed"),
    "check": pgettext_lazy("deed", "Confirm it is fixed"),
    "send_back": pgettext_lazy("deed", "Not fixed, send back"),
    "close": pgettext_lazy("deed", "Close"),
    "reopen": pgettext_lazy("deed", "Reopen"),
    "refuse_closure": pgettext_lazy("deed", "It is not solved"),
}
DONE: Final = {
    "accept": pgettext_lazy("step", "Accepted"),
    "reject": pgettext_lazy("step", "Not taken on"),
    "ask_to_verify": pgettext_lazy("step", "Sent out to be verified"),
    "verify": pgettext_lazy("step", "Verified: it is so"),
    "not_found": pgettext_lazy("step", "Verified: not there"),
    "file": pgettext_lazy("step", "Filed"),
    "dispatch": pgettext_lazy("step", "Dispatched"),
    "return_to_dispatcher": pgettext_lazy("step", "Returned to dispatcher"),
    "ask_extension": pgettext_lazy("step", "Extension asked for"),
    "agree_extension": pgettext_lazy("step", "Extension agreed"),
    "refuse_extension": pgettext_lazy("step", "Extension refused"),
    "ask_suspension": pgettext_lazy("step", "Suspension asked for"),
    "agree_suspension": pgettext_lazy("step", "Suspended"),
    "refuse_suspension": pgettext_lazy("step", "Suspension refused"),
    "resume": pgettext_lazy("step", "Resumed"),
    "report_done": pgettext_lazy("step", "Reported as fixed"),
    "check": pgettext_lazy("step", "Checked: fixed"),
    "send_back": pgettext_lazy("step", "Checked: not fixed, sent back"),
    "close": pgettext_lazy("step", "Closed"),
    "reopen": pgettext_lazy("step", "Reopened"),
    "refuse_closure": pgettext_lazy("step", "Its reporter says it is not solved: reopened"),
    Remark.OPENED.value: pgettext_lazy("step", "Case opened"),
    Remark.MERGED.value: pgettext_lazy("step", "Another report joined"),
    Remark.TOLD_APART.value: pgettext_lazy("step", "Found to be another matter than a case like it"),
    Remark.CASE_MERGED.value: pgettext_lazy("step", "Another case of the same matter joined"),
    Remark.MERGED_INTO.value: pgettext_lazy("step", "Merged: goes on in another case"),
    Remark.CASE_LEFT.value: pgettext_lazy("step", "A merged case stands alone again"),
    Remark.UNMERGED.value: pgettext_lazy("step", "Parted: stands alone again"),
    Remark.SPLIT_OFF.value: pgettext_lazy("step", "A report was split off to its own case"),
    Remark.LEVEL_RAISED.value: pgettext_lazy("step", "Level raised"),
    Remark.SENSOR_RECOVERED.value: pgettext_lazy("step", "Sensor back to normal"),
    Remark.SENSOR_STILL_OVER.value: pgettext_lazy("step", "Closed while the sensor was still over its mark"),
    Remark.DISPUTED.value: pgettext_lazy("step", "Given back more than once: somebody must rule who is answerable"),
    Remark.HANDED_OVER.value: pgettext_lazy("step", "Handed over, since its unit is out of use"),
    Remark.REROUTED.value: pgettext_lazy("step", "Proposed to another unit, since its unit is out of use"),
    Remark.HANDED_BACK.value: pgettext_lazy("step", "Given back, since its unit is in use again"),
    Remark.ACCEPT_OVERDUE.value: pgettext_lazy("step", "Not accepted in time"),
    Remark.FILE_OVERDUE.value: pgettext_lazy("step", "Not filed in time"),
    Remark.DISPATCH_OVERDUE.value: pgettext_lazy("step", "Not dispatched in time"),
    Remark.CHECK_OVERDUE.value: pgettext_lazy("step", "Not checked in time"),
    Remark.CLOSE_OVERDUE.value: pgettext_lazy("step", "Not closed in time"),
    Remark.DUE_CHANGED.value: pgettext_lazy("step", "Limit counted again by the new calendar"),
    Remark.VERIFY_OVERDUE.value: pgettext_lazy("step", "Verification is overdue"),
    Remark.LIMIT_NEAR.value: pgettext_lazy("step", "80 % of the limit used"),
    Remark.LIMIT_OVER.value: pgettext_lazy("step", "Over the limit"),
    Remark.SUPERVISED.value: pgettext_lazy("step", "150 % of the limit: under supervision"),
    Remark.LEADER_TOLD.value: pgettext_lazy("step", "200 % of the limit: leader told"),
    Remark.RESUMED.value: pgettext_lazy("step", "Suspension over, the limit runs on"),
    "elsewhere": pgettext_lazy("step", "Report taken in. It is outside your grids; whoever answers there goes on."),
}
ICONS: Final = {
    "accept": "check", "reject": "circle-x", "file": "file-text", "dispatch": "send",
    "return_to_dispatcher": "arrow-back-up", "report_done": "tool", "check": "circle-check",
    "send_back": "arrow-back-up", "close": "circle-check", Remark.OPENED.value: "message-report",
    Remark.TOLD_APART.value: "arrow-back-up", Remark.CASE_MERGED.value: "git-merge",
    Remark.MERGED_INTO.value: "git-merge", Remark.CASE_LEFT.value: "arrow-back-up",
    Remark.UNMERGED.value: "arrow-back-up", Remark.SPLIT_OFF.value: "arrow-back-up",
    Remark.MERGED.value: "git-merge", Remark.LEVEL_RAISED.value: "alert-triangle",
    Remark.SENSOR_RECOVERED.value: "activity", Remark.SENSOR_STILL_OVER.value: "activity",
    "ask_to_verify": "eye", "verify": "circle-check", "not_found": "circle-x", "ask_extension": "clock",
    "agree_extension": "clock", "refuse_extension": "circle-x", "ask_suspension": "clock",
    "agree_suspension": "clock", "refuse_suspension": "circle-x", "resume": "clock", "reopen": "arrow-back-up",
    "refuse_closure": "arrow-back-up", Remark.DISPUTED.value: "alert-triangle", Remark.HANDED_OVER.value: "send",
    Remark.DUE_CHANGED.value: "clock", Remark.VERIFY_OVERDUE.value: "clock",
    Remark.ACCEPT_OVERDUE.value: "clock", Remark.FILE_OVERDUE.value: "clock", Remark.DISPATCH_OVERDUE.value: "clock",
    Remark.CHECK_OVERDUE.value: "clock", Remark.CLOSE_OVERDUE.value: "clock", Remark.REROUTED.value: "send",
    Remark.HANDED_BACK.value: "send", Remark.LIMIT_NEAR.value: "clock",
    Remark.LIMIT_OVER.value: "alert-triangle", Remark.SUPERVISED.value: "alert-triangle",
    Remark.LEADER_TOLD.value: "alert-triangle", Remark.RESUMED.value: "clock",
}
SOURCES: Final = {
    "sensor": pgettext_lazy("source", "Sensor"),
    "grid": pgettext_lazy("source", "Grid worker"),
    "resident": pgettext_lazy("source", "Resident"),
}
ROUTES: Final = {
    RouteRule.COMPONENT.value: pgettext_lazy("route", "It maintains this component."),
    RouteRule.NEARBY_COMPONENT.value: pgettext_lazy("route", "It maintains the nearest component of this kind."),
    RouteRule.GRID_DUTY.value: pgettext_lazy("route", "It is on duty for this grid."),
    RouteRule.SUCCESSOR.value: pgettext_lazy("route", "It took over from a unit that is out of use."),
    RouteRule.FALLBACK.value: pgettext_lazy("route", "It takes what nobody else is answerable for."),
}
FOLLOWS: Final = {  # what a move brings about, said before it is taken
    "reject": pgettext_lazy("follows", "It ends here. Its reporter is told the reason."),
    "verify": pgettext_lazy("follows", "It goes back to the acceptance post, to be filed."),
    "not_found": pgettext_lazy("follows", "It goes back to the acceptance post, which decides whether to file it."),
    "file": pgettext_lazy("follows", "The limit begins to run now; how long it is follows from the condition."),
    "dispatch": pgettext_lazy("follows", "The unit is told at once. The limit runs on."),
    "return_to_dispatcher": pgettext_lazy("follows", "The dispatch post finds another unit. The limit runs on."),
    "ask_extension": pgettext_lazy("follows", "The dispatch post decides. An extension adds the limit once more; at"
                                   " most two are given."),
    "refuse_extension": pgettext_lazy("follows", "The unit is told why. The limit stays as it is."),
    "ask_suspension": pgettext_lazy("follows", "The dispatch post decides. While suspended the limit rests; a case is"
                                    " suspended once at most."),
    "refuse_suspension": pgettext_lazy("follows", "The unit is told why. The limit stays as it is."),
    "report_done": pgettext_lazy("follows", "Somebody else goes there and checks it."),
    "check": pgettext_lazy("follows", "It goes to the acceptance post, to be closed."),
    "send_back": pgettext_lazy("follows", "The unit has to go there once more. The limit runs on."),
    "close": pgettext_lazy("follows", "Its reporters are told. For seven days they may say that it is not solved."),
    "reopen": pgettext_lazy("follows", "The same unit has to go there once more; its limit begins anew."),
}
ROLES: Final = {  # what is said at the foot of a case: who you are here
    "acceptor": pgettext_lazy("you are", "You are the acceptor."),
    "dispatcher": pgettext_lazy("you are", "You are the dispatcher."),
    "unit": pgettext_lazy("you are", "You are the handling unit."),
    "checker": pgettext_lazy("you are", "You are the checker."),
    "grid": pgettext_lazy("you are", "You are the grid worker."),
    "resident": pgettext_lazy("you are", "You reported it."),
}
PUBLIC_STEPS: Final = {  # the same steps, as their reporter reads them
    "opened": pgettext_lazy("public step", "We received it"),
    "merged": pgettext_lazy("public step", "Another report of the same matter joined"),
    "case_merged": pgettext_lazy("public step", "Another report of the same matter joined"),
    "case_left": pgettext_lazy("public step", "That was another matter after all; yours goes on alone"),
    "accept": pgettext_lazy("public step", "Accepted"),
    "reject": pgettext_lazy("public step", "Not taken on"),
    "ask_to_verify": pgettext_lazy("public step", "Somebody was sent to look"),
    "verify": pgettext_lazy("public step", "Somebody looked: it is so"),
    "not_found": pgettext_lazy("public step", "Somebody looked and did not find it"),
    "file": pgettext_lazy("public step", "Filed, the time runs"),
    "dispatch": pgettext_lazy("public step", "A unit was sent"),
    "return_to_dispatcher": pgettext_lazy("public step", "The unit handed it back, another one is chosen"),
    "agree_extension": pgettext_lazy("public step", "The unit was given more time"),
    "agree_suspension": pgettext_lazy("public step", "Put off to a later day"),
    "resume": pgettext_lazy("public step", "The unit is on it again"),
    "resumed": pgettext_lazy("public step", "The unit is on it again"),
    "report_done": pgettext_lazy("public step", "Reported as fixed"),
    "check": pgettext_lazy("public step", "Somebody else looked: it is fixed"),
    "send_back": pgettext_lazy("public step", "Somebody else looked: not fixed yet, sent back"),
    "close": pgettext_lazy("public step", "Closed"),
    "reopen": pgettext_lazy("public step", "Opened again"),
    "refuse_closure": pgettext_lazy("public step", "A reporter says it is not solved: opened again"),
}
STANDS: Final = {  # where a reported matter stands, in one sentence for its reporter
    "reported": pgettext_lazy("stands", "Received, waiting for somebody to look at it"),
    "accepted": pgettext_lazy("stands", "Accepted, its filing is being decided"),
    "verifying": pgettext_lazy("stands", "Somebody is on the way to look"),
    "filed": pgettext_lazy("stands", "Filed, a unit is being chosen"),
    "dispatched": pgettext_lazy("stands", "A unit is on it"),
    "handled": pgettext_lazy("stands", "Reported as fixed, waiting to be checked on site"),
    "checked": pgettext_lazy("stands", "Checked: it is fixed"),
    "closed": pgettext_lazy("stands", "Fixed, checked and closed"),
    "void": pgettext_lazy("stands", "Not taken on"),
}
WAITS: Final = {
    "reported": pgettext_lazy("waits", "Waiting to be accepted"),
    "accepted": pgettext_lazy("waits", "Waiting to be filed"),
    "verifying": pgettext_lazy("waits", "Waiting to be verified on site"),
    "filed": pgettext_lazy("waits", "Waiting to be dispatched"),
    "dispatched": pgettext_lazy("waits", "The unit is on it"),
    "handled": pgettext_lazy("waits", "Waiting to be checked by somebody else"),
    "checked": pgettext_lazy("waits", "Waiting to be closed"),
    "closed": pgettext_lazy("waits", "Closed"),
    "void": pgettext_lazy("waits", "Not taken on"),
}
VERDICTS: Final = {
    "same": pgettext_lazy("verdict", "The two cases go on as one"),
    "different": pgettext_lazy("verdict", "The two cases stay apart"),
}


def sources(counts: Mapping[str, int]) -> str:
    """Return who reported, such as `居民 2、网格员`, in the order sensor, grid worker, resident."""
    parts = [f"{word} {counts[code]}" if counts[code] > 1 else str(word)
             for code, word in SOURCES.items() if counts.get(code)]
    return pgettext("list", ", ").join(parts)
