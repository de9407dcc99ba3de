"""The plain wire in Python, written from docs/wire.md: one blocking connection, calls of all kinds, frames as they come.

Needs nothing but the standard library. Messages are bytes; whoever calls encodes and decodes them.
"""

import collections
import socket
import struct

SETTINGS, OPEN, MESSAGE, END, CANCEL, CREDIT, PING, PONG, GOAWAY = range(1, 10)
HAS_MESSAGE, HALF_CLOSE, OPTIONAL = 0x01, 0x02, 0x80
PREFACE = b"HRPC\x01\0\0\0"
INITIAL_CREDIT = 262_144
UNAVAILABLE, DEADLINE_EXCEEDED = 14, 4

Frame = collections.namedtuple("Frame", "type flags stream head body")


class Lost(Exception):
    """The connection ended: whether calls that were open were acted on is unknown."""


class Failed(Exception):
    """A call ended with a status that is not OK."""

    def __init__(self, code, message, details):
        super().__init__(f"status {code}: {message}")
        self.code, self.message, self.details = code, message, details

    @property
    def reason(self):
        """The reason of the ErrorInfo, empty when there is none."""
        for number, value in fields(self.details):
            if number == 3:
                any_message = dict(fields(value))
                if any_message.get(1, b"").endswith(b"google.rpc.ErrorInfo"):
                    return dict(fields(any_message[2])).get(1, b"").decode()
        return ""


def varint(number):
    out = bytearray()
    number &= (1 << 64) - 1
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def field(number, value):
    """One protobuf field: bytes or text with its length, whole numbers as a varint; zero and empty are left out."""
    if isinstance(value, str):
        value = value.encode()
    if isinstance(value, bytes):
        return varint(number << 3 | 2) + varint(len(value)) + value if value else b""
    return varint(number << 3) + varint(value) if value else b""


def fields(data):
    """(number, value) of a message: integers of varints, bytes of everything with a length."""
    position = 0

    def read():
        nonlocal position
        value = shift = 0
        while True:
            byte = data[position]
            position += 1
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7

    while position < len(data):
        key = read()
        if key & 7 == 0:
            yield key >> 3, read()
        elif key & 7 == 2:
            length = read()
            yield key >> 3, bytes(data[position:position + length])
            position += length
        else:
            raise ValueError(f"wire type {key & 7}")


class PlainWire:
    """One connection. What it sends is gathered until `flush`, or until somebody waits for an answer."""

    def __init__(self, port, host="127.0.0.1", timeout=30.0, credit=INITIAL_CREDIT, caller=""):
        try:
            self.socket = socket.create_connection((host, port), timeout)
        except OSError as error:
            raise Lost(str(error)) from error
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.metadata = field(3, field(1, "x-huirong-caller") + field(2, caller)) if caller else b""
        self.stream, self.out, self.buffer = 0, bytearray(PREFACE), bytearray()
        self.credits = {}
        self.frame(SETTINGS, 0, field(1, 4_194_304) + field(2, 1024) + field(3, credit) + field(4, "python/1"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    # Sending

    def frame(self, kind, stream, head=b"", body=b"", flags=0):
        self.out += struct.pack(">IBBHI", 8 + len(head) + len(body), kind, flags, len(head), stream)
        self.out += head
        self.out += body

    def open(self, method, body=None, half_close=True, timeout_micros=0, metadata=None):
        """Starts a call and answers its stream."""
        self.stream += 1
        head = field(1, method) + field(2, timeout_micros) + (self.metadata if metadata is None else metadata)
        self.frame(OPEN, self.stream, head, body or b"", (HAS_MESSAGE if body is not None else 0) | (HALF_CLOSE if half_close else 0))
        self.credits[self.stream] = INITIAL_CREDIT - (len(body) + 64 if body is not None else 0)
        return self.stream

    def message(self, stream, body=None, half_close=False):
        self.frame(MESSAGE, stream, b"", body or b"", (HAS_MESSAGE if body is not None else 0) | (HALF_CLOSE if half_close else 0))
        if body is not None:
            self.credits[stream] -= len(body) + 64

    def cancel(self, stream, reason="test"):
        self.frame(CANCEL, stream, field(1, reason))
        self.credits.pop(stream, None)

    def grant(self, stream, count):
        self.frame(CREDIT, stream, field(1, count))

    def flush(self):
        try:
            self.socket.sendall(self.out)
        except OSError as error:
            raise Lost(str(error)) from error
        self.out.clear()

    # Receiving

    def next(self):
        """The next frame that concerns a call; keeps the connection alive and counts credit by itself."""
        if self.out:
            self.flush()
        while True:
            frame = self.read()
            if frame.type == PING:
                self.frame(PONG, 0, b"", frame.body)
                self.flush()
            elif frame.type == CREDIT:
                if frame.stream in self.credits:
                    self.credits[frame.stream] += dict(fields(frame.head)).get(1, 0)
                return frame
            elif frame.type == GOAWAY:
                raise Lost(f"the server goes away: {dict(fields(frame.head))}")
            elif frame.type in (MESSAGE, END):
                if frame.type == END:
                    self.credits.pop(frame.stream, None)
                return frame
            elif frame.type not in (SETTINGS, PONG) and not frame.flags & OPTIONAL:
                raise Lost(f"frame of type {frame.type}")

    def read(self):
        while True:
            if len(self.buffer) >= 4:
                length = int.from_bytes(self.buffer[:4], "big") + 4
                if len(self.buffer) >= length:
                    _, kind, flags, head, stream = struct.unpack_from(">IBBHI", self.buffer)
                    frame = Frame(kind, flags, stream, bytes(self.buffer[12:12 + head]), bytes(self.buffer[12 + head:length]))
                    del self.buffer[:length]
                    return frame
            try:
                got = self.socket.recv(1 << 18)
            except OSError as error:
                raise Lost(str(error)) from error
            if not got:
                raise Lost("the connection was closed")
            self.buffer += got

    @staticmethod
    def outcome(frame):
        """The message of an END.
        - Raises: `Failed`.
        """
        head = dict(fields(frame.head))
        if head.get(1, 0):
            raise Failed(head[1], head.get(2, b"").decode(errors="replace"), head.get(3, b""))
        return frame.body

    def unary(self, method, body, timeout_micros=0):
        """One call; nothing else may be open on the connection."""
        stream = self.open(method, body, timeout_micros=timeout_micros)
        while True:
            frame = self.next()
            if frame.stream == stream and frame.type == END:
                return self.outcome(frame)
