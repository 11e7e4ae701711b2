"""How well Russian and English documents find each other: precision, recall, ranking, calibration, speed.

    python benchmarks/pairing.py --data FOLDER [--view full|lead|title] [--semantic] [--draws N]
                                 [--predictions OUT.tsv] [--weights auto|shipped|folds] [--lessons OTHER] [--learned]
                                 [--fit WEIGHTS.json --on "what it is"] [--headlines NOISE]

FOLDER holds docs.jsonl (id, lang, title, lead, text) and gold.tsv (ru_id, en_id); traps.tsv, if
there, lists tempting false pairs. The last line printed is one JSON object. `--draws N` gives means
over N random samples in which half of all documents have lost their counterpart (seeds 1…N).

Nothing is measured by what learned from it: weights.json names the documents the shipped weights were
fitted on, and these are scored with weights fitted on other stories (five folds), all others with
the shipped ones; `weights` in the JSON object says which. The folds learn from OTHER, by default from the
folder A_all beside FOLDER where that has these documents, else from FOLDER itself. `--semantic` compares
meanings, too (extra nevawire[semantic]). `--headlines` gives every article its title in the other language, as a machine
would: the counterpart's own title (which a person translated, so 0 is more than a machine can), of whose words so many
(0 to 1) are dropped or replaced by words of other titles. `--fit` fits on the whole folder, in all three views, and writes the
weights with the figures that the folds reach; with `--semantic` only those of the meaning.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import statistics
import sys
import time
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

from pairing_figures import measure, write

from pipeline import semantics
from pipeline.pairing import fit, learned, lexicon, meaning, score
from pipeline.pairing.evidence import Clues
from pipeline.pairing.features import Features, read
from pipeline.pairing.headlines import likeness
from pipeline.pairing.pool import Pool, Standing
from pipeline.pairing.proposals import text_clues
from pipeline.pairing.sketch import sketch

Pair = tuple[str, str]
FOLDS = 5
#: Seeds of the samples that weights of a fold are fitted on; none of them is measured by `--draws`.
FITTING_SEEDS = (101, 102, 103, 104, 105, 106)
#: Pairs in the small windows that weights are fitted on beside the whole folder.
SMALL_WINDOWS = (8, 20, 40)
VIEWS = ("full", "lead", "title")


@dataclass(frozen=True)
class Sample:
    """Documents of both languages and the pairs that are true among them."""

    ru: tuple[str, ...]
    en: tuple[str, ...]
    gold: frozenset[Pair]


def documents(folder: Path, view: str) -> tuple[dict[str, Features], Sample]:
    """Read a folder; return features by document id, and all documents as one sample."""
    docs = [json.loads(line) for line in (folder / "docs.jsonl").read_text(encoding="utf-8").splitlines()]
    body = {"full": "text", "lead": "lead", "title": ""}[view]
    features = {doc["id"]: read(doc["title"], doc[body] if body else "") for doc in docs}
    sides = [tuple(doc["id"] for doc in docs if doc["lang"] == code) for code in ("ru", "en")]
    return features, Sample(sides[0], sides[1], frozenset(pairs(folder / "gold.tsv")))


def pairs(path: Path) -> list[Pair]:
    """Read the first two columns of a table without a header."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [(row[0].strip(), row[1].strip()) for row in rows]


def half_orphans(gold: Collection[Pair], seed: int) -> Sample:
    """Return a random third of the pairs whole and, of the rest, one document each."""
    shuffled = sorted(gold)
    random.Random(seed).shuffle(shuffled)
    whole = len(shuffled) // 3
    half = whole + (len(shuffled) - whole) // 2
    kept = shuffled[:whole]
    return Sample(
        tuple(ru for ru, _ in (*kept, *shuffled[whole:half])),
        tuple(en for _, en in (*kept, *shuffled[half:])),
        frozenset(kept),
    )


def meanings(folder: Path, view: str) -> dict[str, bytes]:
    """Return the vectors of a folder's documents."""
    encode = semantics.encoder()
    docs = [json.loads(line) for line in (folder / "docs.jsonl").read_text(encoding="utf-8").splitlines()]
    leads = {doc["id"]: "" if view == "title" else doc["lead"] for doc in docs}
    return {doc["id"]: meaning.packed(encode(meaning.passages(doc["title"], leads[doc["id"]]))) for doc in docs}


def clues_of(
    sample: Sample,
    features: Mapping[str, Features],
    vectors: Mapping[str, bytes] | None = None,
    tables: Sequence[learned.Learned] = (),
    story: Mapping[str, str] | None = None,
) -> dict[Pair, Clues]:
    """Return the clues of every pair of the sample worth scoring."""
    ru, en = [features[one] for one in sample.ru], [features[one] for one in sample.en]
    clues = text_clues(ru, en, lexicon.shipped())
    named = {(sample.ru[a], sample.en[b]): one for (a, b), one in clues.items()}
    for held_out, table in enumerate(tables):  # a story's pairs by what the other folds taught
        for (a, b), one in text_clues(ru, en, lexicon.shipped(), table).items():
            if fold(sample.ru[a], story or {}) == held_out:
                named[sample.ru[a], sample.en[b]] = one
    if vectors is None:
        return named
    return {pair: one._replace(meaning=meaning.alike(*(vectors[id_] for id_ in pair))) for pair, one in named.items()}


def translated_titles(folder: Path, gold: Collection[Pair], noise: float) -> dict[str, str]:
    """Return the title of each document's counterpart, a share of its words dropped or replaced."""
    docs = [json.loads(line) for line in (folder / "docs.jsonl").read_text(encoding="utf-8").splitlines()]
    titles = {doc["id"]: doc["title"].split() for doc in docs}
    other = {
        doc["lang"]: [word for one in docs if one["lang"] == doc["lang"] for word in titles[one["id"]]] for doc in docs
    }
    language = {doc["id"]: doc["lang"] for doc in docs}
    dice, out = random.Random(5), {}
    for one, mate in sorted((*gold, *((en, ru) for ru, en in gold))):
        kept = [(word, dice.random()) for word in titles[mate]]
        words = [dice.choice(other[language[mate]]) if x < noise else word for word, x in kept if x >= noise / 2]
        out[one] = " ".join(words)
    return out


def titled(
    clues: Mapping[Pair, Clues], sample: Sample, features: Mapping[str, Features], titles: Mapping[str, str]
) -> dict[Pair, Clues]:
    """Return clues with what translated titles say."""
    standing = [
        Standing(one, code, "", sketch(features[one], code, lexicon.shipped()))
        for code, side in (("ru", sample.ru), ("en", sample.en))
        for one in side
    ]
    pool = Pool(standing)
    return {
        (ru, en): one._replace(headline=likeness(titles.get(ru), titles.get(en), features[ru], features[en], pool))
        for (ru, en), one in clues.items()
    }


def taught(folder: Path) -> tuple[list[learned.Learned], dict[str, str]]:
    """Return, per fold, what the full texts of the other folds' pairs teach of words, and which story a document tells."""
    features, everything = documents(folder, "full")
    story = {one: ru for ru, en in everything.gold for one in (ru, en)}
    told = [learned.told(pair, *(features[one] for one in pair), lexicon.shipped()) for pair in sorted(everything.gold)]
    folds = ([one for one in told if fold(one.ids[0], story) != held_out] for held_out in range(FOLDS))
    return [learned.learn(learned.Learned(), ones) for ones in folds], story


def fold(document: str, story: Mapping[str, str]) -> int:
    """Return which fold the story of a document belongs to."""
    return zlib.crc32(story.get(document, document).encode()) % FOLDS


@dataclass(frozen=True)
class Lesson:
    """One scored pair of a fitting sample."""

    pair: Pair
    clues: Clues
    same: bool


def lessons(folder: Path, gold: Collection[Pair], semantic: bool) -> list[Lesson]:
    """Return the pairs to learn from: all three views, windows of all sizes."""
    out: list[Lesson] = []
    for view in VIEWS:
        features, _ = documents(folder, view)
        vectors = meanings(folder, view) if semantic else None
        for seed in FITTING_SEEDS:
            shuffled = sorted(gold)
            random.Random(seed).shuffle(shuffled)
            for size in (*SMALL_WINDOWS, len(shuffled)):
                sample = half_orphans(shuffled[:size], seed)
                found = clues_of(sample, features, vectors).items()
                out.extend(Lesson(pair, one, pair in sample.gold) for pair, one in found)
    return out


def mark(document: str) -> str:
    """Return the mark that weights.json keeps of a document they were fitted on."""
    return hashlib.sha256(document.encode()).hexdigest()[:6]


def fitted_on() -> frozenset[str]:
    """Return the marks of the documents the shipped weights were fitted on."""
    kept = json.loads((files("pipeline.pairing") / "weights.json").read_text(encoding="utf-8"))
    return frozenset(kept["documents"].split())


@dataclass(frozen=True)
class Judge:
    """Weights for each document: those of its fold for one that was fitted on, the shipped for all others."""

    folds: Sequence[score.Weights]
    story: Mapping[str, str]  #: of the documents fitted on

    def probability(self, pair: Pair, clues: Clues) -> float:
        """Return the probability of a pair, by weights that have not seen its Russian document."""
        known = next((one for one in pair if one in self.story), None)
        weights = score.shipped() if known is None else self.folds[fold(known, self.story)]
        return score.text_probability(clues, weights)


def judge(
    data: Path, documents: Collection[str], kind: str, lessons_of: Path | None, semantic: bool = False
) -> tuple[Judge, str]:
    """Return what scores these documents, and its name; kind: auto, shipped or folds."""
    marks = fitted_on()
    seen = {one for one in documents if kind == "folds" or mark(one) in marks}
    if kind == "shipped" or not seen:
        return Judge((), {}), "shipped"
    folder = lessons_of or next(one for one in (data.parent / "A_all", data) if has(one, seen))
    folds, story = fold_weights(folder, semantic)
    told = {one: story.get(one, one) for one in seen}
    rest = "" if len(seen) == len(documents) else f"; shipped, for the {len(documents) - len(seen)} others"
    return Judge(folds, told), f"five-fold by story, for {len(seen)} documents{rest}"


def has(folder: Path, documents: Collection[str]) -> bool:
    """Tell whether a folder holds these documents."""
    try:
        lines = (folder / "docs.jsonl").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    return {json.loads(line)["id"] for line in lines} >= set(documents)


def fold_weights(folder: Path, semantic: bool) -> tuple[list[score.Weights], dict[str, str]]:
    """Return, per fold, weights fitted on the stories of the others, and which story a document tells."""
    gold = pairs(folder / "gold.tsv")
    story = {one: ru for ru, en in gold for one in (ru, en)}
    learned = lessons(folder, gold, semantic)
    out = []
    for held_out in range(FOLDS):
        ours = [one for one in learned if all(fold(document, story) != held_out for document in one.pair)]
        out.append(fitted(ours))
    return out, story


def fitted(learned: Sequence[Lesson]) -> score.Weights:
    """Return weights fitted on lessons; what meanings are worth beside them, where the lessons have any."""
    clues, same = [one.clues for one in learned], [one.same for one in learned]
    weights = fit.fitted([one._replace(meaning=None) for one in clues], same)
    return weights if clues[0].meaning is None else replace(weights, meaning=fit.fitted_meaning(clues, same, weights))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure one folder and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--view", choices=VIEWS, default="full")
    parser.add_argument("--predictions", type=Path)
    parser.add_argument("--semantic", action="store_true", help="compare meanings, too")
    parser.add_argument("--draws", type=int, default=0)
    parser.add_argument("--weights", choices=("auto", "shipped", "folds"), default="auto", help="which weights score")
    parser.add_argument("--lessons", type=Path, help="the folder whose stories the folds learn from")
    parser.add_argument("--fit", type=Path, help="write weights fitted on the whole folder")
    parser.add_argument("--on", default="", help="what the folder is, for the weights file")
    parser.add_argument("--headlines", type=float, help="with translated titles, this share of their words spoilt")
    parser.add_argument("--learned", action="store_true", help="with words that the other folds' pairs teach")
    given = parser.parse_args(arguments)

    lexicon.shipped()
    documents(given.data, given.view)  # stems are remembered; what is measured is the rest
    started = time.process_time()
    features, everything = documents(given.data, given.view)
    speed = len(features) / max(1e-9, time.process_time() - started)
    samples = [half_orphans(everything.gold, seed) for seed in range(1, given.draws + 1)] or [everything]
    traps = pairs(given.data / "traps.tsv") if (given.data / "traps.tsv").exists() and not given.draws else None
    judged, by = judge(given.data, features, "folds" if given.fit else given.weights, given.lessons, given.semantic)
    vectors = meanings(given.data, given.view) if given.semantic else None
    tables, story = taught(given.data) if given.learned else ([], {})
    figures = []
    for sample in samples:
        clues = clues_of(sample, features, vectors, tables, story)
        if given.headlines is not None:
            clues = titled(clues, sample, features, translated_titles(given.data, everything.gold, given.headlines))
        told = {pair: judged.probability(pair, one) for pair, one in clues.items()}
        figures.append(measure(told, sample.gold, traps))
        if given.predictions and sample is samples[0]:
            write(given.predictions, told)
    means = {name: _mean([one[name] for one in figures]) for name in figures[0]}
    if given.fit:
        save(given.fit, given.on, features, lessons(given.data, everything.gold, given.semantic), means)
    print(json.dumps({**means, "docs_per_cpu_s": round(speed, 1), "weights": by}))
    return 0


def save(
    path: Path, what: str, documents: Iterable[str], learned: Sequence[Lesson], figures: Mapping[str, float | None]
) -> None:
    """Write weights fitted on all lessons, with what they were fitted on and what the folds reached."""
    weights = fitted(learned)
    if learned[0].clues.meaning is not None:
        odds, alike, bias = (round(one, 3) for one in weights.meaning)
        kept = json.loads(path.read_text(encoding="utf-8"))
        kept["meaning"] = {"on": what, "figures": figures, "odds": odds, "alike": alike, "bias": bias}
    else:
        kept = {
            "on": what, "documents": " ".join(sorted({mark(one) for one in documents})), "pairs": len(learned),
            "figures": figures, "bias": round(weights.bias, 3),
            "clues": {name: round(value, 3) for name, value in weights.clues.items()},
            "meaning": {"odds": 1.0, "alike": 0.0, "bias": 0.0},
        }  # fmt: skip
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(statistics.mean(known), 4) if known else None


if __name__ == "__main__":
    sys.exit(main())
