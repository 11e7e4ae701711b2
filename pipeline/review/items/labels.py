"""What facets and their values are called, in the reader's language; values come as the list counted them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from pipeline import names
from pipeline.model import Config
from pipeline.publish.words import kind as kind_of_source
from pipeline.query import FIELDS, written
from pipeline.record import dataclass
from pipeline.review.items.asking import Wish
from pipeline.review.tongue import Tongue
from pipeline.store import FACETS

#: Values of a facet that are shown; the rarest are reached by asking for something narrower.
_MOST = 30


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet."""

    title: str
    count: int
    chosen: bool
    address: str  #: where it is chosen, or let go


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet with its values, the most frequent first, the chosen ones before."""

    name: str
    title: str
    values: Sequence[Value]


@dataclass(frozen=True)
class Says:
    """The names of values."""

    config: Config
    tongue: Tongue

    def __call__(self, facet: str, value: str) -> str:
        """Return what a value is called; itself where nothing is known of it."""
        return self._titles.get(facet, {}).get(value, value)

    @cached_property
    def _titles(self) -> Mapping[str, Mapping[str, str]]:
        _, code = self.tongue.gettext, self.tongue.code
        named = {one.id: one.title.get(code) or one.title["en"] for one in names.shipped().every}
        return {
            "source": {one.id: called(one.name, code, one.id) for one in self.config.sources},
            "topic": {one.id: called(one.name, code, one.id) for one in self.config.topics},
            "language": {"ru": _("Russian"), "en": _("English"), "other": _("another language")},
            "state": {
                "linked": _("a pair"), "review": _("in doubt"), "single": _("one language"), "new": _("not paired yet"),
            },
            "origin": {"publisher": _("publisher"), "machine": _("machine"), "edited": _("edited")},
            "kind": {one.kind: kind_of_source(one.kind, code) for one in self.config.sources},
            "organisation": named, "place": named,
        }  # fmt: skip


def facets(
    counted: Mapping[str, Mapping[str, int]], wanted: Wish, config: Config, tongue: Tongue
) -> list[Facet]:  # fmt: skip
    """Return the facets that have values."""
    says = Says(config, tongue)
    found = []
    for name in FACETS:
        chosen = wanted.chosen.get(name, ())
        counts = {**dict.fromkeys(chosen, 0), **counted.get(name, {})}
        rows = [(value not in chosen, -count, says(name, value), value) for value, count in counts.items() if value]
        values = [
            Value(title, -count, not other, wanted.turned(name, value).address)
            for other, count, title, value in sorted(rows)[:_MOST]
        ]
        if values:
            found.append(Facet(name, facet_title(name, tongue), values))
    return found


def facet_title(name: str, tongue: Tongue) -> str:
    """Return what a facet is called."""
    _ = tongue.gettext
    return {
        "source": _("Source"), "kind": _("Kind"), "language": _("Language"), "topic": _("Topic"), "state": _("State"),
        "origin": _("Text by"), "tag": _("Tag"), "star": _("Starred by"), "organisation": _("Organisation"), "place": _("Place"),
    }[name]  # fmt: skip


def saved(config: Config, language: str) -> list[tuple[str, str]]:
    """Return the saved searches: what each is called, and the address of its list."""
    return [
        (called(one.title, language, one.id), Wish(written(one.query)).with_(sort="date").address)
        for one in config.searches
    ]


def not_saved(wanted: Wish, tongue: Tongue) -> list[str]:
    """Return what of a wish no saved search can hold."""
    left = [facet_title(name, tongue) for name in wanted.chosen if name not in FIELDS]
    return [*left, *([tongue.gettext("Days")] if wanted.since or wanted.until else [])]


def called(title: Mapping[str, str], language: str, otherwise: str) -> str:
    """Return a title in a language, in another where there is none, or what is said otherwise."""
    return title.get(language) or next(iter(title.values()), otherwise)
