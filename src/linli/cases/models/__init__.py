from linli.cases.models.case import Case, CaseQuerySet
from linli.cases.models.catalogue import Category, Condition
from linli.cases.models.likeness import Likeness, LikenessQuerySet
from linli.cases.models.report import CaseReport, FollowLink, ReportPhoto
from linli.cases.models.step import CaseStep, StepPhoto
from linli.cases.models.timer import CaseTimer

__all__ = [
    "Case",
    "CaseQuerySet",
    "CaseReport",
    "CaseStep",
    "CaseTimer",
    "Category",
    "Condition",
    "FollowLink",
    "Likeness",
    "LikenessQuerySet",
    "ReportPhoto",
    "StepPhoto",
]
