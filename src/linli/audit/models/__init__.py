from linli.audit.models.entry import Entry
from linli.audit.models.seal import Seal, Unsealed

__all__ = ["Entry", "Seal", "Unsealed"]
