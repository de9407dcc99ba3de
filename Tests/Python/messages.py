"""Python messages of the suite, generated from proto/ as any outside client would."""

import contextlib
import importlib
import os
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Messages:
    """`fund__ledger_pb2` for huirong.fund.v1.ledger_pb2."""

    def __getattr__(self, name):
        return importlib.import_module(f"huirong.{name.replace('__', '.v1.')}")


@contextlib.contextmanager
def messages():
    from grpc_tools import protoc

    with tempfile.TemporaryDirectory(prefix="huirong-messages-") as out:
        include = os.path.join(os.path.dirname(protoc.__file__), "_proto")
        files = [str(path.relative_to(ROOT / "proto")) for path in (ROOT / "proto/huirong").rglob("*.proto")]
        if protoc.main(["protoc", f"-I{ROOT / 'proto'}", f"-I{include}", f"--python_out={out}", *files]) != 0:
            raise SystemExit("protoc failed")
        sys.path.insert(0, out)
        try:
            yield Messages()
        finally:
            sys.path.remove(out)
