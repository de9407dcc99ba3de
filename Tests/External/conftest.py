"""Real processes, real sockets: every test of this folder talks to a suite that the session starts once."""

import contextlib
import importlib
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVICES = ["catalog", "demand", "fund", "evaluation", "gateway"]
NEEDS = {"demand": ["catalog", "evaluation"], "evaluation": ["demand", "fund"], "gateway": ["demand", "catalog", "fund", "evaluation"]}
START_TIMEOUT = 60


def pytest_addoption(parser):
    parser.addoption("--binaries", default=str(ROOT / ".build" / "release"), help="folder of the huirong executables")


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Suite:
    """The five processes in development mode on free ports of loopback."""

    def __init__(self, binaries, directory):
        self.binaries, self.directory = pathlib.Path(binaries), pathlib.Path(directory)
        # Demand follows the evaluation, which starts after it: their meeting place is fixed beforehand.
        self.processes, self.ports = {}, {"evaluation": {"plain": free_port()}}
        self.packs = [ROOT / "Shared/Policy/Packs"]

    def start(self, name):
        ready = self.directory / f"{name}.ready.json"
        with contextlib.suppress(FileNotFoundError):
            ready.unlink()
        known = self.ports.get(name, {})
        wires = ["http", "admin"] if name == "gateway" else ["plain", "grpc", "admin"]
        arguments = [str(self.binaries / f"huirong-{name}"), "serve", "--development", "--ready-file", str(ready)]
        for wire in wires:
            arguments += [f"--{wire}-port", str(known.get(wire, 0))]
        arguments += ["--packs", ",".join(str(pack) for pack in self.packs)]
        if name != "gateway":
            arguments += ["--store", str(self.directory / f"{name}.sqlite")]
        for peer in NEEDS.get(name, []):
            arguments += [f"--{peer}-address", f"127.0.0.1:{self.ports[peer]['plain']}"]
        log = open(self.directory / f"{name}.log", "ab")
        process = subprocess.Popen(arguments, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + START_TIMEOUT
        while not ready.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                text = (self.directory / f"{name}.log").read_text(errors="replace")[-3000:]
                raise RuntimeError(f"huirong-{name} did not become ready ({process.poll()}):\n{text}")
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.01)
        self.processes[name] = process
        self.ports[name] = json.loads(ready.read_text())["ports"]

    def stop(self):
        codes = {}
        for name in reversed(SERVICES):
            process = self.processes.get(name)
            if process and process.poll() is None:
                process.terminate()
                codes[name] = process.wait(20)
        return codes

    def address(self, name, wire):
        return f"127.0.0.1:{self.ports[name][wire]}"


@pytest.fixture(scope="session")
def suite(request):
    with tempfile.TemporaryDirectory(prefix="huirong-external-") as directory:
        suite = Suite(request.config.getoption("--binaries"), directory)
        try:
            for name in SERVICES:
                suite.start(name)
            yield suite
        finally:
            codes = suite.stop()
        assert set(codes.values()) <= {0}, f"a process did not drain cleanly: {codes}"


@pytest.fixture(scope="session")
def stubs():
    """Python messages and stubs, generated from proto/ as any outside client would."""
    from grpc_tools import protoc

    with tempfile.TemporaryDirectory(prefix="huirong-stubs-") as out:
        include = os.path.join(os.path.dirname(protoc.__file__), "_proto")
        files = [str(path.relative_to(ROOT / "proto")) for path in (ROOT / "proto/huirong").rglob("*.proto")]
        code = protoc.main(
            ["protoc", f"-I{ROOT / 'proto'}", f"-I{include}", f"--python_out={out}", f"--grpc_python_out={out}", *files])
        assert code == 0
        sys.path.insert(0, out)

        class Stubs:
            def __getattr__(self, name):
                return importlib.import_module(f"huirong.{name.replace('__', '.v1.')}")

        yield Stubs()
        sys.path.remove(out)


def caller(organisation, role, region="", subject="tester"):
    return f"organisation={organisation};role={role};region={region};subject={subject}"


OPERATOR = caller("operator", "operator")
