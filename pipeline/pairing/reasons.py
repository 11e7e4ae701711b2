"""Why two articles are, or are not, taken for one story: every clue with its worth, and the whole in sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from pipeline.model import Item, PairingRules, Source
from pipeline.pairing import kin, score
from pipeline.pairing.candidates import Ranking
from pipeline.pairing.duplicates import in_common, without
from pipeline.pairing.evidence import Clues
from pipeline.pairing.features import Features
from pipeline.pairing.headlines import Headlines
from pipeline.pairing.learned import Learned
from pipeline.pairing.lexicon import Lexicon
from pipeline.pairing.meaning import Meanings
from pipeline.pairing.proposals import Side, proposals
from pipeline.pairing.when import gap
from pipeline.record import dataclass

#: Clue → how it reads where it speaks for the pair, and where it speaks against it.
_SAID: Mapping[str, tuple[str, str]] = {
    "hub": ("names and words are alike", "names and words are hardly alike"),
    "margin": ("no other article comes as near", "other articles come nearer, or as near"),
    "numbers": ("numbers and days agree", "numbers or days do not agree"),
    "names": ("the names in one are found in the other", "few of the names in one are found in the other"),
    "words": (
        "words of one have their translation in the other",
        "few words of one have their translation in the other",
    ),
    "length": ("their lengths suit a translation", "their lengths do not suit a translation"),
    "size": ("the texts are short, so less is asked of them", "the texts are long, so more is asked of them"),
}


#: How reasons begin that tell of rivals.
_RANKS = ("margin ", "a rival ")
#: Log-odds that are not worth a word, and those that are worth little.
_LITTLE, _MUCH = 0.3, 1.5


@dataclass(frozen=True)
class Explanation:
    """What is thought of a pair, and by what."""

    probability: float  #: of being one story
    kinship: float  #: of telling of the same event
    reasons: tuple[str, ...]
    clues: tuple[tuple[str, float, float], ...]  #: name, value, log-odds it is worth
    relations: float  #: log-odds that sites, dates and pictures are worth
    around: tuple[str, ...] = ()  #: what is known of these
    unread: int = 0  #: so many articles dated near them were not yet read to be compared with

    def sentences(self, ru: Item, en: Item, rules: PairingRules) -> list[str]:
        """Return the explanation as a person would give it."""
        out = [
            f"“{ru.article.title}” and “{en.article.title}”: one story with probability {_rounded(self.probability)}.",
            _fate(self.probability, self.kinship, rules),
        ]
        shared = [one for one in self.reasons if one not in self.around and not one.startswith(_RANKS)]
        doubts = [one for one in shared if one in score.DOUBTS]
        shared = [one.replace("titles share ", "title words ") for one in shared if one not in doubts]
        out.append(f"What they share: {'; '.join(shared)}." if shared else "They share no name, number or title word.")
        out += [f"{one.removeprefix('but ').capitalize()}." for one in doubts]
        out += self._weighed()
        if self.probability < rules.link and sum(worth for _, _, worth in self.clues) > 0:
            out.append("Together that is less than two versions of such texts usually have in common.")
        if abs(self.relations) > _LITTLE:
            more = "more" if self.relations > 0 else "less"
            said = f"{'; '.join(self.around)}: that makes it {more} likely."
            out.append(said[0].upper() + said[1:])
        return [*out, *_unread(self.unread)]

    def _weighed(self) -> Iterator[str]:
        """Yield what the clues of the texts say, the loudest first."""
        for place, sign, word in ((0, 1, "for it"), (1, -1, "against it")):
            for how, least, most in (("", _MUCH, math.inf), ("A little ", _LITTLE, _MUCH)):
                told = [one for one in self.clues if least < one[2] * sign <= most]
                said = "; ".join(_SAID[name][place] for name, _, _ in sorted(told, key=lambda one: -abs(one[2])))
                if said:
                    out = f"{how}{word}: {said}."
                    yield out[0].upper() + out[1:]


@dataclass(frozen=True)
class Beside:
    """What is thought of two articles of one language."""

    probability: float  #: of telling of the same event
    common: float  #: the share of the shorter text's runs of words that stand in the other
    reasons: tuple[str, ...]
    together: bool  #: they are one text now
    unread: int = 0  #: so many articles dated near them were not yet read to be compared with

    def sentences(self, one: Item, other: Item, rules: PairingRules) -> list[str]:
        """Return it as a person would say it."""
        out = [f"“{one.article.title}” and “{other.article.title}”, both in one language."]
        out.append(f"Of the shorter text, {self.common:.0%} stands word for word in the other.")
        if self.together:
            return [*out, "They are taken for one text on two pages. `pairs split` takes them apart."]
        out.append(f"That they tell of the same event has probability {_rounded(self.probability)}.")
        shown = self.probability >= rules.related
        fate = "That is enough to show them" if shown else "They do not stand"
        out.append(f"{fate} beside each other ({'from' if shown else 'below'} {rules.related:.2f}).")
        return [
            *out,
            f"What they share: {'; '.join(self.reasons)}." if self.reasons else "They share no name or number.",
            *_unread(self.unread),
        ]


def beside(one: Item, other: Item, features: Mapping[str, Features], ranking: Ranking, *, together: bool) -> Beside:
    """Return what is thought of two articles of one language; together: whether they are one text now."""
    pool, both = ranking.pool, (features[one.id], features[other.id])
    pair = (min(pool.place[one.id], pool.place[other.id]), max(pool.place[one.id], pool.place[other.id]))
    likeness = kin.near(pool, pair).get(pair, 0.0)
    told = [
        without(read.shingles, pool.repeated(item.article.source))
        for item, read in zip((one, other), both, strict=True)
    ]
    days = gap(pool.when(pair[0]), pool.when(pair[1]))
    likely = kin.kinship(likeness, pool.cosine("numbers", *pair), days)
    return Beside(likely, in_common(*told), kin.reasons(pool, *both, days), together)


def explain(
    ru: Sequence[Item],
    en: Sequence[Item],
    features: Mapping[str, Features],
    ranking: Ranking,
    *,
    sources: Mapping[str, Source],
    lexicon: Lexicon,
    weights: score.Weights,
    meanings: Meanings | None = None,
    learned: Learned | None = None,
    headlines: Headlines | None = None,
) -> Explanation:
    """Return what is thought of two texts, each given by its items, the leading one first."""
    sides = (Side([one], [one[0].id], [features[one[0].id]]) for one in (ru, en))
    first, second = sides
    told = proposals(
        first, second, ranking, sources=sources, lexicon=lexicon, weights=weights, forced={(0, 0)},
        meanings=meanings, learned=learned, headlines=headlines,
    )  # fmt: skip
    clues = told.clues[0, 0]
    return Explanation(
        round(told.probabilities[0, 0], 4),
        round(score.kinship(clues), 4),
        told.reasons((0, 0)),
        _worth(clues, weights),
        round(score.relation_odds(clues), 2),
        score.around(clues),
    )


def _worth(clues: Clues, weights: score.Weights) -> tuple[tuple[str, float, float], ...]:
    """Return each clue of the texts with what it is worth beside an ordinary pair of strangers."""
    return tuple(
        (name, round(value, 3), round(weights.clues[name] * (value - _STRANGERS[name]), 2))
        for name, value in clues.text().items()
    )


#: What the clues of two articles that have nothing to do with each other usually are.
_STRANGERS: Mapping[str, float] = {
    "hub": 0.0, "margin": -0.1, "numbers": 0.1, "names": 0.06, "words": 0.16, "length": 0.4, "size": 0.5,
}  # fmt: skip


def _unread(count: int) -> list[str]:
    """Say that this may change once all is in sight that it should be seen among."""
    if not count:
        return []
    told = "1 article of these days is" if count == 1 else f"{count:,} articles of these days are"
    return [f"{told} not read yet: with {'it' if count == 1 else 'them'} in sight this may change."]


def _rounded(probability: float) -> str:
    """Write a probability so that none is certain."""
    if probability > 0.99 or probability < 0.01:
        return "over 0.99" if probability > 0.5 else "under 0.01"
    return f"{math.floor(probability * 100 + 1e-9) / 100:.2f}"  # so that what is below a threshold reads so


def _fate(probability: float, kinship: float, rules: PairingRules) -> str:
    if probability >= rules.link:
        return f"That is enough to link them (from {rules.link:.2f} on)."
    if probability >= rules.review:
        return f"That is for an analyst to decide (from {rules.review:.2f} to {rules.link:.2f})."
    if kinship >= rules.related:
        return f"They are told apart, but shown as related: the same event with probability {_rounded(kinship)}."
    return f"They are told apart (below {rules.review:.2f})."
