"""PlainRPC against grpc-swift-2 over HTTP/2 and against C++ gRPC's callback API: the same echo message of 64 payload bytes, server and
client in two processes on this machine, one connection."""

import subprocess

from run import Server, client

PAYLOAD = 64


def run(context):
    out = context.root / ".build/cpp-grpc"
    subprocess.run(
        ["make", "--silent", "-C", str(context.root / "Tests/Benchmarks/cpp-grpc"), f"OUT={out}"], check=True)
    swift, cpp = str(context.binaries / "huirong-bench"), str(out / "cpp-grpc-bench")

    def load(binary, target, *more):
        return lambda: client(binary, "client", "--target", target, "--seconds", context.seconds, "--payload", PAYLOAD, *more)

    with Server(swift, "server", "--wire", "plain") as plain, Server(swift, "server", "--wire", "grpc") as grpc, \
            Server(cpp, "server") as peer:
        for in_flight in (1, 16, 64, 256):
            more = ("--in-flight", in_flight)
            yield from compare(context, f"plainrpc.unary.{in_flight}", {
                "plain": load(swift, plain.target, "--wire", "plain", *more),
                "grpc-swift-2": load(swift, grpc.target, "--wire", "grpc", *more),
                "cpp-grpc": load(cpp, peer.target, *more)}, in_flight=in_flight)
        yield from compare(context, "plainrpc.stream", {
            "plain": load(swift, plain.target, "--wire", "plain", "--mode", "stream"),
            "grpc-swift-2": load(swift, grpc.target, "--wire", "grpc", "--mode", "stream"),
            "cpp-grpc": load(cpp, peer.target, "--mode", "stream")})


def compare(context, bench, runs, **extra):
    results = context.alternate(runs)
    ours = results.pop("plain")
    for peer, theirs in results.items():
        record = {
            "bench": bench, "value": ours["rate"], "unit": "1/s", "peer": peer, "peer_value": theirs["rate"],
            "ratio": ours["rate"] / theirs["rate"], "n": context.rounds, "payload_bytes": PAYLOAD, "connections": 1, **extra}
        if ours.get("p50_us"):
            record.update({key: ours[key] for key in ("p50_us", "p99_us", "max_us")})
            record.update({f"peer_{key}": theirs[key] for key in ("p50_us", "p99_us", "max_us")})
        yield record
