"""What every pass asks and says of every source, made once: to build such a question costs more than to answer it."""

from __future__ import annotations

from sqlalchemy import bindparam, func, or_, select

from pipeline.store.tables import addresses, listings, sources
from pipeline.store.types import Instant

_NOW = bindparam("now", type_=Instant)
_OF_SOURCE = addresses.c.source == bindparam("source")
_IS_DUE = or_(
    (addresses.c.state == "new") & or_(addresses.c.due.is_(None), addresses.c.due <= _NOW),
    addresses.c.state.in_(("article", "refused")) & (addresses.c.due <= _NOW),
)
#: The row of a listing, by `url`.
LISTING = select(listings).where(listings.c.url == bindparam("url"))
#: The addresses of a `source` to ask `now`.
DUE = select(addresses).where(_OF_SOURCE, _IS_DUE)
#: One of these, or of those whose page is not yet read.
PENDING = select(addresses.c.key).where(_OF_SOURCE, or_(addresses.c.state == "fetched", _IS_DUE)).limit(1)
#: That all is well with a source that is known, `of` it: what nearly every pass says of nearly every one.
WELL = (
    sources.update().where(sources.c.id == bindparam("of"))
    .values(
        last_pass=_NOW, last_success=_NOW, last_new=func.coalesce(bindparam("new", type_=Instant), sources.c.last_new),
        failures=0, kind="", detail="", trouble=0.0,
    )
)  # fmt: skip
