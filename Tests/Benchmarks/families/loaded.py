"""A service under load: started on an empty store, filled and measured by `huirongctl load` over the plain wire."""

import contextlib
import json
import os
import pathlib
import subprocess
import tempfile

from families import service

OPERATOR = "organisation=operator;role=operator;region=;subject=bench"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


class Loaded:
    def __init__(self, context, name, folder):
        self.binaries, self.folder, self.name = context.binaries, pathlib.Path(folder), name
        _, self.running = service.start(context, name, folder)
        self.port = json.loads((self.folder / "ready.json").read_text())["ports"]["plain"]

    def ctl(self, verb, method, request, *more, who=OPERATOR):
        text = request if isinstance(request, str) else json.dumps(request)
        run = subprocess.run(
            [str(self.binaries / "huirongctl"), verb, f"huirong.{method}", "-", "--as", who, "--address",
             f"127.0.0.1:{self.port}", *map(str, more)], input=text, capture_output=True, text=True, timeout=1800)
        if run.returncode != 0:
            raise SystemExit(f"{verb} {method} failed:\n{run.stderr[-2000:]}")
        return json.loads(run.stdout)

    def call(self, method, request, **more):
        return self.ctl("call", method, request, **more)

    def load(self, method, request, *more, **named):
        return self.ctl("load", method, request, *more, **named)

    def file(self, name, lines):
        path = self.folder / name
        path.write_text("\n".join(lines))
        return path

    def store_bytes(self):
        return sum(path.stat().st_size for path in self.folder.glob("store.sqlite*"))


@contextlib.contextmanager
def loaded(context, name):
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIRECTORY")) as folder:
        process = Loaded(context, name, folder)
        try:
            yield process
        finally:
            process.running.stop()


def record(bench, result, **extra):
    """A rate with its latencies."""
    return {"bench": bench, "value": result["rate"], "unit": "1/s", "n": 1, "calls": result["calls"],
            **{key: result[key] for key in ("p50_us", "p99_us", "max_us")}, **extra}


def uscc(number):
    """The n-th of many valid 统一社会信用代码."""
    digits = str(20_000_000 + number)
    check = (11 - sum(int(d) * w for d, w in zip(digits, [3, 7, 9, 10, 5, 8, 4, 2])) % 11) % 11
    body = "91370303" + digits + ("X" if check == 10 else str(check))
    total = sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + ALPHABET[(31 - total % 31) % 31]
