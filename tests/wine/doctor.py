"""Run in Wine by `tests/wine/run`: `remind doctor` ends in time, and each of its checks says something."""

import json
import subprocess
import sys

done = subprocess.run(
    [sys.executable, "-m", "remind", "doctor", "--json"], capture_output=True, timeout=50, check=False
)
for check in json.loads(done.stdout):
    print(check)
sys.exit(done.returncode not in (0, 1) or b"Traceback" in done.stderr or b"failed itself" in done.stdout)
