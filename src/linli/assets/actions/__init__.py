from linli.assets.actions.classes import load_classes, load_preset_classes
from linli.assets.actions.components import assign, load_components, report_state

__all__ = ["assign", "load_classes", "load_components", "load_preset_classes", "report_state"]
