"""The C client (Shared/CClient) against the running services, against the recorded exchange of docs/wire.md, and against servers
that break the rules; also under valgrind and with AddressSanitizer."""

import json
import os
import random
import re
import socket
import ssl
import subprocess
import threading

import grpc
import pytest

from conftest import OPERATOR, ROOT, caller

BANK = caller("c-bank", "institution")
PRODUCT = "products/c-client-loan"
HEADER = ("product_id,title,amount_min_minor,amount_max_minor,tenor_min_months,tenor_max_months,rate_min_ppm,rate_max_ppm,region")
MUTATIONS = int(os.environ.get("C_CLIENT_MUTATIONS", "100"))


def make(out, *arguments):
    run = subprocess.run(["make", "-s", "-C", str(ROOT / "Shared/CClient"), f"OUT={out}", *arguments], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    return out


@pytest.fixture(scope="session")
def built():
    return make(ROOT / ".build/c-client", "all", "probe")


@pytest.fixture(scope="session")
def checked():
    """The same, instrumented for wrong memory accesses, leaks and undefined behaviour."""
    return make(ROOT / ".build/c-client-asan", "probe", f"{ROOT}/.build/c-client-asan/bank-sync", "SANITIZE=address,undefined", "CFLAGS=-O1 -g")


def probe(out, *arguments, ok=True, env=None, **more):
    run = subprocess.run(
        [str(out / "client-test"), *map(str, arguments)], capture_output=True, text=True, errors="replace", timeout=60,
        env={**os.environ, **(env or {})}, **more)
    assert run.returncode in ((0,) if ok else (0, 1)), run.stdout + run.stderr
    return run.stdout.strip()


def dump(name):
    """The bytes that docs/wire.md shows under a name."""
    page = (ROOT / "docs/wire.md").read_text()
    block = re.search(rf"<!-- dump: {name} -->\n```[a-z]*\n(.*?)```", page, re.S).group(1)
    return bytes(int(pair, 16) for line in block.splitlines() for pair in line.split("  ", 1)[0].split())


class Listener:
    """A server of one connection at a time, played by `script(connection)`; what it raises fails the test."""

    def __init__(self, script, context=None, connections=1):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.socket.getsockname()[1]}"
        self.failure = None

        def serve():
            try:
                for _ in range(connections):
                    connection, _ = self.socket.accept()
                    connection.settimeout(20)
                    with (context.wrap_socket(connection, server_side=True) if context else connection) as connection:
                        script(connection)
            except Exception as error:
                self.failure = error

        self.thread = threading.Thread(target=serve, daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.thread.join(30)
        self.socket.close()
        assert self.failure is None, self.failure


def receive(connection, count):
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        assert piece, f"the client closed after {len(data)} of {count} bytes"
        data += piece
    return data


def expect(connection, name):
    wanted = dump(name)
    assert receive(connection, len(wanted)).hex(" ") == wanted.hex(" ")


def recorded(connection):
    """docs/wire.md, "A unary call, byte by byte", as the server sees it."""
    expect(connection, "client preface")
    connection.sendall(dump("server settings"))
    expect(connection, "client call")
    connection.sendall(dump("server answer"))
    expect(connection, "client wrong call")
    connection.sendall(dump("server refusal"))


ANSWERS = "7 hi\nUNIMPLEMENTED|no method echo.v1.EchoService/No||||"


def test_the_recorded_exchange_of_the_page(built, checked):
    for out in (built, checked):
        with Listener(recorded) as server:
            assert probe(out, "replay", server.address, ok=False) == ANSWERS


def test_the_recorded_exchange_a_byte_at_a_time(checked):
    def slow(connection):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        expect(connection, "client preface")
        for name, following in (("server settings", "client call"), ("server answer", "client wrong call"), ("server refusal", None)):
            for byte in dump(name):
                connection.sendall(bytes([byte]))
            if following:
                expect(connection, following)

    with Listener(slow) as server:
        assert probe(checked, "replay", server.address, ok=False) == ANSWERS


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")],
        check=True, capture_output=True)
    return folder


def test_the_recorded_exchange_inside_tls(checked, certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    with Listener(recorded, context) as server:
        assert probe(checked, "replay", server.address, ok=False, env={"CLIENT_TEST_CA": str(certificate / "cert.pem")}) == ANSWERS


def test_a_certificate_that_nobody_vouches_for_is_refused(checked, certificate, tmp_path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    other = tmp_path / "other"
    other.mkdir()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-keyout", str(other / "key.pem"), "-out", str(other / "cert.pem")], check=True, capture_output=True)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        connection, _ = listener.accept()
        with pytest.raises(ssl.SSLError):
            context.wrap_socket(connection, server_side=True).recv(1)

    thread = threading.Thread(target=serve)
    thread.start()
    answer = probe(checked, "connect", f"127.0.0.1:{listener.getsockname()[1]}", ok=False, env={"CLIENT_TEST_CA": str(other / "cert.pem")})
    thread.join(20)
    listener.close()
    assert answer.startswith("UNAVAILABLE|") and "certificate verify failed" in answer, answer


def test_a_deadline_ends_the_call_and_cancels_it(checked):
    def silent(connection):
        expect(connection, "client preface")
        connection.sendall(dump("server settings"))
        header = receive(connection, 12)
        receive(connection, int.from_bytes(header[:4], "big") - 8)
        assert header[4] == 2
        header = receive(connection, 12)
        assert (header[4], int.from_bytes(header[8:], "big")) == (5, 1), "CANCEL of stream 1"

    with Listener(silent) as server:
        assert probe(checked, "deadline", server.address, ok=False).startswith("DEADLINE_EXCEEDED|")


@pytest.mark.parametrize("name, answer", [
    ("not our wire", b"HTTP/1.1 400 Bad Request\r\n\r\n" + bytes(64)),
    ("a frame longer than allowed", bytes([0xFF, 0xFF, 0xFF, 0xFF]) + bytes(64)),
    ("a frame shorter than its header", bytes([0, 0, 0, 7]) + bytes(64)),
    ("a head longer than its frame", bytes([0, 0, 0, 8, 1, 0, 0, 9, 0, 0, 0, 0]) + bytes(64)),
    ("nothing at all", b""),
])
def test_a_server_that_breaks_the_rules_is_one_clear_error(checked, name, answer):
    def rude(connection):
        expect(connection, "client preface")
        connection.sendall(answer)

    with Listener(rude) as server:
        assert probe(checked, "replay", server.address, ok=False).startswith("UNAVAILABLE|"), name


def test_damaged_answers_never_crash_it(checked):
    """Seeded damage to the recorded answers: the client ends each in an answer or an error, and the sanitizers see nothing."""
    generator = random.Random(20261121)

    def damaged(connection):
        data = bytearray(dump("server settings") + dump("server answer") + dump("server refusal"))
        for _ in range(generator.randint(1, 4)):
            position = generator.randrange(len(data))
            match generator.randrange(4):
                case 0: data[position] = generator.randrange(256)
                case 1: del data[position]
                case 2: data.insert(position, generator.randrange(256))
                case 3: data[position] ^= 1 << generator.randrange(8)
        try:
            connection.sendall(bytes(data))
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(4096):
                pass
        except OSError:
            pass

    with Listener(damaged, connections=MUTATIONS) as server:
        for _ in range(MUTATIONS):
            probe(checked, "replay", server.address, ok=False)


@pytest.fixture(scope="module")
def product(suite, stubs):
    """A product as Python's grpcio sees it: its bytes."""
    import importlib
    catalog = importlib.import_module("huirong.catalog.v1.catalog_service_pb2_grpc")
    messages = importlib.import_module("huirong.catalog.v1.product_pb2")
    institutions = importlib.import_module("huirong.catalog.v1.institution_pb2")
    from google.protobuf import json_format
    stub = catalog.CatalogServiceStub(grpc.insecure_channel(suite.address("catalog", "grpc")))

    def call(name, request, who):
        return getattr(stub, name)(request, metadata=[("x-huirong-caller", who)], timeout=20)

    call("CreateInstitution", json_format.ParseDict({
        "requestId": "c-bank", "institutionId": "c-bank",
        "institution": {"kind": "INSTITUTION_KIND_BANK", "nameZh": "C 银行", "serviceRegions": ["3703"]}},
        institutions.CreateInstitutionRequest()), OPERATOR)
    call("CreateProduct", json_format.ParseDict({
        "requestId": "c-product", "productId": PRODUCT.split("/")[1], "product": {
            "institution": "institutions/c-bank", "instrument": "INSTRUMENT_LOAN", "title": {"zh": "C 客户端贷", "en": "C client loan"},
            "amount": {"min": {"currencyCode": "CNY", "minorUnits": "100"}, "max": {"currencyCode": "CNY", "minorUnits": "500000000"}},
            "rate": {"basis": "RATE_BASIS_FIXED", "lowest": {"ppm": "34500"}, "highest": {"ppm": "43500"}},
            "process": {"steps": 0, "workingDays": 3}, "securityModes": ["SECURITY_MODE_CREDIT"], "serviceRegions": ["3703"],
            "eligibility": {"condition": {"industry": {"prefixes": ["C"]}}}}}, messages.CreateProductRequest()), BANK)
    found = call("GetProduct", messages.GetProductRequest(name=PRODUCT), BANK)
    assert found.process.HasField("steps") and found.process.steps == 0
    return found.SerializeToString(deterministic=True)


def test_c_python_and_huirongctl_see_the_same_bytes(suite, stubs, built, product):
    import importlib
    from google.protobuf import json_format
    assert probe(built, "product", suite.address("catalog", "plain"), BANK, PRODUCT) == product.hex()
    run = subprocess.run(
        [str(suite.binaries / "huirongctl"), "call", "huirong.catalog.v1.CatalogService/GetProduct", json.dumps({"name": PRODUCT}), "--as", BANK,
         "--address", suite.address("catalog", "plain")], capture_output=True, text=True, check=True)
    messages = importlib.import_module("huirong.catalog.v1.product_pb2")
    assert json_format.Parse(run.stdout, messages.Product()).SerializeToString(deterministic=True) == product


def test_error_details_arrive(suite, built):
    answer = probe(built, "product", suite.address("catalog", "plain"), BANK, "products/none", ok=False).split("|")
    assert answer[0] == "NOT_FOUND" and answer[2] == "RESOURCE_NOT_FOUND" and answer[4] == "所查对象不存在。", answer


def test_eight_threads_with_a_client_each(suite, checked, product):
    assert probe(checked, "threads", suite.address("catalog", "plain"), BANK, PRODUCT) == str(8 * 200)


def test_the_next_call_after_a_restart_connects_anew(suite, checked, product):
    process = subprocess.Popen(
        [str(checked / "client-test"), "again", suite.address("catalog", "plain"), BANK, PRODUCT], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline().strip() == product.hex()
    suite.processes["catalog"].terminate()
    assert suite.processes["catalog"].wait(20) == 0
    suite.start("catalog")
    rest, _ = process.communicate("go on\n", timeout=30)
    assert (process.returncode, rest.strip()) == (0, product.hex())


def test_no_connection_is_one_clear_error(checked):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    answer = probe(checked, "connect", f"127.0.0.1:{port}", ok=False)
    assert answer.startswith("UNAVAILABLE|no connection to 127.0.0.1:") and answer.endswith("|unprocessed"), answer


def sync(out, suite, path, *more, wrapper=()):
    return subprocess.run(
        [*wrapper, str(out / "bank-sync"), "--server", suite.address("catalog", "plain"), "--institution", "c-bank", "--csv", str(path),
         "--caller", BANK, *more], capture_output=True, text=True, timeout=120)


def test_bank_sync_publishes_and_follows(suite, checked, product, tmp_path):
    table = tmp_path / "products.csv"
    table.write_text(
        f'{HEADER}\r\nc-quick,"快贷, ""秒批""",100,100000000,1,12,34500,43500,3703\nc-bad,坏区间,500,100,1,12,34500,43500,3703\n'
        "c-slow,慢贷,100,900000000,12,36,39000,49000,3703\n")
    run = sync(checked, suite, table, "--watch", "2")
    assert run.returncode == 1, run.stdout + run.stderr
    rows = run.stdout.splitlines()
    assert rows[0].startswith("row 0: created products/c-quick") and rows[2].startswith("row 2: created products/c-slow"), rows
    assert rows[1].startswith("row 1: refused") and "amount" in rows[1], rows
    assert len([row for row in rows if row.startswith("event ")]) == 2
    again = sync(checked, suite, table)
    assert again.stdout.splitlines() == rows[:3], "the same file under the same key is answered from the record"


@pytest.mark.parametrize("text, line", [
    (HEADER + "\nx,y,1,2,3,4,5,6\n", ":2: 9 cells"),
    (HEADER + "\nx,y,one,2,3,4,5,6,3703\n", ":2: amount_min_minor"),
    (HEADER.replace("title", "name") + "\n", ':1: column 2 is "name"'),
    (HEADER + '\n"x,y,1,2,3,4,5,6,3703\n', ":2: 9 cells"),
])
def test_bank_sync_names_the_line_of_a_wrong_file(suite, checked, tmp_path, text, line):
    table = tmp_path / "wrong.csv"
    table.write_text(text)
    run = sync(checked, suite, table)
    assert (run.returncode, run.stdout) == (2, "") and line in run.stderr, run.stderr


def test_valgrind_sees_nothing(suite, built, product, tmp_path):
    table = tmp_path / "products.csv"
    table.write_text(f"{HEADER}\nc-valgrind,检查,100,100000000,1,12,34500,43500,3703\n")
    valgrind = ["valgrind", "-q", "--error-exitcode=9", "--leak-check=full", "--show-leak-kinds=all", "--errors-for-leak-kinds=definite,indirect,possible"]
    run = sync(built, suite, table, "--watch", "1", wrapper=valgrind)
    assert run.returncode == 0, run.stdout + run.stderr
    run = subprocess.run(
        [*valgrind, str(built / "client-test"), "product", suite.address("catalog", "plain"), BANK, PRODUCT], capture_output=True, text=True, timeout=120)
    assert (run.returncode, run.stdout.strip()) == (0, product.hex()), run.stderr


def test_install_and_pkg_config(built, tmp_path):
    make(built, "install", f"DESTDIR={tmp_path}", "PREFIX=/usr")
    env = {**os.environ, "PKG_CONFIG_PATH": str(tmp_path / "usr/lib/pkgconfig"), "PKG_CONFIG_SYSROOT_DIR": str(tmp_path)}
    source = tmp_path / "version.c"
    source.write_text('#include <huirong/client.h>\n#include <huirong/catalog/v1/catalog_service.pb-c.h>\n'
                      'int main(void) { return hr_code_name(HR_OK)[0] == \'O\' ? 0 : 1; }\n')
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "huirong"], env=env, capture_output=True, text=True, check=True).stdout.split()
    subprocess.run(["cc", "-o", str(tmp_path / "version"), str(source), *flags, f"-Wl,-rpath,{tmp_path}/usr/lib", "-lprotobuf-c"], check=True)
    subprocess.run([str(tmp_path / "version")], check=True)
