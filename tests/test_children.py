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

    cradle._PRELOAD = []  # not what is asked about, and it takes its time

    async def ask():
        async with children.Children(count=1) as pool:
            return await pool.run(eval, "sorted(name for name in __import__('sys').modules if name.startswith('pipeline'))")

    print(asyncio.run(ask()))
"""


def test_a_child_of_the_installed_command_does_not_load_the_command(root, tmp_path):
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    module, _, function = project["scripts"]["nevawire"].partition(":")
    script = tmp_path / "nevawire"
    script.write_text(SCRIPT.format(module=module, function=function), encoding="utf-8")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False, cwd=tmp_path)
    seen = "['pipeline', 'pipeline.__main__', 'pipeline.children', 'pipeline.cradle', 'pipeline.errors', 'pipeline.precedence', 'pipeline.record']"
    assert done.stdout.strip() == seen, done.stdout + done.stderr


#: Children that are killed while they wait, and then what others are forked from.
KILLED = """
import asyncio, os, signal
from multiprocessing import forkserver
from pipeline import children, cradle

cradle._PRELOAD = []

async def ask():
    async with children.Children() as pool:
        for last in (lambda: first, lambda: forkserver._forkserver._forkserver_pid):
            first = await pool.run(os.getpid)
            os.kill(last(), signal.SIGKILL)
            await asyncio.sleep(0.5)
            found = await asyncio.gather(*(pool.run(os.getpid) for _ in range(4)))
            print(len(found), first in found)

if __name__ == "__main__":
    asyncio.run(ask())
"""

#: Children that have work in hand when what they are forked from is killed; and one that ends like theirs by itself.
ORPHANED = """
import asyncio, os, signal, time
from multiprocessing import forkserver
from pathlib import Path
from pipeline import children, cradle

cradle._PRELOAD = []

def work(number):
    first, again = Path(f"begun-{number}"), Path(f"again-{number}")
    (again if first.exists() else first).touch()
    while not again.exists():
        time.sleep(0.05)
    return number

async def ask():
    async with children.Children() as pool:
        asked = [asyncio.create_task(pool.run(work, number)) for number in range(2)]
        while len(list(Path().glob("begun-*"))) < 2:
            await asyncio.sleep(0.05)
        os.kill(forkserver._forkserver._forkserver_pid, signal.SIGKILL)
        print(await asyncio.gather(*asked))
    async with children.Children(count=1) as pool:
        try:
            await pool.run(os._exit, 255)
        except children.ChildLost as lost:
            print(lost.kind)

if __name__ == "__main__":
    asyncio.run(ask())
"""

#: Children that are let go, and come again where somebody needs them.
LET_GO = """
import asyncio, os
from pipeline import children, cradle

cradle._PRELOAD = []

async def ask():
    async with children.Children(count=1) as pool:
        await pool.let_go()
        first = await pool.run(os.getpid)
        await pool.let_go()
        print(os.path.exists(f"/proc/{first}"), await pool.run(os.getpid) != first)

if __name__ == "__main__":
    asyncio.run(ask())
"""

#: A pass on a machine that starts no further process.
NONE = """
import asyncio, multiprocessing, os
from pipeline import children, errors

async def ask():
    async with children.Children() as pool:
        for _ in range(2):
            try:
                await pool.run(os.getpid)
            except errors.NoChildrenError as error:
                print(error)

if __name__ == "__main__":
    multiprocessing.set_executable("/nowhere/python")
    asyncio.run(ask())
"""


def _said(program, tmp_path):
    script = tmp_path / "program.py"
    script.write_text(program, encoding="utf-8")
    output, errors = tmp_path / "output", tmp_path / "errors"
    # Files, not pipes: an orphan may hold them for the minute or two it waits at most, and nobody has to wait with it.
    with output.open("w", encoding="utf-8") as out, errors.open("w", encoding="utf-8") as err:
        done = subprocess.run([sys.executable, script], stdout=out, stderr=err, check=False, cwd=tmp_path, timeout=60)
    assert not done.returncode, errors.read_text(encoding="utf-8")
    return output.read_text(encoding="utf-8").splitlines()


def test_children_that_are_killed_while_they_wait_are_replaced(tmp_path):
    assert _said(KILLED, tmp_path) == ["4 False", "4 False"]


def test_what_they_had_in_hand_when_their_server_was_killed_is_done_once_more(tmp_path):
    assert _said(ORPHANED, tmp_path) == ["[0, 1]", "memory"]


def test_where_none_can_be_started_that_is_said(tmp_path):
    for line in (said := _said(NONE, tmp_path)):
        assert line.startswith("no child process to read pages in can be started here: ")
    assert len(said) == 2


def test_children_that_are_let_go_are_gone_and_come_again(tmp_path):
    assert _said(LET_GO, tmp_path) == ["False True"]
