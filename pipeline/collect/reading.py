"""What reading one source page yields, whatever kind of page it is."""

from __future__ import annotations

from pipeline.model import Link
from pipeline.record import dataclass

#: A page that announces more than this is not read to its end.
MAX_LINKS = 1_000
#: Of a link's teaser so much is kept.
TEASER_CHARS = 500


@dataclass(frozen=True, slots=True)
class Reading:
    """The links of one page of a listing, and where its next page is."""

    links: tuple[Link, ...] = ()
    next: str | None = None
    group: str = ""  #: which links the finder took, to be remembered as Profile.link_groups[listing.url]
    children: tuple[str, ...] = ()  #: further sitemaps a sitemap index names
    drifted: bool = False  #: the remembered group is no longer on the page
