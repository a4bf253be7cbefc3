from linli.alerts.actions.closing import note_still_over
from linli.alerts.actions.sweeping import sweep_devices
from linli.alerts.actions.taking import take_exceedances

__all__ = ["note_still_over", "sweep_devices", "take_exceedances"]
