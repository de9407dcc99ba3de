"""A gateway that is told to stop answers the requests it has taken, and takes no more."""

import concurrent.futures
import json
import signal
import time
import urllib.request

import pytest
from conftest import OPERATOR


def waiting_bytes(port):
    """Bytes that have arrived on connections to a local port and that its process has not read (proc(5), net/tcp)."""
    total = 0
    with open("/proc/net/tcp") as table:
        for line in table.readlines()[1:]:
            fields = line.split()
            if int(fields[1].rsplit(":", 1)[1], 16) == port and fields[3] == "01":
                total += int(fields[4].split(":")[1], 16)
    return total


def list_demands(suite):
    request = urllib.request.Request(
        f"http://{suite.address('gateway', 'http')}/v1/rpc/huirong.demand.v1.DemandService/ListDemands",
        json.dumps({"pageSize": 1}).encode(), {"content-type": "application/json", "x-huirong-caller": OPERATOR}, method="POST")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.status, json.load(answer)


def test_a_request_in_flight_is_answered_before_the_gateway_ends(suite):
    expected = list_demands(suite)
    gateway, demand = suite.processes["gateway"], suite.processes["demand"]
    log = suite.directory / "gateway.log"
    said = log.stat().st_size
    with concurrent.futures.ThreadPoolExecutor() as pool:
        demand.send_signal(signal.SIGSTOP)
        try:
            answer = pool.submit(list_demands, suite)
            deadline = time.monotonic() + 20
            # The call has passed through the gateway once its bytes wait for the stopped service.
            while waiting_bytes(suite.ports["demand"]["plain"]) < 40:
                assert time.monotonic() < deadline and not answer.done()
            gateway.terminate()
            # It refuses new connections while the old request is still open.
            with pytest.raises(OSError):
                while time.monotonic() < deadline:
                    urllib.request.urlopen(f"http://{suite.address('gateway', 'http')}/v1/rpc", timeout=5).read()
            assert gateway.poll() is None and not answer.done()
        finally:
            demand.send_signal(signal.SIGCONT)
        assert answer.result(20) == expected
    assert gateway.wait(20) == 0
    assert b'"level":"error"' not in log.read_bytes()[said:]
    suite.start("gateway")
