"""A real HTTP server on a free port that answers by a function of the test, one thread a connection."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What to send; status 0 cuts the connection."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Answering = Callable[[str, dict[str, Any]], Answer]


@dataclass(frozen=True, kw_only=True)
class Tiny:
    """Where it listens and what it was asked: (path, body, headers)."""

    address: str
    asked: list[tuple[str, dict[str, Any], dict[str, str]]]


@contextmanager
def tiny(answering: Answering) -> Iterator[Tiny]:
    asked: list[tuple[str, dict[str, Any], dict[str, str]]] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            asked.append((self.path, body, dict(self.headers)))
            answer = answering(self.path, body)
            if not answer.status:
                self.close_connection = True
                return
            content = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self):
            self.do_POST()

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield Tiny(address=f"http://127.0.0.1:{server.server_port}", asked=asked)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
