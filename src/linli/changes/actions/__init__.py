"""What may be done with change sets (变更集): open one to change the registry, undo one."""

from linli.changes.actions.sets import change
from linli.changes.actions.undo import undo

__all__ = ["change", "undo"]
