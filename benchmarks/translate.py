"""What translating costs beside the engine: per kB of text, and per segment that the memory knows.

    python benchmarks/translate.py [--segments 1000000] [--articles 40]

The engine is a stand-in that answers at once. Overhead is CPU time of a whole run over fresh articles (taking apart, claiming,
checking, putting together, storing) per kB of their text, less what the stand-in itself takes. The memory is filled with
segments, then asked for some of them in questions as large as an article's; times are CPU time and wall clock of this process.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import insert

from pipeline import translators
from pipeline.model import EngineRules, Rights, TranslationRules
from pipeline.store import open_store
from pipeline.store.engine import writing
from pipeline.store.tables import segments
from pipeline.translate.engines import Traits
from tests.publish.press import Press, configured, said, source
from tests.translate.service import latin

OVERHEAD_LIMIT, HIT_LIMIT = 5.0, 0.2
NOW = datetime(2026, 5, 20, tzinfo=UTC)


@dataclass
class Instant:
    """An engine that answers at once, and counts its own time."""

    seconds: float = 0.0
    traits = Traits("libretranslate", "tags", 25, 5_000, bills=False, outside=False)

    def about(self, _source: str, _target: str) -> tuple[str, str, str]:
        """Return nothing in particular."""
        return "", "1", ""

    def translate(self, texts: Sequence[str], _source: str, _target: str) -> list[str]:
        """Return texts in Latin letters, tags left alone."""
        began = time.process_time()
        parts = [[part if part.startswith("<") else latin(part) for part in _split(text)] for text in texts]
        self.seconds += time.process_time() - began
        return ["".join(one) for one in parts]

    def close(self) -> None:
        """Do nothing."""


def _split(text: str) -> list[str]:
    out, at = [], 0
    while at < len(text):
        end = text.find(">", at) + 1 if text[at] == "<" else text.find("<", at)
        end = end if end > at else len(text)
        out.append(text[at:end])
        at = end
    return out


def overhead(count: int) -> float:
    """Return CPU milliseconds per kB of text of a run, the engine's own left out."""
    rules = TranslationRules((EngineRules("libretranslate", url="http://127.0.0.1:1/"),), what="full")
    names = [("Кластер чистых технологий", "Cleantech Cluster"), ("Морской порт", "Sea Port")]
    config = configured(source(rights=Rights("full", translate="full")), translation=rules, glossary=tuple(names))
    with tempfile.TemporaryDirectory() as folder:
        press = Press(Path(folder), config)
        size = 0
        for n in range(count):
            lines = [
                f"{said(1000 * n + line)} {said(1000 * n + line + 500)} Сумма {n + 3} 250,5 на 5 мая 2026 года."
                for line in range(12)
            ]
            text = "\n".join(lines)
            size += len(text.encode())
            press.arrive(f"https://bureau.example.com/ru/{n}", f"Новость о порте {said(n)[:30]}", text)
        from pipeline import pairs

        pairs.pair_up(press.store, config, press.now)
        engine = Instant()
        room = translators.Room(config, press.store, [engine], lambda: press.now)
        began = time.process_time()
        report = translators.run(room)
        spent = time.process_time() - began - engine.seconds
        press.close()
    assert report.made == count, report
    print(
        f"{count} articles, {size / 1000:.0f} kB of text: {1000 * spent / (size / 1000):.2f} ms of CPU per kB beside the engine"
    )
    return 1000 * spent / (size / 1000)


def hits(count: int) -> float:
    """Return milliseconds per segment that a memory of so many knows, asked for thirty at a time."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder))
        row = {
            "engine": "deepl", "model": "", "source": "ru", "target": "en", "glossary": "", "state": "done", "owner": "",
            "lease": None, "at": NOW, "size": 60, "faults": [], "article": "a000000000000001",
        }  # fmt: skip
        dice = random.Random(5)
        keys = [f"{dice.getrandbits(128):032x}" for _ in range(count)]
        for start in range(0, count, 50_000):
            part = keys[start : start + 50_000]
            rows = [
                row | {"key": key, "text": f"Предложение о порте и судах {key}", "answer": f"A sentence of ports {key}"}
                for key in part
            ]
            with writing(store._engine) as connection:  # noqa: SLF001 - filled past the memory's own door, which is slow by design
                connection.execute(insert(segments), rows)
        asked = [dice.sample(keys, 30) for _ in range(200)]
        began, cpu = time.perf_counter(), time.process_time()
        found = sum(len(store.memory.known(some)) for some in asked)
        wall, spent = time.perf_counter() - began, time.process_time() - cpu
        store.close()
    assert found == 30 * 200
    print(f"{count} segments: {1000 * wall / found:.4f} ms a hit ({1000 * spent / found:.4f} ms of CPU)")
    return 1000 * wall / found


def main() -> int:
    """Measure, print, and end with 1 where a limit is passed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--segments", type=int, default=1_000_000)
    options.add_argument("--articles", type=int, default=40)
    asked = options.parse_args()
    beside, hit = overhead(asked.articles), hits(asked.segments)
    return int(beside > OVERHEAD_LIMIT or hit > HIT_LIMIT)


if __name__ == "__main__":
    raise SystemExit(main())
