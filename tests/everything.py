"""What `make test` runs after the linter: `tests/unit` beside `tests/integration`, then `tests/e2e` by itself.

A refresh keeps one core busy and half of another; the unit tests take what is left of two. The browser's tests wait for
pages to move, so nothing runs beside them. `python -m pytest` runs the same tests one after the other.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent


def pytest_of(folder: str) -> list[str]:
    return [sys.executable, "-m", "pytest", str(HERE / folder), *sys.argv[1:]]


def main() -> int:
    """0 where all three ended with 0, else the first other code."""
    with tempfile.TemporaryFile() as log:
        # the shorter ones beside, so that a line comes now and then
        beside = subprocess.Popen(pytest_of("unit"), stdout=log, stderr=subprocess.STDOUT, cwd=HERE.parent)
        try:
            integration = subprocess.run(pytest_of("integration"), cwd=HERE.parent, check=False).returncode
            unit = beside.wait()
        finally:
            beside.kill()
        log.seek(0)
        sys.stdout.buffer.write(log.read())
        sys.stdout.flush()
    browser = subprocess.run(pytest_of("e2e"), cwd=HERE.parent, check=False).returncode
    return unit or integration or browser


if __name__ == "__main__":
    sys.exit(main())
