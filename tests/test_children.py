"""Child processes: small, none loads the command that started it; and replaced where they are lost."""

from __future__ import annotations

import subprocess
import sys
import tomllib

#: What an installer writes for an entry point, with a question to a child where the command is called.
SCRIPT = """
from {module} import {function}

if __name__ == "__main__":
    import asyncio
    from pipeline import children, cradle

    async def ask():
        async with children.Children(count=1, cradle=cradle.Cradle([])) as pool:  # what readers load is not asked about
            return await pool.run(eval, "sorted(name for name in __import__('sys').modules if name.startswith('pipeline'))")

    print(asyncio.run(ask()))
"""


def test_a_child_of_the_installed_command_does_not_load_the_command(root, tmp_path):
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    module, _, function = project["scripts"]["nevawire"].partition(":")
    script = tmp_path / "nevawire"
    script.write_text(SCRIPT.format(module=module, function=function), encoding="utf-8")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False, cwd=tmp_path)
    seen = "['pipeline', 'pipeline.child', 'pipeline.cradle']"
    assert done.stdout.strip() == seen, done.stdout + done.stderr


#: Children that are killed while they wait; and so after what others are forked from was.
KILLED = """
import asyncio, os, signal
from pipeline import children, cradle

async def ask():
    own = cradle.Cradle([])
    async with children.Children(cradle=own) as pool:
        for _ in range(2):
            first = await pool.run(os.getpid)
            os.kill(first, signal.SIGKILL)
            await asyncio.sleep(0.5)
            found = await asyncio.gather(*(pool.run(os.getpid) for _ in range(4)))
            print(len(found), first in found)
            os.kill(own._server.pid, signal.SIGKILL)

asyncio.run(ask())
"""

#: Children that have work in hand when what they are forked from is killed.
ORPHANED = """
import asyncio, os, signal
from pipeline import children, cradle
from gone import gone

async def ask():
    own = cradle.Cradle([])
    async with children.Children(cradle=own) as pool:
        asked = [asyncio.create_task(pool.run(eval, "(__import__('time').sleep(0.5), __import__('os').getpid())[1]")) for _ in range(2)]
        await pool.begun.wait()
        os.kill(own._server.pid, signal.SIGKILL)
        print(len(set(await asyncio.gather(*asked))))
        orphans = await asyncio.gather(*(pool.run(os.getpid) for _ in range(2)))
    print([await gone(one) for one in orphans])

asyncio.run(ask())
"""

#: Children whose tasks take too long, too much, or the child with them; and the task that waits behind.
LOST = """
import asyncio, os, signal
from pipeline import children, cradle

async def told(pool, *task):
    try:
        return await pool.run(*task)
    except children.ChildLost as lost:
        return lost.kind
    except Exception as error:
        where = [*getattr(error, "__notes__", ()), str(error)][0].strip().splitlines()[-1]
        return f"{type(error).__name__}, {where.partition(' <')[0]}"

async def ask():
    async with children.Children(count=1, seconds=1, megabytes=300, cradle=cradle.Cradle([])) as pool:
        for task in ((eval, "any(iter(int, 1))"), (bytearray, 1 << 30), (os._exit, 255)):
            first = asyncio.create_task(told(pool, *task))
            print(*await asyncio.gather(first, told(pool, len, "two")))
        for task in ((exec, "raise SystemExit(3)"), (int, "three"), (eval, "lambda: 0")):
            print(await told(pool, *task))

asyncio.run(ask())
"""

#: Children that are let go, and come again where somebody needs them; that do their tasks, and are followed by others.
LET_GO = """
import asyncio, os
from pipeline import children, cradle

async def ask():
    async with children.Children(count=1, cradle=cradle.Cradle([])) as pool:
        pool.let_go()
        first = await pool.run(os.getpid)
        pool.let_go()
        second = await pool.run(os.getpid)  # what both are forked from has let the first end before
        print(os.path.exists(f"/proc/{first}"), second != first)
        children._TASKS = 3
        pool.let_go()
        print(len(set(await asyncio.gather(*(pool.run(os.getpid) for _ in range(10))))))

asyncio.run(ask())
"""

#: What comes and goes is more than any line holds.
LARGE = """
import asyncio
from pipeline import children, cradle

async def ask():
    async with children.Children(cradle=cradle.Cradle([])) as pool:
        sent = [bytes([n]) * 5_000_000 for n in range(8)]
        print([one[::-1] for one in sent] == await asyncio.gather(*(pool.run(eval, "sent[::-1]", {"sent": one}) for one in sent)))

asyncio.run(ask())
"""

#: A pass on a machine that starts no further process.
NONE = """
import asyncio, os, sys
from pipeline import children, cradle, errors

async def ask():
    async with children.Children(cradle=cradle.Cradle([])) as pool:
        for _ in range(2):
            try:
                await pool.run(os.getpid)
            except errors.NoChildrenError as error:
                print(error)

sys.executable = "/nowhere/python"
asyncio.run(ask())
"""

#: What children are forked from, while it imports what they work with, in a process that begins with it.
FORKED = """
import asyncio, os, sys, threading
from pipeline import children, cradle

async def ask(own):
    async with children.Children(cradle=own) as pool:
        print(os.path.dirname(await pool.run(eval, "__import__('sys').modules['json'].__file__")) != "", await pool.run(eval, "__import__('os').getppid()") == own._server.pid)

own = cradle.Cradle(["json"])
own.warm_up()
assert os.getpgid(own._server.pid) == os.getpgid(0)
asyncio.run(ask(own))
"""


#: A child that takes too long, when what it was forked from is gone and can end it no more.
SPINS = """
import asyncio, os, signal
from pipeline import child, children, cradle
from gone import gone

child._GRACE = 0.5

async def ask(own):
    async with children.Children(count=1, seconds=0.5, cradle=own) as pool:
        number = await pool.run(os.getpid)
        os.kill(own._server.pid, signal.SIGKILL)
        try:
            await pool.run(eval, "any(iter(int, 1))")
        except children.ChildLost as lost:
            print(lost.kind, await gone(number))

own = cradle.Cradle([])
own.warm_up()
asyncio.run(ask(own))
"""

#: Children, and what they are forked from, that are told to end as all processes of a service are.
TOLD_TO_END = """
import asyncio, os, signal
from pipeline import children, cradle

async def ask():
    own = cradle.Cradle([])
    async with children.Children(count=1, cradle=own) as pool:
        number = await pool.run(os.getpid)
        asked = asyncio.create_task(pool.run(eval, "(__import__('time').sleep(0.5), __import__('os').getpid())[1]"))
        await asyncio.sleep(0.1)
        for one in (number, own._server.pid):
            for said in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                os.kill(one, said)
        print(await asked == await pool.run(os.getpid) == number)

asyncio.run(ask())
"""

#: Tells whether a process is no more, within ten seconds; one that nobody has waited for yet counts as gone.
GONE = """
import asyncio

async def gone(number):
    for _ in range(100):
        try:
            with open(f"/proc/{number}/stat") as told:
                if told.read().rpartition(")")[2].split()[0] == "Z":
                    return True
        except FileNotFoundError:
            return True
        await asyncio.sleep(0.1)
    return False
"""


def said(program, tmp_path):
    (tmp_path / "gone.py").write_text(GONE, encoding="utf-8")
    script = tmp_path / "program.py"
    script.write_text(program, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=False, cwd=tmp_path, timeout=60
    )
    assert not done.returncode, done.stderr
    return done.stdout.splitlines()


def test_children_that_are_killed_while_they_wait_are_replaced(tmp_path):
    assert said(KILLED, tmp_path) == ["4 False", "4 False"]


def test_what_they_have_in_hand_is_done_where_what_they_were_forked_from_is_killed_and_then_they_end(tmp_path):
    assert said(ORPHANED, tmp_path) == ["2", "[True, True]"]


def test_who_takes_too_long_or_too_much_is_told_so_and_who_waited_behind_is_served(tmp_path):
    assert said(LOST, tmp_path) == [
        "timeout 3",
        "memory 3",
        "memory 3",
        "RuntimeError, SystemExit: 3",
        "ValueError, ValueError: invalid literal for int() with base 10: 'three'",
        "PicklingError, _pickle.PicklingError: Can't pickle",
    ]


def test_where_none_can_be_started_that_is_said(tmp_path):
    lines = said(NONE, tmp_path)
    for line in lines:
        assert line.startswith("no child process to read pages in can be started here: ")
    assert len(lines) == 2


def test_children_that_are_let_go_are_gone_and_come_again(tmp_path):
    assert said(LET_GO, tmp_path) == ["False True", "4"]


def test_what_is_larger_than_their_line_comes_and_goes_whole(tmp_path):
    assert said(LARGE, tmp_path) == ["True"]


def test_a_process_of_one_thread_forks_what_they_are_forked_from(tmp_path):
    assert said(FORKED, tmp_path) == ["True True"]


def test_a_child_that_nobody_can_end_ends_by_itself(tmp_path):
    assert said(SPINS, tmp_path) == ["timeout True"]


def test_what_is_in_hand_is_finished_where_all_processes_are_told_to_end(tmp_path):
    assert said(TOLD_TO_END, tmp_path) == ["True"]
