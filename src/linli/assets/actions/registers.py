"""How change sets tell of components and of who answers for them (部件登记簿)."""

from typing import Final

from linli.assets import policy
from linli.changes.domain.register import Register

REGISTERS: Final = (
    Register(table="assets_component", title="Component", named="r.code || ' ' || r.name", area="r.area_code",
             require=policy.require_registrar,
             fields={"name": "Name", "state": "Condition", "lon": "Longitude", "lat": "Latitude",
                     "geometry": "Shape", "area_code": "Grid", "supervising_id": "Supervising unit",
                     "owning_id": "Owning unit", "maintaining_id": "Maintaining unit", "installed_on": "Installed on"}),
    Register(table="assets_componentduty", title="Unit that answers for a component", require=policy.require_registrar,
             named="(SELECT c.code || ' ' || c.name FROM assets_component c WHERE c.id = r.component_id)",
             area="(SELECT c.area_code FROM assets_component c WHERE c.id = r.component_id)",
             fields={"kind": "Duty", "unit_id": "Unit", "valid": "Days"}),
)
