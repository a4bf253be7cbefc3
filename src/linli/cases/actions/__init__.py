from linli.cases.actions.catalogue import load_catalogue
from linli.cases.actions.flow import move
from linli.cases.actions.intake import reserve, submit
from linli.cases.actions.remarks import remark

__all__ = ["load_catalogue", "move", "remark", "reserve", "submit"]
