"""What children are forked from, where it is killed, stopped, or started by who heeds no children; and a start nobody waits for."""

from __future__ import annotations

import pytest

from tests.test_children import said

#: What they are forked from is killed, and none can be started for a while.
AGAIN = """
import asyncio, os, signal, sys
from pipeline import children, cradle, errors

async def ask():
    own = cradle.Cradle([])
    async with children.Children(count=1, cradle=own) as pool:
        await pool.run(os.getpid)
        pool.let_go()
        os.kill(own._server.pid, signal.SIGKILL)
        python, sys.executable = sys.executable, "/nowhere/python"
        for _ in range(2):
            try:
                await pool.run(os.getpid)
            except errors.NoChildrenError:
                print("none")
        sys.executable = python
        print(await pool.run(len, "three") == 5)

asyncio.run(ask())
"""

#: What they are forked from is stopped, and goes on no more.
STUCK = """
import asyncio, os, signal
from pipeline import children, cradle
from gone import gone

cradle._PATIENCE = 0.5

async def ask():
    own = cradle.Cradle([])
    async with children.Children(count=1, cradle=own) as pool:
        await pool.run(os.getpid)
        pool.let_go()
        stuck = own._server.pid
        os.kill(stuck, signal.SIGSTOP)
        print(await pool.run(len, "three"), await gone(stuck))

asyncio.run(ask())
"""

#: A command that is started by who has no interest in its children; some of them are lost.
IGNORED = """
import asyncio, os, signal
from pipeline import children, cradle

signal.signal(signal.SIGCHLD, signal.SIG_IGN)

async def ask(own):
    async with children.Children(count=1, seconds=0.5, cradle=own) as pool:
        first = await pool.run(os.getppid)
        for task in ((eval, "any(iter(int, 1))"), (os._exit, 1)):
            try:
                await pool.run(*task)
            except children.ChildLost as lost:
                print(lost.kind)
        print(await pool.run(os.getppid) == first)

own = cradle.Cradle([])
{warm_up}
asyncio.run(ask(own))
"""

#: Those who wait for a child's start are cancelled.
CANCELLED = """
import asyncio, os
from pipeline import children, cradle

def below(number):
    with open(f"/proc/{number}/task/{number}/children") as told:
        return told.read().split()

async def ask():
    own = cradle.Cradle([])
    async with children.Children(count=1, cradle=own) as pool:
        await pool.run(os.getpid)
    for turn in range(40):
        async with children.Children(count=1, cradle=own) as pool:
            asked = asyncio.create_task(pool.run(os.getpid))
            await asyncio.sleep(turn / 10_000)
            asked.cancel()
            await asyncio.wait([asked])
    for _ in range(50):
        if not below(own._server.pid):
            break
        await asyncio.sleep(0.1)
    print(below(own._server.pid))

asyncio.run(ask())
"""


#: Those who still wait for their children when these are let go, as a pass is broken off.
BROKEN_OFF = """
import asyncio
from pipeline import children, cradle

async def ask():
    async with children.Children(count=1, cradle=cradle.Cradle([])) as pool:
        asked = [asyncio.create_task(pool.run(eval, "__import__('time').sleep(30)")) for _ in range(2)]
        await pool.begun.wait()
        await asyncio.sleep(0.1)
    print(*(type(one).__name__ for one in await asyncio.gather(*asked, return_exceptions=True)), pool.there)

asyncio.run(ask())
"""


def test_where_none_could_be_started_once_others_may_be_later(tmp_path):
    assert said(AGAIN, tmp_path) == ["none", "none", "True"]


def test_what_they_are_forked_from_is_replaced_where_it_does_not_answer(tmp_path):
    assert said(STUCK, tmp_path) == ["5 True"]


@pytest.mark.parametrize("warm_up", ["", "own.warm_up()"], ids=["program", "forked"])
def test_it_goes_on_where_the_command_is_told_to_ignore_its_children(tmp_path, warm_up):
    assert said(IGNORED.format(warm_up=warm_up), tmp_path) == ["timeout", "memory", "True"]


def test_who_still_waits_when_a_pass_is_broken_off_is_not_told_of_a_page_that_was_too_much(tmp_path):
    assert said(BROKEN_OFF, tmp_path) == ["CancelledError CancelledError False"]


def test_no_process_is_left_of_a_start_that_nobody_waits_for_any_more(tmp_path):
    assert said(CANCELLED, tmp_path) == ["[]"]
