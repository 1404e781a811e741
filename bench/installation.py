"""An installation of Octavo in a folder of its own, used through its command line, as a person would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.kit import NETWORK, ROOT
from bench.machine import Watch

PATIENCE = 1800


@dataclass
class Installation:
    """A data folder and the settings beside it."""

    data: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The variables under which its processes run: no OCTAVO_ variable of the caller's but its shared kit."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("OCTAVO_")}
        # The command line says so by itself; a bench that goes in by a module of its own has to.
        threads = {"OPENBLAS_NUM_THREADS": "1"}
        ours = {"OCTAVO_DATA": str(self.data), "OCTAVO_ALLOW_NETWORKS": NETWORK, **threads, **self.settings}
        return {**kept, **ours, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))}

    def start(self, *arguments: str, module: str = "octavo.cli", **options: Any) -> subprocess.Popen[bytes]:
        """Starts a verb, or another module, in this installation."""
        command = [sys.executable, "-m", module, *arguments]
        return subprocess.Popen(command, env=self.environment, stdin=subprocess.DEVNULL, **options)

    def run(self, *arguments: str, module: str = "octavo.cli", patience: float = PATIENCE) -> str:
        """What a verb prints. Raises RuntimeError with its complaint."""
        done = self.start(*arguments, module=module, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, complaint = done.communicate(timeout=patience)
        if done.returncode:
            told = complaint.decode(errors="replace").strip()[-2000:]
            raise RuntimeError(f"octavo {' '.join(arguments)} exited {done.returncode}: {told}")
        return out.decode()

    def watched(self, *arguments: str, module: str = "octavo.cli") -> Watch:
        """Runs a verb to its end and gives what it cost. Raises RuntimeError."""
        log = self.data.parent / "verb.log"
        with log.open("wb") as file:
            process = self.start(*arguments, module=module, stdout=file, stderr=file)
            with Watch(process.pid) as watch:
                code = process.wait(PATIENCE)
        if code:
            raise RuntimeError(f"octavo {' '.join(arguments)} exited {code}: {log.read_text()[-2000:]}")
        return watch

    def articles(self) -> list[dict[str, Any]]:
        """All that `octavo export articles` gives."""
        return [json.loads(line) for line in self.run("export", "articles").splitlines() if line.strip()]
