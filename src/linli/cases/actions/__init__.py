from linli.cases.actions.catalogue import load_catalogue
from linli.cases.actions.effects import needs_reason_to_file
from linli.cases.actions.flow import move
from linli.cases.actions.intake import reserve, submit
from linli.cases.actions.merging import decide, merge_cases, unmerge_case
from linli.cases.actions.parting import unmerge
from linli.cases.actions.refusing import refuse_closure
from linli.cases.actions.remarks import remark
from linli.cases.actions.retiring import restore_unit, retire_due, retire_unit
from linli.cases.actions.stages import begin_missing as begin_missing_stages
from linli.cases.actions.timers import begin_missing as begin_missing_limits
from linli.cases.actions.timers import fire as fire_timers
from linli.cases.actions.timers import settle_all as settle_limits

__all__ = [
    "begin_missing_limits",
    "begin_missing_stages",
    "decide",
    "fire_timers",
    "load_catalogue",
    "merge_cases",
    "move",
    "needs_reason_to_file",
    "refuse_closure",
    "remark",
    "reserve",
    "restore_unit",
    "retire_due",
    "retire_unit",
    "settle_limits",
    "submit",
    "unmerge",
    "unmerge_case",
]
