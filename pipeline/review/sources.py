"""Sources: how each fares at a glance, and what can be asked of one: a pause, a pass now, a probe, the doctor's advice.

Work that goes out of the house is done by legwork, or by a running `watch`; what came of it is shown when it is there.
sources.yaml is changed by nothing here but the doctor's proposal, for operators.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from pipeline import legwork
from pipeline.errors import ConfigError
from pipeline.review import charts, figures, problems
from pipeline.review.bureau import Desk, Detail, Fetch, Job, Kind, Reason, Row, detail, fetches, job, overview
from pipeline.review.entrance import Here, least
from pipeline.review.gateway import Caller
from pipeline.review.numbered import Number
from pipeline.review.visit import Visit
from pipeline.store import Errand

pages = APIRouter()
api = APIRouter(tags=["sources"])
_DAYS, _FETCHES, _NEWEST = 60, 30, 15


# ── as JSON ─────────────────────────────────────────────────────────────────────────────────
@api.get("/sources")
def sources(visit: Caller) -> list[Row]:
    """List every source: how it fares, what came in 30 days, whether it is paused, which alarms are open."""
    return overview(Desk(visit))


@api.get("/sources/{source}", responses=problems.documented(404))
def source(visit: Caller, source: str) -> Detail:
    """Say how one source fares, its articles of 60 days by day, how its requests of 7 days ended, its latest errands."""
    return detail(Desk(visit), source, _DAYS)


@api.get("/sources/{source}/fetches", responses=problems.documented(404))
def source_fetches(visit: Caller, source: str, limit: Annotated[int, Query(ge=1, le=500)] = 100) -> list[Fetch]:
    """List the latest requests of a source, the newest first."""
    Desk(visit).named(source)
    return fetches(visit.office.store, source, limit)


@api.post("/sources/{source}/pause", status_code=204, responses=problems.documented(404))
@least("operator")
def pause(visit: Caller, source: str, reason: Reason) -> None:
    """Leave a source alone until it is resumed, whatever restarts meanwhile."""
    paused(visit, source, reason.reason)


@api.post("/sources/{source}/resume", status_code=204, responses=problems.documented(404))
@least("operator")
def resume(visit: Caller, source: str) -> None:
    """Let a paused source work again."""
    resumed(visit, source)


@api.post("/sources/{source}/errands", status_code=202, responses=problems.documented(404))
@least("operator")
def ask(visit: Caller, source: str, kind: Kind) -> Job:
    """Have a pass made now, a probe, or the doctor look. Look at the errand again for what came of it."""
    return job(asked(visit, source, kind))


@api.get("/errands/{number}", responses=problems.documented(404))
def errand(visit: Caller, number: Number) -> Job:
    """Say how far an errand is, and what came of it."""
    return job(errand_of(visit, number))


@api.post("/errands/{number}/apply", responses=problems.documented(404, 409))
@least("operator")
def apply(visit: Caller, number: Number) -> Job:
    """Write what the doctor proposed into sources.yaml. For operators."""
    return job(applied(visit, number))


# ── as pages ────────────────────────────────────────────────────────────────────────────────
@pages.get("/sources")
def sources_page(visit: Here) -> Response:
    """Show how every source fares."""
    rows, say = overview(Desk(visit)), visit.tongue.ngettext
    sparks = {
        one.id: charts.sparkline(
            one.days, say("%(num)s article in 30 days", "%(num)s articles in 30 days", one.articles)
        )
        for one in rows
    }
    return visit.page("sources.html", here="sources", rows=rows, sparks=sparks)


@pages.get("/sources/{source}")
def source_page(visit: Here, source: str) -> Response:
    """Show one source: how it fares, what was asked of it, its latest requests and articles."""
    desk, store = Desk(visit), visit.office.store
    about = detail(desk, source, _DAYS)
    errands = store.errands.of(source, visit.office.now())
    if visit.wants_json:
        part = visit.part("errands.html", errands=errands, source=source)
        return JSONResponse({"open": any(one.open for one in errands), "html": part})
    today = visit.office.now().date()
    when = figures.periods(today.fromordinal(today.toordinal() - _DAYS + 1), today)
    chart = charts.columns(
        when.labels, {source: about.days}, visit.tongue.gettext("Articles by day"), {source: about.name}
    )
    return visit.page(
        "source.html", here="sources", one=about, declared=desk.named(source), chart=chart, errands=errands, source=source,
        fetches=fetches(store, source, _FETCHES), newest=store.measures.newest(source, _NEWEST), when=when,
    )  # fmt: skip


@pages.post("/sources/{source}/pause")
@least("operator")
def pause_form(visit: Here, source: str, reason: Annotated[str, Form(max_length=500)] = "") -> Response:
    """Pause a source."""
    paused(visit, source, reason)
    return visit.go(f"/sources/{source}", visit.tongue.gettext("Paused. It is left alone until somebody resumes it."))


@pages.post("/sources/{source}/resume")
@least("operator")
def resume_form(visit: Here, source: str) -> Response:
    """Resume a source."""
    resumed(visit, source)
    return visit.go(f"/sources/{source}", visit.tongue.gettext("Resumed."))


@pages.post("/sources/{source}/errands")
@least("operator")
def ask_form(visit: Here, source: str, kind: Annotated[Kind, Form()]) -> Response:
    """Have something done that goes out of the house."""
    asked(visit, source, kind)
    told = visit.tongue.gettext("It is being done; what came of it is shown here.")
    return visit.go(f"/sources/{source}#errands", told)


@pages.post("/errands/{number}/apply")
@least("operator")
def apply_form(visit: Here, number: Number) -> Response:
    """Write what the doctor proposed."""
    one = applied(visit, number)
    return visit.go(f"/sources/{one.source}", visit.tongue.gettext("Written into sources.yaml."))


# ── what both do ────────────────────────────────────────────────────────────────────────────
def paused(visit: Visit, source: str, reason: str) -> None:
    """Pause a source. Raises 404."""
    Desk(visit).named(source)
    if visit.office.store.pauses.begin(source, visit.who.name, reason.strip(), visit.office.now()):
        visit.note("source paused", source, reason=reason.strip())


def resumed(visit: Visit, source: str) -> None:
    """Resume a source. Raises 404."""
    Desk(visit).named(source)
    if visit.office.store.pauses.end(source):
        visit.note("source resumed", source)


def asked(visit: Visit, source: str, kind: str) -> Errand:
    """Have something done that goes out of the house. Raises 404."""
    Desk(visit).named(source)
    visit.note(f"{kind} asked for", source)
    return visit.office.send(kind, source, visit.who.name)


def errand_of(visit: Visit, number: int) -> Errand:
    """Return an errand. Raises 404."""
    found = visit.office.store.errands.get(number, visit.office.now())
    if found is None:
        raise HTTPException(404, f"no errand {number}")
    return found


def applied(visit: Visit, number: int) -> Errand:
    """Write what the doctor proposed. Raises 404; 409 where that cannot be done any more."""
    found = errand_of(visit, number)
    try:
        difference = legwork.apply(visit.office.settings, found)
    except ConfigError as error:
        raise HTTPException(409, str(error)) from error
    visit.note("sources.yaml changed", found.source, difference=difference)
    return found
