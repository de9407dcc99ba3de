"""Cycles of work and crash: operations of the world until something happens to the process or its disk, then the comparison.

    kill       kill -9; the page cache stays
    cut        kill -9 and the loss of what was not synced, wholly or sector by sector
    io-error   a sync or a write fails with EIO: the process has to end by itself with status 74; then as cut
    full       no room: the process says so, stays up, and takes the same requests when there is room again
    mount      an ext4 filesystem whose power the kernel cuts (root only)
    control    as cut, with synchronous=NORMAL under the same program: answered work must be lost
"""

import pathlib
import random
import tempfile
import threading

from disks import IO_ERROR_STATUS, Forgetful, Mounted, Plain
from fund_client import FundClient, Loss, Process
from fund_oracle import World

KINDS = ["kill", "cut", "io-error", "full", "mount", "control"]
# A world is left for a new one after so many cycles, so that comparing it stays cheap.
WORLD_CYCLES = 25
END_SECONDS = 60
# Operations of a cycle before anything can happen: they carry what is crashed on further along.
CALM_STEPS = 10


class Simulation:
    """One world on one disk."""

    def __init__(self, kind, binaries, messages, folder, seed):
        self.kind, self.dice = kind, random.Random(f"{kind}/{seed}")
        self.disk = {"kill": Plain, "mount": Mounted}.get(kind, Forgetful)(folder, *([True] if kind == "control" else []))
        self.process = Process(binaries, self.disk)
        self.client = FundClient(self.process, messages, self.revive, self.relieve, self.dice)
        self.striker, self.happened = None, False
        self.world = World(self.client, f"{kind}/{seed}")

    def __enter__(self):
        try:
            self.process.start()
            self.world.prepare()
        except BaseException as error:
            # A world that cannot begin leaves no process behind.
            self.__exit__(type(error))
            raise
        self.client.books = self.world.books
        return self

    def __exit__(self, error, *_):
        if self.striker:
            self.striker.join(END_SECONDS)
        if self.client.wire:
            self.client.wire.close()
        try:
            if error is None:
                self.process.stop()
        finally:
            if self.process.popen and self.process.popen.poll() is None:
                self.process.popen.kill()
                self.process.popen.wait()
            self.disk.close()

    def cycle(self):
        self.happened = False
        for _ in range(CALM_STEPS):
            self.world.step()
        self.arm()
        while not self.happened:
            self.world.step()
        self.client.settle()
        self.world.compare()
        status, text = self.process.readyz()
        assert status == 200, (status, text)

    def arm(self):
        """Decides what will happen, and when."""
        if self.kind == "io-error":
            (self.disk.fail_sync if self.dice.random() < 0.5 else self.disk.fail_write)(self.dice.randrange(1, 60))
        elif self.kind == "full":
            self.disk.leave(self.dice.randrange(400_000))
        else:
            self.striker = threading.Timer(self.dice.uniform(0.005, 0.25), self.strike)
            self.striker.start()

    def strike(self):
        self.disk.cut(self.process.popen, self.dice)

    def revive(self):
        """The connection is lost: the process is down, or about to be."""
        if self.kind == "io-error":
            status = self.process.popen.wait(END_SECONDS)
            assert status == IO_ERROR_STATUS, f"the process ended with status {status} when its disk failed"
            self.disk.works_again()
            self.disk.lose(self.dice)
        else:
            assert self.striker, "the process ended by itself"
            self.striker.join(END_SECONDS)
            self.striker = None
        self.process.start()
        self.happened = True

    def relieve(self):
        self.disk.leave(None)
        self.happened = True


def run(kind, cycles, binaries, messages, seed, report=lambda text: None):
    """- Returns: what was done, and for the control how many cycles it took to lose.
       - Raises: `Missing`; `AssertionError` when something does not hold."""
    done, total, world = 0, {}, 0
    while done < cycles:
        world += 1
        with tempfile.TemporaryDirectory(prefix=f"huirong-{kind}-") as folder:
            (pathlib.Path(folder) / "disk").mkdir()
            simulation = Simulation(kind, binaries, messages, folder, f"{seed}/{world}")
            try:
                with simulation:
                    for _ in range(min(WORLD_CYCLES, cycles - done)):
                        simulation.cycle()
                        done += 1
            except Loss as loss:
                if kind != "control":
                    raise
                return {"cycles": done + 1, "lost": str(loss)[:200]}
            for name, count in [*simulation.client.counts.items(), *simulation.world.done.items()]:
                total[name] = total.get(name, 0) + count
        report(f"{kind}: {done} of {cycles} cycles")
    assert kind != "control", f"the control lost nothing in {cycles} cycles: no power was cut"
    return {"cycles": done, **total}
