from linli.audit.queries.chain import Tail, found, tail
from linli.audit.queries.trail import entries_of

__all__ = ["Tail", "entries_of", "found", "tail"]
