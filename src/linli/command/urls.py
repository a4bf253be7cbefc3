from django.urls import path

from linli.command import pages

urlpatterns = [
    path("live", pages.live, name="live"),
    path("command/", pages.board, name="board"),
    path("command/stream", pages.stream, name="board-stream"),
    path("command/figures", pages.figures, name="board-figures"),
    path("command/chain/alert/<int:number>", pages.chain, {"kind": "alert"}, name="board-alert"),
    path("command/chain/case/<int:number>", pages.chain, {"kind": "case"}, name="board-case"),
]
