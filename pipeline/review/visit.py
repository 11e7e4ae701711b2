"""One request to the desk: who asks, in which language; the pages it is answered with, and what it changed."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from pipeline.record import dataclass
from pipeline.review import dress, tongue
from pipeline.review.office import Office
from pipeline.review.people import Person

SESSION, VISITOR, LANGUAGE, SAID = "nevawire_session", "nevawire_visitor", "nevawire_language", "nevawire_said"
_YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Visit:
    """Who asks for what."""

    request: Request
    office: Office
    who: Person
    secret: str = ""  #: of this browser: its session, or what it was given when it first came

    @property
    def root(self) -> str:
        """Where the desk stands: "/desk", or what a proxy put before it."""
        return str(self.request.scope.get("root_path", ""))

    @property
    def here(self) -> str:
        """Where this page stands, with its query: to come back to."""
        url = self.request.url
        return url.path + (f"?{url.query}" if url.query else "")

    @property
    def csrf(self) -> str:
        """What every form of this browser carries: no other site can know it."""
        return hmac.digest(self.secret.encode(), b"csrf", "sha256").hex()

    @property
    def language(self) -> str:
        """The language of the pages: as this user chose, as this browser chose, as the browser is set."""
        chosen = self.who.language or self.request.cookies.get(LANGUAGE, "")
        if chosen in tongue.LANGUAGES:
            return chosen
        return tongue.preferred(self.request.headers.get("accept-language", ""))

    @property
    def tongue(self) -> tongue.Tongue:
        """Words and dates of that language, by the publisher's clock."""
        return tongue.Tongue(self.language, tongue.translations(self.language), self.office.zone)

    def page(self, template: str, code: int = 200, /, **values: Any) -> HTMLResponse:
        """Render a template. Beside values it sees visit, who, root, csrf, language, said and tongue."""
        said = unquote(self.request.cookies.get(SAID, ""))
        answer = HTMLResponse(self.part(template, said=said, **values), code)
        if said:
            answer.delete_cookie(SAID, path=self.path)
        if self.request.cookies.get(VISITOR) != self.secret and SESSION not in self.request.cookies:
            self.keep(answer, VISITOR, self.secret)
        return answer

    def part(self, template: str, **values: Any) -> str:
        """Render a template, or a piece of a page that a script puts in its place, as text."""
        common: Mapping[str, Any] = {
            "visit": self, "who": self.who, "root": self.root, "csrf": self.csrf, "language": self.language,
            "tongue": self.tongue, "said": "", "here": "",
        }  # fmt: skip
        return dress.environment(self.language).get_template(template).render({**common, **values})

    def go(self, path: str, said: str = "") -> Response:
        """Send the browser to a page of the desk, such as "/items?q=port"; said: what that page says at its top."""
        answer = RedirectResponse(self.root + path, 303)
        if said:
            answer.set_cookie(SAID, quote(said), max_age=60, path=self.path, httponly=True, samesite="lax")
        return answer

    def inner(self, path: str, otherwise: str = "/") -> str:
        """Return where a form wants to go on to, if that is a page of the desk; below its root."""
        parts = urlsplit(path)
        own = path.startswith(f"{self.root}/") and not (parts.scheme or parts.netloc) and "\\" not in path
        return path.removeprefix(self.root) if own and path.isprintable() else otherwise

    def keep(self, answer: Response, name: str, value: str, seconds: int | None = _YEAR) -> None:
        """Set a cookie of the desk's own; seconds None: until the browser is closed."""
        secure = self.request.url.scheme == "https"
        answer.set_cookie(
            name, value, max_age=seconds, path=self.path, secure=secure, httponly=True, samesite="lax"
        )  # fmt: skip

    @property
    def path(self) -> str:
        """For whom cookies are: the desk's pages alone."""
        return self.root or "/"

    @property
    def wants_json(self) -> bool:
        """Whether our script asks, which moves parts of the page itself; else a form is answered by a redirect."""
        return "application/json" in self.request.headers.get("accept", "")

    def note(self, what: str, about: str, **facts: Any) -> None:
        """Keep in the audit that this person changed something."""
        self.office.store.audit.note(self.who.name, what, about, self.office.now(), **facts)

    def need(self, role: str) -> None:
        """Go on only for who may do what asks for this role. Raises 403."""
        if not self.who.may(role):
            raise HTTPException(403, self.tongue.gettext("This asks for the role %(role)s.", role=role))
