from linli.cases.api.cases import CaseLine, router
from linli.cases.api.matters import router as matters
from linli.cases.api.units import router as units

router.add_router("", matters)
router.add_router("", units)

__all__ = ["CaseLine", "router"]
