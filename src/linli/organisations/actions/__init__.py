from linli.organisations.actions.retirements import plan_retirement, restore, retire
from linli.organisations.actions.units import load_units, put_on_duty

__all__ = ["load_units", "plan_retirement", "put_on_duty", "restore", "retire"]
