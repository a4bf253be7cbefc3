"""What the board reads (看板查询): always around the querysets of the policies below."""

from linli.command.queries.chain import chain
from linli.command.queries.figures import figures
from linli.command.queries.framed import frame
from linli.command.queries.past import trace
from linli.command.queries.pins import pins
from linli.command.queries.stream import chosen_rows, stream

__all__ = ["chain", "chosen_rows", "figures", "frame", "pins", "stream", "trace"]
