"""Texts that belong together → stories with their ids, states and dates.

A known id stays with the older of its texts; of two known stories that turn out to be one
the older id stays and the younger becomes an alias; only a story without a known id gets a
new one. Which texts belong together was decided before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from pipeline.model import LANGUAGES, Match, Story
from pipeline.pairing import identity
from pipeline.pairing.texts import Draft
from pipeline.record import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """One story to be: its texts, the oldest first, and what is known of their match."""

    drafts: tuple[Draft, ...]
    state: str  #: single | linked | review
    match: Match | None = None


@dataclass(frozen=True)
class Ledger:
    """The known stories and what new ones are made with."""

    home: str
    now: datetime
    known: Mapping[str, Story]

    def entered(self, groups: Sequence[Group]) -> tuple[tuple[Story, ...], tuple[tuple[str, str], ...]]:
        """Return the stories of groups by id, and (younger, older) of the known ones that merged."""
        holders = self._holders(groups)
        ids = {
            place: holders[place][0].id if place in holders else self._minted(group)
            for place, group in enumerate(groups)
        }
        taken = set(ids.values())
        stories = [self._story(ids[place], group, holders.get(place, []), taken) for place, group in enumerate(groups)]
        merged = [(one.id, ids[place]) for place, ours in holders.items() for one in ours[1:]]
        return tuple(sorted(stories, key=lambda story: story.id)), tuple(sorted(merged))

    def _holders(self, groups: Sequence[Group]) -> dict[int, list[Story]]:
        """Map the place of a group to the known stories whose oldest text it has, the oldest story first."""
        oldest: dict[str, tuple[identity.Seniority, int]] = {}
        for place, group in enumerate(groups):
            for draft in group.drafts:
                if draft.story:
                    claim = (draft.age, place)
                    oldest[draft.story] = min(claim, oldest.get(draft.story, claim))
        out: dict[int, list[Story]] = {}
        for one in sorted(oldest, key=lambda one: (self.known[one].first_seen, oldest[one], one)):
            out.setdefault(oldest[one][1], []).append(self.known[one])
        return out

    def _minted(self, group: Group) -> str:
        """Mint an id; a text split off a story takes back the one it had, where it had one."""
        lead = group.drafts[0]
        aliases = self.known[lead.story].aliases if lead.story else ()
        own = (identity.story_id_at(self.home, item) for item in lead.text.items)
        fresh = identity.story_id(self.home, [draft.text for draft in group.drafts])
        return next((one for one in own if one in aliases), fresh)

    def _story(self, name: str, group: Group, ours: Sequence[Story], taken: set[str]) -> Story:
        texts = {draft.text.language: draft.text for draft in group.drafts}
        former = {alias for story in ours for alias in (story.id, *story.aliases)} - taken
        seen = [item.first_seen for text in texts.values() for item in text.items]
        return Story(
            id=name,
            texts={code: texts[code] for code in sorted(texts, key=_order)},
            state=group.state,
            first_seen=min([*seen, *(story.first_seen for story in ours[:1])]),
            updated=self._updated(group, ours[0] if ours else None),
            match=group.match,
            aliases=tuple(sorted(former)),
            thread=ours[0].thread if ours else "",
        )

    def _updated(self, group: Group, known: Story | None) -> datetime:
        """Date the last visible change: of a text, or now where a known story gains, loses or changes a leading text."""
        latest = max(draft.text.lead.updated for draft in group.drafts)
        if known is None:
            return latest
        before = {text.id for text in known.texts.values()}
        same = before == {draft.text.id for draft in group.drafts}
        same_leads = all(draft.lead_before in ("", draft.text.lead.id) for draft in group.drafts)
        return max(known.updated, latest) if same and same_leads else max(self.now, known.updated)


def _order(code: str) -> tuple[int, str]:
    return (LANGUAGES.index(code) if code in LANGUAGES else len(LANGUAGES), code)
