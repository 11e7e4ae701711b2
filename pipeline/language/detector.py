"""langdetect, made to give the same answer every time, asked about five languages only.

Its other fifty answers for a Russian or English news text are mistakes ("Кластер" is no
Bulgarian word); Ukrainian, Bulgarian and Macedonian are what it can tell from Russian.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import islice

from langdetect import DetectorFactory, LangDetectException
from langdetect.detector import Detector
from langdetect.lang_detect_exception import ErrorCode
from langdetect.utils.ngram import NGram

from pipeline.language import runs

LANGUAGES = ("ru", "en", "uk", "bg", "mk")
#: Shorter texts it guesses at.
LETTERS = 100
#: More tells it nothing new and costs time.
_CHARACTERS = 3000
#: It looks every so many runs whether it knows: what they tell is multiplied in one go.
_AGAIN = 5
_SPACES = re.compile(" {2,}")
_ASCII = bytes(range(128))
#: The signs that the package counts as Latin, and as not.
_LATIN = bytes(range(ord("A"), ord("z") + 1))
_BEYOND_LATIN = re.compile("[^\x00-\u02ff]+")

DetectorFactory.seed = 0


def detect(text: str) -> tuple[str, float] | None:
    """Return the likeliest of `LANGUAGES` for text and its probability, or None where it cannot tell."""
    detector = _Detector(_profiles())
    detector.set_prior_map({language: 1.0 / len(LANGUAGES) for language in LANGUAGES})
    detector.append(text[:_CHARACTERS])
    try:
        best = detector.get_probabilities()
    except LangDetectException:  # no letters it knows
        return None
    return (best[0].lang, round(best[0].prob, 3)) if best else None


class _Detector(Detector):  # type: ignore[misc]  # its package has no types
    """The package's own, with the same answers in a tenth of the time: it takes a text sign by sign, three times."""

    text: str

    def append(self, text: str) -> None:
        """Take the text, without addresses, with single spaces."""
        if "://" in text:
            text = self.URL_RE.sub(" ", text)
        if "@" in text:
            text = self.MAIL_RE.sub(" ", text)
        if any(mark in text for mark in NGram.DMARK_CLASS):
            text = NGram.normalize_vi(text)
        self.text += _SPACES.sub(" ", text)

    def cleaning_text(self) -> None:
        """Leave Latin letters out of a text that is mostly in another script."""
        coded = self.text.encode("utf-8", "surrogatepass")
        latin = len(coded) - len(coded.translate(None, _LATIN))
        others = coded.translate(None, _ASCII).decode("utf-8", "surrogatepass")
        if 2 * latin < len("".join(_BEYOND_LATIN.findall(others))):
            self.text = coded.translate(None, _LATIN).decode("utf-8", "surrogatepass")

    def _detect_block(self) -> None:
        """Draw known runs by chance until one language is likely enough, several times, and take the mean."""
        self.cleaning_text()
        found = _known().found(self.text)
        if not len(found):
            raise LangDetectException(ErrorCode.CantDetectError, "No features in text.")
        self.random.seed(self.seed)
        self.langprob = [0.0] * len(self.langlist)
        drawn = self._drawn(found)
        for _ in range(self.n_trial):
            weight = (self.alpha + self.random.gauss(0.0, 1.0) * self.ALPHA_WIDTH) / self.BASE_FREQ
            likely = [one * (weight + a) for one, a in zip(self._init_probability(), next(drawn), strict=True)]
            turn = 0
            while not (self._normalize_prob(likely) > self.CONV_THRESHOLD or turn >= self.ITERATION_LIMIT):
                likely = [
                    one * (weight + a) * (weight + b) * (weight + c) * (weight + d) * (weight + e)
                    for one, a, b, c, d, e in zip(likely, *islice(drawn, _AGAIN), strict=True)
                ]
                turn += _AGAIN
            self.langprob = [mean + one / self.n_trial for mean, one in zip(self.langprob, likely, strict=True)]

    def _drawn(self, found: runs.Runs) -> Iterator[Sequence[float]]:
        """Yield what runs drawn by chance tell of each language; each is drawn as random.choice draws one, without its three calls."""
        draw, size, take, told = self.random.getrandbits, len(found), found.item, _told()
        bits = size.bit_length()
        while True:
            number = draw(bits)
            if number < size:
                yield told[take(number)]


@lru_cache(maxsize=8192)
def _form(sign: str) -> str:
    return str(NGram.normalize(sign))


@lru_cache(maxsize=1)
def _profiles() -> DetectorFactory:
    """Return what it knows of these languages; all it knows takes 60 MB and ten times as long."""
    known = files("langdetect") / "profiles"
    made = DetectorFactory()
    made.load_json_profile([(known / language).read_text("utf-8") for language in LANGUAGES])
    return made


@lru_cache(maxsize=1)
def _known() -> runs.Known:
    return runs.Known(_profiles().word_lang_prob_map.keys(), _form)


@lru_cache(maxsize=1)
def _told() -> tuple[Sequence[float], ...]:
    """Return what each known run, by its number, tells of each language."""
    told = _profiles().word_lang_prob_map
    return tuple([told.get(run, ()) for run in _known().runs])
