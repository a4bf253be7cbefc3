from linli.audit.queries.chain import Tail, found, sealed_to, tail
from linli.audit.queries.trail import Line, Wanted, entries_of, lines

__all__ = ["Line", "Tail", "Wanted", "entries_of", "found", "lines", "sealed_to", "tail"]
