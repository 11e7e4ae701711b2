"""What pairing would now do otherwise to pairs that stand: for an analyst to decide, never done by itself.

A linked pair stays linked. Where its texts, read anew, are no longer likely to be one story, or another
article fits one of them better, that is a proposal.
"""

from __future__ import annotations

from collections.abc import Collection

from pipeline.model import PairingRules, Proposal
from pipeline.pairing.links import Desk, opened
from pipeline.pairing.proposals import Proposals

#: The pair is no longer likely; another article fits better.
PART, INSTEAD = "part", "instead"


def changes(
    desk: Desk, proposed: Proposals, fresh: Collection[str] | None, rules: PairingRules
) -> tuple[Proposal, ...]:
    """Return what would be changed of the linked pairs that nobody has confirmed, in order of place."""
    out = []
    is_open = opened(desk, fresh)
    now = {pair: told for pair, told in proposed.probabilities.items() if is_open(pair) and pair not in desk.barred}
    sure = {place for pair in desk.confirmed for place in (("ru", pair[0]), ("en", pair[1]))}
    spoken_of = {place for pair in desk.barred for place in (("ru", pair[0]), ("en", pair[1]))}
    for pair in sorted(desk.linked()):
        match = desk.known[desk.russian[pair[0]].story].match
        told = now.get(pair, match.probability if match else 1.0)
        rivals = [
            (-likely, other)
            for other, likely in now.items()
            if (other[0] == pair[0]) != (other[1] == pair[1])
            and likely >= rules.link
            and likely > told
            and not {("ru", other[0]), ("en", other[1])} & sure
        ]
        if rivals:
            likely, other = min(rivals)
            out.append(Proposal(INSTEAD, *desk.leads(other), round(-likely, 4), proposed.reasons(other)))
        elif pair in now and told < rules.review and not {("ru", pair[0]), ("en", pair[1])} & spoken_of:
            out.append(Proposal(PART, *desk.leads(pair), round(told, 4), proposed.reasons(pair)))
    return tuple(out)
