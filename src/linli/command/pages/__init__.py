from linli.command.pages.board import board, chain, figures, stream
from linli.command.pages.live import live

__all__ = ["board", "chain", "figures", "live", "stream"]
