"""A mail server on the loopback that takes every mail and keeps it."""

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage


class Mailbox:
    """What was handed in."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.port = 0


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """Serve a ``Mailbox``."""
    box = Mailbox()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 mailbox")
            wanted: list[str] = []
            for line in iter(self.rfile.readline, b""):
                word = line[:4].upper()
                if word == b"RCPT":
                    wanted.append(line.partition(b"<")[2].partition(b">")[0].decode())
                if word == b"DATA":
                    self._take(wanted)
                    wanted = []
                    continue
                self._say("221 bye" if word == b"QUIT" else "250 ok")

        def _take(self, wanted: list[str]) -> None:
            self._say("354 go on")
            lines = iter(self.rfile.readline, b".\r\n")
            whole = b"".join(lines)
            policy = email.policy.default
            box.mails.append(email.message_from_bytes(whole, policy=policy))
            box.recipients.append(wanted)
            self._say("250 taken")

        def _say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        box.port = server.server_address[1]
        yield box
        server.shutdown()
