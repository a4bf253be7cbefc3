from linli.cases.actions.catalogue import load_catalogue
from linli.cases.actions.flow import move
from linli.cases.actions.intake import reserve, submit
from linli.cases.actions.merging import decide, merge_cases, unmerge_case
from linli.cases.actions.parting import unmerge
from linli.cases.actions.remarks import remark

__all__ = [
    "decide",
    "load_catalogue",
    "merge_cases",
    "move",
    "remark",
    "reserve",
    "submit",
    "unmerge",
    "unmerge_case",
]
