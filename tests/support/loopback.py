"""An HTTP server on loopback for what somebody else would answer. In a thread: the clients it is for block."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Request(BaseHTTPRequestHandler):
    """One request; writes no log."""

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        """Answer with JSON; further headers with _ for -."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        return None


class LoopbackServer:
    """Serves from its creation on, at `host`, until it is closed."""

    def __init__(self, requests: type[Request]) -> None:
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), requests)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.host = f"127.0.0.1:{self._http.server_port}"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)
