"""Child processes are small: none loads the command that started it."""

from __future__ import annotations

import subprocess
import sys
import tomllib

#: What an installer writes for an entry point, with a question to a child where the command is called.
SCRIPT = """
from {module} import {function}

if __name__ == "__main__":
    import asyncio
    from pipeline import children

    children._PRELOAD = []  # not what is asked about, and it takes its time

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
    assert done.stdout.strip() == "['pipeline', 'pipeline.__main__', 'pipeline.children']", done.stdout + done.stderr
