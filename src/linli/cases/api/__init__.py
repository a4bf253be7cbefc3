from linli.cases.api.cases import CaseLine, router
from linli.cases.api.matters import router as matters

router.add_router("", matters)

__all__ = ["CaseLine", "router"]
