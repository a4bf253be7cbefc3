from linli.assets.actions.classes import load_classes, load_preset_classes
from linli.assets.actions.components import assign, load_components, report_state
from linli.assets.actions.duties import follow_days
from linli.assets.actions.handing_over import give_back, hand_over

__all__ = ["assign", "follow_days", "give_back", "hand_over", "load_classes", "load_components", "load_preset_classes",
           "report_state"]
