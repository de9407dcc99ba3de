"""Group commit against one commit a call, on a real file with synchronous=FULL: huirong-storage-bench alternates and takes medians itself."""

import json
import subprocess


def run(context):
    command = [str(context.binaries / "huirong-storage-bench"), "--rounds", str(context.rounds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if line.startswith("{"):
            yield json.loads(line)
    if process.wait() != 0:
        raise SystemExit("huirong-storage-bench failed")
