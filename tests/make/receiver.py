"""A program that takes webhooks (接收程序): keeps what it was sent, answers what it was told to."""

import http.server


class Receiver(http.server.BaseHTTPRequestHandler):
    """Keeps what it was sent and answers what it was told to."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), body))
        self.server.answer(self)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def say(handler: Receiver, status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)
