"""The door of every call of the API: a bearer token, or this very machine; not too often.

Cookies do not count here, so no page of another site can use a login of ours; from this machine, where none is
needed, a call that a browser sends for another site is refused by its Origin.
"""

from __future__ import annotations

import math
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException

from pipeline.review import passwords
from pipeline.review.entrance import SAFE, asked_role, is_local, same_origin
from pipeline.review.office import Office
from pipeline.review.people import STRANGER, Person
from pipeline.review.visit import Visit

_BEARER = HTTPBearer(auto_error=False, description="Made with `nevawire users token`.")


def call(request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)] = None) -> Visit:
    """Return the visit of a call that may be made. Raises HTTPException 401, 403, 429."""
    office: Office = request.app.state.office
    wait = office.calls.take(_caller(request, given))
    if wait:
        seconds = str(math.ceil(wait))
        raise HTTPException(429, f"too many calls; wait {seconds} seconds", {"Retry-After": seconds})
    visit = Visit(request, office, _who(office, request, given))
    if not visit.who.role:
        why = "give a token: `Authorization: Bearer …`; `nevawire users token NAME` on the server makes one"
        raise HTTPException(401, why, {"WWW-Authenticate": "Bearer"})
    role = asked_role(request)
    if not visit.who.may(role):
        raise HTTPException(403, f"this asks for the role {role}")
    if request.method not in SAFE:
        same_origin(request)
    return visit


Caller = Annotated[Visit, Depends(call)]


def _who(office: Office, request: Request, given: HTTPAuthorizationCredentials | None) -> Person:
    if given is not None:
        user = office.store.users.of_token(passwords.digest(given.credentials), office.now())
        return Person(user.name, user.role, language=user.language) if user else STRANGER
    return Person(office.local_name, "operator", local=True) if is_local(office, request) else STRANGER


def _caller(request: Request, given: HTTPAuthorizationCredentials | None) -> str:
    if given is not None:
        return passwords.digest(given.credentials)
    return request.client.host if request.client else ""
