"""The desk's press and a pass bring feeds/ up to date at once: one does it, the other finds it done."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from pipeline import newsstand, pairs
from pipeline.store import open_store

_HOLDER = """
import sys, time
from pathlib import Path
from pipeline.store import alone, engine
with alone.Alone(engine.connect("sqlite://"), Path(sys.argv[1])).publishing():
    print("held", flush=True)
    time.sleep(60)
"""


def _stands(office, count):
    """The same installation as several processes would open it."""
    for _ in range(count):
        store = open_store(office.settings.store)
        yield newsstand.Desk(office.config(), store, office.feeds, office.now())


def test_of_four_who_publish_at_once_one_writes(office):
    kept = office.store.publications
    newsletter = "newsletter-ru"
    offered = kept.offered(newsletter, 1000)
    standing = {path.name: path.read_bytes() for path in office.feeds.glob("*.*")}
    shutil.rmtree(office.feeds)
    stands = list(_stands(office, 4))
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(newsstand.put_out, stands))
    assert [bool(one.refused) for one in done] == [False] * 4
    assert sorted(bool(one.written) for one in done) == [False, False, False, True]
    assert {path.name: path.read_bytes() for path in office.feeds.glob("*.*")} == standing
    assert kept.offered(newsletter, 1000) == offered
    for one in stands:
        one.store.close()


def test_who_publishes_reads_only_when_its_turn_comes(office):
    """A feed that was read before a change, and written after it, would go back."""
    (stand,) = _stands(office, 1)
    story = next(one for one in office.store.stories.each() if one.state == "single")
    (text,) = story.texts.values()
    shown = office.feeds / f"{text.language}.rss"
    assert text.lead.article.url in shown.read_text(encoding="utf-8")
    begun = threading.Event()

    def publish():
        begun.set()
        newsstand.put_out(replace(stand, config=replace(stand.config, topics=stand.config.topics[:-1])))

    thread = threading.Thread(target=publish)
    with office.store.alone.publishing():
        thread.start()
        begun.wait()
        office.store.removals.withdraw([item.id for item in text.items], "a test", office.now())
    thread.join()
    assert text.lead.article.url not in shown.read_text(encoding="utf-8")
    stand.store.close()


def test_pairing_waits_for_its_turn(office):
    ids = [item.id for item in next(office.store.stories.each()).texts.popitem()[1].items]
    office.store.features.free(ids)
    thread = threading.Thread(target=pairs.pair_up, args=(office.store, office.config(), office.now()))
    with office.store.alone.pairing():
        thread.start()
        thread.join(0.7)
        assert set(office.store.features.fresh()) == set(ids)
    thread.join()
    assert office.store.features.fresh() == ()


def test_a_turn_ends_with_the_process_that_had_it(office):
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(office.settings.store)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout.readline() == "held\n"
    holder.send_signal(signal.SIGKILL)
    with office.store.alone.publishing():
        pass
    holder.stdout.close()
    holder.wait()
