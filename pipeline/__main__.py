"""The `nevawire` command, and `python -m pipeline`.

The command is imported when it is called: what reads a pass's pages is forked from this process before (outset.py), while that is
small and has one thread.
"""

from __future__ import annotations

import atexit
import os
import sys
from contextlib import suppress


def main() -> None:
    """Run the command."""
    code: list[int] = []
    _have_outputs()
    atexit.register(_end, code)  # before any other, so that it comes after all of them
    # numpy's matrices are small here; a second thread for them spins while it waits, beside whoever has work to do.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Pydantic would ask every installed package whether it adds to it; none that we need does.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from pipeline import frugal

    with frugal.unsearched():
        from pipeline import outset
    outset.begin(sys.argv[1:], os.environ)  # not within: who is forked there would do without for good
    with frugal.unsearched():
        from pipeline.cli import main as command

    try:
        command()
    except SystemExit as end:
        code.extend([end.code] if isinstance(end.code, int) else [])
        raise


def _have_outputs() -> None:
    """Let what is told go nowhere where an output came closed: Python has None for it, and its number may become a file's."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - until the end


def _end(code: list[int]) -> None:
    """End the process, where the command said how: Python would take apart all that was imported and made, for 0.05 s."""
    if code:
        with suppress(OSError, ValueError):  # for Python to say
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code[0])


if __name__ == "__main__":
    main()
