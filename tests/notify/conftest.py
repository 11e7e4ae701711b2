"""A web server and a mail server on loopback that keep what they are given, and a configuration that names them."""

from __future__ import annotations

import socketserver
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pipeline.collect import Guard, parse_allowance
from pipeline.model import Config, Listing, Notify, Publisher, PublishRules, Smtp, Source, Webhook
from pipeline.notify import Notifier

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
KEYS = {"HOOK_SECRET": "whsec_c2VjcmV0", "MAIL_USER": "desk", "MAIL_PASSWORD": "s3same"}


class Hook(ThreadingHTTPServer):
    """Takes what is posted, with the status it is told to answer with."""

    daemon_threads = True

    def __init__(self) -> None:
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        super().__init__(("127.0.0.1", 0), _Posted)


class _Posted(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as is needed to be given a letter."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        self.letters: list[tuple[str, list[str], bytes]] = []
        self.said: list[str] = []
        self.refuse = ""
        super().__init__(("127.0.0.1", 0), _Session)


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.say("220 mail.test")
        sender, recipients = "", []
        while line := self.rfile.readline().decode().strip():
            self.server.said.append(line)
            word = line.upper()
            if word.startswith("EHLO"):
                self.say("250-mail.test\r\n250 AUTH PLAIN")
            elif word.startswith("AUTH"):
                self.say("235 welcome")
            elif word.startswith("MAIL FROM"):
                sender = line[10:].strip("<>")
                self.say(self.server.refuse or "250 ok")
            elif word.startswith("RCPT TO"):
                recipients.append(line[8:].strip("<>"))
                self.say("250 ok")
            elif word == "DATA":
                self.say("354 go on")
                parts = []
                while (part := self.rfile.readline()) not in (b".\r\n", b""):
                    parts.append(part)
                self.server.letters.append((sender, recipients, b"".join(parts)))
                self.say("250 taken")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("502 not known" if word == "STARTTLS" else "250 ok")

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


def _served(server):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def hook():
    yield from _served(Hook())


@pytest.fixture
def mail():
    yield from _served(MailServer())


def config(*, hook=None, mail=None, language="ru", **smtp):
    webhook = Webhook(f"http://127.0.0.1:{hook.server_port}/hook", "HOOK_SECRET") if hook else None
    server = None
    if mail:
        server = Smtp(
            "127.0.0.1", "desk@site.test", ("one@site.test", "two@site.test"), port=mail.server_address[1],
            **({"starttls": False} | smtp),
        )  # fmt: skip
    source = Source(
        id="bureau", name={"ru": "Бюро", "en": "Bureau"}, kind="bureau", listings=(Listing("https://site.test/"),)
    )
    return Config(
        Publisher({"ru": "Новости"}, "", ""), PublishRules(), (source,), notify=Notify(language, webhook, server)
    )


def notifier(declared, *allowed, keys=KEYS):
    return Notifier(declared, Guard([parse_allowance(text) for text in allowed or ("127.0.0.1:*",)]), keys)
