"""Runs programs, each in a fork of this process: what they import is there already.

A line of standard input is a program's path and its arguments, between NULs; a line
of standard output says how it ended.
"""

import os
import runpy
import sys
import traceback

import server.intake.loop
import server.store.backup  # noqa: F401  (for those who fork)


def main() -> None:
    """Run one program after the other."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            sys.argv = line.rstrip("\n").split("\0")
            try:
                runpy.run_path(sys.argv[0], run_name="__main__")
            except BaseException:  # noqa: BLE001  (as the interpreter would)
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
