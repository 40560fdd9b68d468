"""What `make test` runs after the linter: `tests/integration`, beside it what takes the other core, then the browser.

A refresh keeps one core busy and half of another; the unit tests, and then those that build sites of their own and open
no page, take what is left of two. The browser's tests wait for pages to move, so nothing runs beside them. `python -m
pytest` runs the same tests one after the other.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

HERE = Path(__file__).parent
BUILDS = ("e2e/test_audiences.py", "e2e/test_gates.py")


def run(*folders: str, without: tuple[str, ...] = (), log: IO[bytes] | None = None) -> int:
    """pytest over folders of the tests; its exit code."""
    left_out = [f"--ignore={HERE / path}" for path in without]
    command = [sys.executable, "-m", "pytest", *(str(HERE / folder) for folder in folders), *left_out, *sys.argv[1:]]
    output = {"stdout": log, "stderr": subprocess.STDOUT} if log else {}
    return subprocess.run(command, cwd=HERE.parent, check=False, **output).returncode


def main() -> int:
    """0 where all ended with 0, else the first other code."""
    with tempfile.TemporaryFile() as log, ThreadPoolExecutor(1) as pool:
        # the shorter ones beside, so that a line comes now and then
        beside = pool.submit(lambda: max(run("unit", log=log), run(*BUILDS, log=log)))
        integration = run("integration")
        code = beside.result() or integration
        log.seek(0)
        sys.stdout.buffer.write(log.read())
        sys.stdout.flush()
    browser = run("e2e", without=BUILDS)
    return code or browser


if __name__ == "__main__":
    sys.exit(main())
