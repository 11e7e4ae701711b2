"""The pictures an installation is known by: a square icon, and a logo as feed readers take it.

The mark that is used where sources.yaml names no other lies in marks/; an operator's own file
arrives as bytes. Nothing is drawn here.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

from pipeline.model import Picture, Publisher
from pipeline.publish.channels import home
from pipeline.record import dataclass

#: Of a picture in RSS (RSS 2.0, <image>): pixels at most.
WIDEST, TALLEST = 144, 400
_OURS = ("favicon.ico", "icon.png", "icon.svg", "logo.png")
_LOGO = Picture(ext="png", width=144, height=72)
#: What a reader of RSS shows.
_OF_RSS = frozenset({"png", "gif", "jpg"})
_TYPES = {
    "png": "image/png", "gif": "image/gif", "jpg": "image/jpeg", "svg": "image/svg+xml", "ico": "image/x-icon",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Marks:
    """Where the pictures stand."""

    icon: str  #: address
    favicon: str  #: address
    logo: str  #: address
    size: tuple[int, int] | None  #: of the logo, in pixels, where known
    in_rss: bool  #: the logo is one that RSS takes
    links: tuple[tuple[str, str], ...]  #: (address or file name, media type) for a page's <link rel="icon">


def of(publisher: Publisher) -> Marks:
    """Return the pictures of an installation."""
    where, icon = home(publisher), publisher.icon
    logo = publisher.logo or icon or _LOGO
    if icon is None:
        names = ("icon.svg", "favicon.ico")
        own = (where + "icon.png", where + "favicon.ico")
        links = tuple((name, _TYPES[name.rpartition(".")[2]]) for name in names)
    else:
        own = (_address(icon, "icon", where),) * 2
        links = ((icon.address or f"icon.{icon.ext}", _TYPES.get(icon.ext, "")),)
    fits = bool(logo.address) or (logo.ext in _OF_RSS and 0 < logo.width <= WIDEST and 0 < logo.height <= TALLEST)
    size = (logo.width, logo.height) if logo.width and logo.height else None
    return Marks(*own, _address(logo, "icon" if logo is icon else "logo", where), size, fits, links)


def documents(publisher: Publisher) -> dict[str, bytes]:
    """Return the files that go with the feeds, by name; none for a picture that stands elsewhere."""
    made = {name: _ours(name) for name in _OURS if not (publisher.icon and name != "logo.png")}
    if publisher.logo or publisher.icon:
        made.pop("logo.png")
    for name, given in (("icon", publisher.icon), ("logo", publisher.logo)):
        if given and not given.address:
            made[f"{name}.{given.ext}"] = given.data
    return made


def _address(picture: Picture, name: str, where: str) -> str:
    return picture.address or f"{where}{name}.{picture.ext}"


@cache
def _ours(name: str) -> bytes:
    return resources.files("pipeline.publish").joinpath("marks", name).read_bytes()
