"""Translation services on loopback, each behaving as its documentation says, errors included.

What a service "translates" is its text in capitals, tags left alone, so that an answer can be told from what was sent.
"""

from __future__ import annotations

import json
import re
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def loud(text):
    return re.sub(r"(<[^>]*>)|([^<]+)", lambda found: found[1] or found[2].upper(), text)


_LETTERS = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya".replace("_", "-").split(), strict=True))  # fmt: skip


def latin(text):
    """Write Russian in Latin letters: no translation, but nothing that a check could find fault with."""
    return "".join(
        _LETTERS.get(one.lower(), one).replace("-" if one != "-" else "\0", "") if one.isalpha() else one
        for one in text
    )


class Service:
    """One server: what it was sent, and what it is to answer next."""

    def __init__(self, kind):
        self.kind = kind
        self.voice = loud  #: what becomes of a text
        self.seen = []  #: (path, headers, body)
        self.script = []  #: (status, body or None, headers, seconds) for the next requests
        self.url = ""
        self.languages = [{"code": "ru", "name": "Russian", "targets": ["en", "ru"]}, {"code": "en", "name": "English", "targets": ["ru", "en"]}]  # fmt: skip

    def then(self, status, body=None, headers=(), seconds=0.0):
        self.script.append((status, body, dict(headers), seconds))
        return self

    def answer(self, path, headers, body):
        """Return (status, JSON or text) as the service documents it."""
        return getattr(self, f"_{self.kind}")(path, headers, body)

    @property
    def texts(self):
        """Every text that was sent to be translated."""
        return [
            one for path, _, body in self.seen if body for one in body.get("q", body.get("text", body.get("texts", [])))
        ]

    def _libretranslate(self, path, headers, body):
        if path == "/languages":
            return 200, self.languages
        if path == "/spec":
            return 200, {"info": {"version": "1.9.6"}}
        if any(row["code"] == body["source"] and body["target"] in row["targets"] for row in self.languages):
            return 200, {"translatedText": [self.voice(one) for one in body["q"]]}
        return 200, {"translatedText": body["q"]}  # a missing pair: the original comes back

    def _deepl(self, path, headers, body):
        if headers.get("Authorization") != "DeepL-Auth-Key key:fx":
            return 403, {"message": "Authorization failed"}
        if path != "/v2/translate" or body["target_lang"] == "EN" or len(body["text"]) > 50:
            return 400, {"message": "Bad request"}
        return 200, {
            "translations": [
                {"detected_source_language": body["source_lang"], "text": self.voice(one)} for one in body["text"]
            ]
        }

    def _yandex(self, path, headers, body):
        if headers.get("Authorization") != "Api-Key key":
            return 401, {"code": 16, "message": "Unknown api key"}
        if body.get("folderId") != "folder":
            return 403, {"code": 7, "message": "Permission denied"}
        if sum(map(len, body["texts"])) > 10_000:
            return 400, {"code": 3, "message": "texts: total length must be not greater than 10000"}
        return 200, {"translations": [{"text": self.voice(one)} for one in body["texts"]]}

    def _google(self, path, headers, body):
        if headers.get("X-Goog-Api-Key") != "key":
            return 400, {"error": {"code": 400, "message": "API key not valid.", "errors": [{"reason": "badRequest"}]}}
        if len(body["q"]) > 128:
            return 400, {"error": {"code": 400, "message": "Too many text segments", "errors": [{"reason": "invalid"}]}}
        return 200, {"data": {"translations": [{"translatedText": self.voice(one)} for one in body["q"]]}}


@contextmanager
def served(kind):
    """Serve one kind of service on loopback."""
    service = Service(kind)

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def _handle(self):
            size = int(self.headers.get("Content-Length", 0))
            body = json.loads(self.rfile.read(size)) if size else None
            headers = {name.title(): value for name, value in self.headers.items()}
            service.seen.append((self.path, headers, body))
            scripted = service.script.pop(0) if service.script and self.command == "POST" else None
            status, said, more, seconds = scripted or (*service.answer(self.path, headers, body), {}, 0.0)
            time.sleep(seconds)
            if status == 0:  # the connection breaks
                self.connection.close()
                return
            data = said.encode() if isinstance(said, str) else json.dumps(said if said is not None else {}).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", "Content-Length": str(len(data)), **more}.items():
                self.send_header(name, value)
            with suppress(OSError):  # whoever asked may be gone
                self.end_headers()
                self.wfile.write(data)

        do_GET = _handle  # noqa: N815 - http.server calls it so
        do_POST = _handle  # noqa: N815

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
