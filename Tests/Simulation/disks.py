"""Disks that a store lies on while its process is stopped the hard way.

`Plain` keeps everything: kill -9 alone. `Forgetful` is disk.c in front of any filesystem and needs no privileges: what was not
synced is lost, wholly or in part, syncs and writes fail on demand, space runs out. `Mounted` is an ext4 filesystem on a loop
device whose power is cut by the kernel itself; it needs root and ../shared/tools/powercut beside the repository.
"""

import contextlib
import mmap
import os
import pathlib
import shutil
import signal
import struct
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
POWERCUT = HERE.parents[2] / "shared" / "tools" / "powercut"
SECTOR = 4096
IO_ERROR_STATUS = 74
END_SECONDS = 60


class Missing(Exception):
    """Why a kind of disk cannot be had here."""


def end(process):
    """kill -9, and wait until it is gone."""
    process.kill()
    process.wait(END_SECONDS)


class Plain:
    def __init__(self, folder):
        self.path = pathlib.Path(folder)

    def environment(self):
        return {}

    def cut(self, process, dice):
        end(process)

    def close(self):
        pass


class Forgetful(Plain):
    SYNCS, WRITES, SPACE, CONTROL = range(4)

    def __init__(self, folder, control=False):
        super().__init__(folder)
        self.library, self.undo, self.file = self.path / "disk.so", self.path / "undo", self.path / "control"
        if not shutil.which("cc"):
            raise Missing("the forgetful disk is written in C, and there is no C compiler (cc)")
        subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", str(self.library), str(HERE / "disk.c"), "-ldl", "-lpthread"], check=True)
        self.undo.mkdir()
        self.file.write_bytes(bytes(4096))
        with open(self.file, "r+b") as file:
            self.map = mmap.mmap(file.fileno(), 4096)
        self.set(self.CONTROL, int(control))

    def set(self, which, value):
        struct.pack_into("<q", self.map, 8 * which, value)

    def environment(self):
        return {"LD_PRELOAD": str(self.library), "DISK_UNDO": str(self.undo), "DISK_CONTROL": str(self.file)}

    def cut(self, process, dice):
        """Stops the process and takes back what was not synced: all of it, or of every sector by the toss of a coin."""
        end(process)
        self.lose(dice)

    def lose(self, dice):
        torn = dice.random() < 0.5
        for undo in self.undo.glob("*.undo"):
            self.put_back(self.path / undo.name.removesuffix(".undo"), self.records(undo.read_bytes()), dice if torn else None)
            undo.unlink()
        for shared in self.path.glob("*-shm"):
            shared.unlink()

    @staticmethod
    def records(data):
        """(offset, size before, old bytes); one that is cut off belongs to a write that never began."""
        found, position = [], 0
        while position + 24 <= len(data):
            offset, size, length = struct.unpack_from("<qqq", data, position)
            if position + 24 + length > len(data):
                break
            found.append((offset, size, data[position + 24:position + 24 + length]))
            position += 24 + length
        return found

    @staticmethod
    def put_back(path, records, dice):
        if not records or not path.exists():
            return
        new = path.read_bytes()
        old = bytearray(new)
        for offset, size, length in ((o, s, b) for o, s, b in reversed(records)):
            old[offset:offset + len(length)] = length
            if len(old) > size:
                del old[size:]
            elif len(old) < size:
                old += bytes(size - len(old))
        if dice:
            # A larger file whose new sectors did not all arrive reads as zeros there.
            size = max(len(old), len(new)) if dice.random() < 0.5 else len(old)
            first, second = old.ljust(size, b"\0"), new.ljust(size, b"\0")
            old = bytearray(first[:size])
            for start in range(0, size, SECTOR):
                piece = slice(start, min(start + SECTOR, size))
                if first[piece] != second[piece] and dice.random() < 0.5:
                    old[piece] = second[piece]
        path.write_bytes(old)

    def fail_sync(self, count):
        self.set(self.SYNCS, count)

    def fail_write(self, count):
        self.set(self.WRITES, count)

    def works_again(self):
        self.set(self.SYNCS, 0)
        self.set(self.WRITES, 0)

    def leave(self, room):
        """Room bytes by which the files may still grow; None for no limit."""
        self.set(self.SPACE, 0 if room is None else room + 1)

    def close(self):
        self.map.close()


class Mounted(Plain):
    def __init__(self, folder):
        if os.geteuid() != 0:
            raise Missing("cutting the power of a filesystem needs root")
        if not os.access(POWERCUT, os.X_OK):
            raise Missing("../shared/tools/powercut is not beside the repository")
        if subprocess.run(["losetup", "-f"], capture_output=True).returncode != 0:
            raise Missing("there is no free loop device")
        self.image = pathlib.Path(folder) / "disk.img"
        super().__init__(pathlib.Path(folder) / "disk")
        self.call("make", "128")

    def call(self, verb, *more):
        subprocess.run([str(POWERCUT), verb, str(self.image), str(self.path), *more], check=True, capture_output=True)

    def cut(self, process, dice):
        """The process is frozen while the power goes: what it answered until then is certain. Let go, it meets EIO and
        has to end by itself."""
        freeze(process.pid)
        self.call("cut")
        process.send_signal(signal.SIGCONT)
        # Nothing may be under way: then it goes on until somebody stops it.
        with contextlib.suppress(subprocess.TimeoutExpired):
            status = process.wait(1)
            assert status == IO_ERROR_STATUS, f"the process ended with status {status} when its disk failed"
        if process.poll() is None:
            end(process)
        self.call("restore")

    def close(self):
        with contextlib.suppress(subprocess.CalledProcessError):
            self.call("drop")


def freeze(pid):
    os.kill(pid, signal.SIGSTOP)
    deadline = time.monotonic() + END_SECONDS
    while time.monotonic() < deadline:
        states = [path.read_text().rsplit(")", 1)[1].split()[0] for path in pathlib.Path(f"/proc/{pid}/task").glob("*/stat")]
        if all(state == "T" for state in states):
            return
    raise AssertionError("the process cannot be stopped")
