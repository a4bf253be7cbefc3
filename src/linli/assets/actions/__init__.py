from linli.assets.actions.classes import load_classes, load_preset_classes
from linli.assets.actions.components import assign, load_components, report_state
from linli.assets.actions.duties import follow_days
from linli.assets.actions.handing_over import give_back, hand_over
from linli.assets.actions.registers import REGISTERS

__all__ = ["REGISTERS", "assign", "follow_days", "give_back", "hand_over", "load_classes", "load_components",
           "load_preset_classes", "report_state"]
