"""The feeds as they were at an instant, made again from what was kept of each edition.

Entries, ids, dates and texts are those of then; so are the bytes, where the code that renders is the same.
What was purged since is left out. The same, for the present instant, tells whether feeds/ is as it should be.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from pipeline import publish
from pipeline.errors import ConfigError
from pipeline.printing import renderer
from pipeline.record import dataclass
from pipeline.store import Finding, Part, Store


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What the feeds were made of, rendered again."""

    documents: dict[str, bytes]
    at: datetime | None  #: when the newest of them came out; None where there was nothing yet
    otherwise: tuple[str, ...]  #: documents that other code rendered then: their bytes may differ
    purged: int  #: entries left out


def rebuilt(store: Store, when: datetime) -> Rebuilt:
    """Return the documents as they stood at an instant."""
    documents, otherwise, purged = dict[str, bytes](), dict[str, bool](), 0
    parts = store.editions.at(when)
    for part in parts:
        made = {name: body for name, body in _rendered(part).items() if name not in part.refused}
        documents |= made
        otherwise |= dict.fromkeys(made, part.renderer != renderer())
        purged += part.rows.count(None)
    last = max((part.at for part in parts if part.at), default=None)
    return Rebuilt(documents, last, tuple(sorted(name for name, differs in otherwise.items() if differs)), purged)


def rebuild(store: Store, when: datetime, folder: Path) -> Rebuilt:
    """Write the documents as they stood at an instant into an empty folder. Raises ConfigError where that cannot be."""
    if folder.exists() and any(folder.iterdir()):
        raise ConfigError(
            f"{folder} is not empty; what is published there must not be replaced: name another with --feeds"
        )
    first = store.editions.first()
    if first is None or when < first:
        since = f"the first edition that was kept is of {first.isoformat()}" if first else "no edition was kept yet"
        raise ConfigError(f"nothing is known of {when.isoformat()}: {since}")
    made = rebuilt(store, when)
    publish.write(folder, made.documents, excused=True)
    return made


def compared(store: Store, feeds: Path, now: datetime) -> Iterator[Finding]:
    """Yield what is not as a rebuild of the present would make it; what other code rendered cannot be told.

    Nothing is yielded of a store that was just restored: its next pass writes everything again. The file of a feed
    that is no more may be missing: where it names what was purged, it goes as a whole.
    """
    made_of, about = store.publications.state("feeds")
    if not made_of:
        return
    made = rebuilt(store, now)
    for name, document in sorted(made.documents.items()):
        if name in made.otherwise:
            continue
        path = feeds / name
        if not path.exists():
            if "/" in name or name in about["files"]:
                yield Finding("feed", f"{name} is missing")
        elif path.read_bytes() != document:
            yield Finding("feed", f"{name} is not what was published")
        elif not publish.has_twin(path, document):
            yield Finding("feed", f"{name}.gz is not of {name}")


def _rendered(part: Part) -> dict[str, bytes]:
    rows = [publish.unpacked_entry(row[1]) if row else None for row in part.rows]
    return dict(publish.render(publish.Galley(part.name, publish.unpacked_frame(part.frame), rows)))
