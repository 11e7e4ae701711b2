"""What a child hears and tells: tasks that come in pieces, and errors that cannot be told as they are."""

from __future__ import annotations

from tests.test_children import said

#: A child that is stopped and goes on, again and again, while large tasks come.
STOPPED = """
import asyncio, os, signal
from pipeline import children, cradle

async def jog(pool):
    while True:
        for number in (signal.SIGSTOP, signal.SIGCONT):
            for child in [one for one in pool._own if one.fit]:
                os.kill(child._number, number)
            await asyncio.sleep(0.003)

async def ask():
    async with children.Children(cradle=cradle.Cradle([])) as pool:
        jogging = asyncio.create_task(jog(pool))
        sent = [bytes(3_000_000 + n) for n in range(60)]
        print(await asyncio.gather(*(pool.run(len, one) for one in sent)) == [len(one) for one in sent])
        jogging.cancel()

asyncio.run(ask())
"""

#: Errors that are something else where they are made anew, and what is something else in the process that asked.
ODD = """
import os

class Word(Exception):
    def __reduce__(self): return str, ("no error",)

class Stop(Exception):
    def __reduce__(self): return StopIteration, ()

class CtrlC(Exception):
    def __reduce__(self): return KeyboardInterrupt, ()

class Notes(Exception):
    __notes__ = 3

class Elsewhere(Exception):
    def __init__(self, made=None): self.made = made
    def __reduce__(self): return there, (os.getpid(), self.made)

def there(number, made):
    if os.getpid() == number: return ValueError()
    if made is None: return "no error"
    raise made

def refuse(error):
    raise error

def give(made):
    return Elsewhere(made)
"""
TOLD = """
import asyncio, odd
from pipeline import children, cradle

async def told(pool, *task):
    try:
        return await asyncio.wait_for(pool.run(*task), 10)
    except Exception as error:
        return type(error).__name__

async def ask():
    async with children.Children(count=1, cradle=cradle.Cradle([])) as pool:
        for name in ("Word", "Stop", "CtrlC", "Notes", "Elsewhere"):
            print(await told(pool, eval, f"(odd := __import__('odd')).refuse(odd.{name}())"))
        for error in (StopIteration(), MemoryError(), ValueError()):
            print(await told(pool, odd.give, error))
        print(await told(pool, len, "three"))

asyncio.run(ask())
"""


def test_a_child_that_is_stopped_while_a_task_comes_does_it_when_it_goes_on(tmp_path):
    assert said(STOPPED, tmp_path) == ["True"]


def test_whatever_error_comes_back_somebody_is_told_and_the_next_task_is_done(tmp_path):
    (tmp_path / "odd.py").write_text(ODD, encoding="utf-8")
    assert said(TOLD, tmp_path) == [*["RuntimeError"] * 6, "ChildLost", "ValueError", "5"]
