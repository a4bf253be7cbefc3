"""What may be done with the trail (审计): act in a name, record a deed, seal what is committed."""

from linli.audit.actions.sealing import AT_MOST, Torn, resume, seal
from linli.audit.actions.trail import acting, record

__all__ = ["AT_MOST", "Torn", "acting", "record", "resume", "seal"]
