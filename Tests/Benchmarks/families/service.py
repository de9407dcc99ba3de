"""What each service costs at rest: resident memory when idle, milliseconds from start to ready with an existing store, and to drain."""

import contextlib
import os
import pathlib
import signal
import subprocess
import tempfile
import time

SERVICES = ["demand", "catalog", "fund", "evaluation"]


def run(context):
    for name in SERVICES:
        with tempfile.TemporaryDirectory() as folder:
            start(context, name, folder)[1].stop()  # makes the store
            starts, drains, sizes = [], [], []
            for _ in range(context.rounds):
                milliseconds, process = start(context, name, folder)
                starts.append(milliseconds)
                sizes.append(process.resident())
                drains.append(process.stop())
            for what, values, unit in (("start", starts, "ms"), ("drain", drains, "ms"), ("rss", sizes, "MiB")):
                yield {"bench": f"service.{name}.{what}", "value": sorted(values)[len(values) // 2], "unit": unit, "n": context.rounds}


class Running:
    def __init__(self, process):
        self.process = process

    def resident(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def stop(self):
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(20) != 0:
            raise SystemExit(f"exit code {self.process.returncode} on SIGTERM")
        return (time.monotonic() - begun) * 1000


def start(context, name, folder):
    ready = pathlib.Path(folder) / "ready.json"
    with contextlib.suppress(FileNotFoundError):
        ready.unlink()
    command = [
        str(context.binaries / f"huirong-{name}"), "serve", "--development", "--plain-port", "0", "--grpc-port", "0", "--admin-port",
        "0", "--store", os.path.join(folder, "store.sqlite"), "--packs", str(context.root / "Shared/Policy/Packs"), "--ready-file",
        str(ready), "--log-level", "error"]
    begun = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    while not ready.exists():
        if process.poll() is not None or time.monotonic() - begun > 30:
            process.kill()
            raise SystemExit(f"huirong-{name} did not become ready")
        time.sleep(0.001)
    return (time.monotonic() - begun) * 1000, Running(process)
