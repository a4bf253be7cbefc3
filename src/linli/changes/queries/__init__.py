from linli.changes.queries.as_of import as_of, history_begins
from linli.changes.queries.difference import count_rows, differences
from linli.changes.queries.sets import SetCard, card, sets_of_row

__all__ = ["SetCard", "as_of", "card", "count_rows", "differences", "history_begins", "sets_of_row"]
