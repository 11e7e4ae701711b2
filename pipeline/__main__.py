"""The `nevawire` command, and `python -m pipeline`.

A child process runs the script that started its parent once more, as far as its imports (`multiprocessing`, spawn and
forkserver alike). So the command is imported when it is called: each child takes 7 MB of its own, 80 otherwise.
"""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the command."""
    # numpy's matrices are small here; a second thread for them spins while it waits, beside whoever has work to do.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from pipeline import outset

    outset.begin(sys.argv[1:], os.environ)
    from pipeline.cli import main as command

    try:
        command()
    finally:
        gc.freeze()  # all that is left ends with the process: to look through it for cycles takes 0.07 s after a pass


if __name__ == "__main__":
    main()
