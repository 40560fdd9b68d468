"""MPXJ for the fuzz: the same conversion as a refresh runs, but one Java machine for many files.

A start of Java for each file takes 2 s and more, ten thousand of them hours. `Converter` stands in for
`subprocess.run` in `pipelines.formats.schedules.mpxj`; the other process runs `mpxj_convert.convert` under the same
cap.
"""

from __future__ import annotations

import json
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


class Converter:
    """Runs the commands of `mpxj` one after the other; `slowest`: seconds of the processor that a file took."""

    def __init__(self) -> None:
        self.slowest, self._process = 0.0, None

    def __call__(self, command: Sequence[str], *, timeout: float, **_: Any) -> subprocess.CompletedProcess[bytes]:
        kind, file, folder, memory = command[-4:]
        process = self._ready(memory)
        try:
            process.stdin.write((json.dumps([kind, file, folder]) + "\n").encode())
            process.stdin.flush()
        except OSError:
            return self._ended(command)
        if not select.select([process.stdout], [], [], timeout)[0]:
            process.kill()
            self._process = None
            raise subprocess.TimeoutExpired(command, timeout)
        line = process.stdout.readline()
        if not line:
            return self._ended(command)
        said = json.loads(line)
        self.slowest = max(self.slowest, said.pop("seconds"))
        return subprocess.CompletedProcess(command, 0, json.dumps(said).encode(), b"")

    def _ready(self, memory: str) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.java_worker", memory],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=ROOT,
            )
        return self._process

    def _ended(self, command: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
        code = self._process.wait() if self._process is not None else 1
        self._process = None
        return subprocess.CompletedProcess(command, code or 1, b"", b"the converter ended")

    def end(self) -> None:
        if self._process is not None:
            self._process.stdin.close()
            self._process.wait(timeout=60)


def _serve(memory: str) -> None:
    import jpype
    import mpxj  # noqa: F401  adds its libraries to the class path

    jpype.startJVM(f"-Xmx{memory}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true")
    import jpype.imports

    from pipelines.formats.schedules.mpxj_convert import convert

    for line in sys.stdin:
        kind, file, folder = json.loads(line)
        begun = time.process_time()
        try:
            said = convert(kind, Path(file), Path(folder))
        except Exception as error:  # MPXJ's own, or Java's out of memory: as `mpxj_convert.main` says it
            first = str(error).strip().splitlines()
            said = {"error": (first[0] if first else type(error).__name__)[:300]}
        sys.stdout.write(json.dumps({**said, "seconds": time.process_time() - begun}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve(sys.argv[1])
