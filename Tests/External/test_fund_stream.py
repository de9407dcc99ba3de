"""StreamTransfers over the plain wire: order, one result a transfer, what ends a stream, and going on after it ended."""

import pytest

from fund_ledger import SERVICE, ledger_process
from plainwire import END, INITIAL_CREDIT, MESSAGE, Failed, PlainWire

METHOD = f"{SERVICE}/StreamTransfers"
INVALID_ARGUMENT = 3
# Batches of one stream that the service lets its writer have at a time, and the one it holds in its hands.
AHEAD = 8 + 1


@pytest.fixture(scope="module")
def ledger(request, stubs):
    with ledger_process(request, stubs) as process:
        process.names = process.open_accounts(4)
        process.serial = 10
        yield process


def batches(ledger, count, size, amount=1):
    """Keys and messages of batches with ids of their own."""
    made = []
    for _ in range(count):
        first = ledger.serial
        ledger.serial += size
        transfers = [ledger.transfer(number, ledger.names[number % 4], ledger.names[(number + 1) % 4], amount) for number in range(first, first + size)]
        made.append(ledger.batch(f"s-{first}", transfers))
    return made


def answers(ledger, wire, stream, grant=True):
    """Answers of a stream as they come; returns when it ends well."""
    while True:
        frame = wire.next()
        if frame.stream != stream:
            continue
        if frame.type == MESSAGE:
            if grant:
                wire.grant(stream, len(frame.body) + 64)
            yield frame.body
        elif frame.type == END:
            PlainWire.outcome(frame)
            return


def send(wire, messages, half_close=True):
    """A stream with the messages on it; the caller has made them few enough for the first window."""
    stream = wire.open(METHOD, half_close=False)
    for message in messages:
        wire.message(stream, message)
    if half_close:
        wire.message(stream, half_close=True)
    return stream


def test_batches_are_answered_in_their_order_one_result_a_transfer(ledger):
    before = ledger.call("GetTrialBalance", pool="pools/city").debits_posted
    with ledger.wire() as wire:
        heard = [ledger.answer(body) for body in answers(ledger, wire, send(wire, batches(ledger, 60, 7, amount=3)))]
    assert [len(answer.results) for answer in heard] == [7] * 60
    numbers = [result.number for answer in heard for result in answer.results]
    assert numbers == list(range(numbers[0], numbers[0] + 420))
    assert {ledger.status(result) for answer in heard for result in answer.results} == {"CREATED"}
    assert ledger.check().debits_posted - before == 420 * 3


def test_a_refused_transfer_leaves_its_neighbours_and_the_stream_alone(ledger):
    first = ledger.serial
    ledger.serial += 10
    mine = [ledger.transfer(first + index, ledger.names[0], ledger.names[1]) for index in range(6)]
    mine[1].legs[0].amount_minor = 2  # sums to one
    mine[2].legs[0].account = "accounts/city.9unknown"
    mine[3].linked = True
    mine[4].template = "bridge_payout"
    with ledger.wire() as wire:
        heard = [ledger.answer(body) for body in answers(ledger, wire, send(wire, [ledger.batch(f"m-{first}", mine)] + batches(ledger, 1, 2)))]
    assert [ledger.status(result) for result in heard[0].results] == [
        "CREATED", "UNBALANCED", "ACCOUNT_NOT_FOUND", "LINKED_TRANSFER_REFUSED", "TEMPLATE_RESERVED", "CREATED"]
    assert [ledger.status(result) for result in heard[1].results] == ["CREATED"] * 2
    assert heard[0].results[2].leg == 0 and heard[0].results[5].number == heard[0].results[0].number + 1
    ledger.check()


def test_a_batch_that_is_no_batch_ends_the_stream_after_the_answers_before_it(ledger):
    good, later = batches(ledger, 3, 4), batches(ledger, 2, 4)
    wrong = ledger.transfer(ledger.serial, ledger.names[0], ledger.names[1])
    wrong.id = "not a ulid"
    count = len(ledger.transfers())
    heard = []
    with ledger.wire() as wire, pytest.raises(Failed) as failure:
        for body in answers(ledger, wire, send(wire, good + [ledger.batch("wrong", [wrong])] + later)):
            heard.append(body)
    assert (failure.value.code, failure.value.reason) == (INVALID_ARGUMENT, "INVALID_ARGUMENT")
    assert "transfers[0].id" in str(failure.value.details)
    assert len(heard) == 3
    # Those behind it may have been with the writer already: asked again they are done once, whatever became of them.
    with ledger.wire() as wire:
        again = list(answers(ledger, wire, send(wire, good + later)))
    assert again[:3] == heard and len(again) == 5
    assert len(ledger.transfers()) == count + 20


def test_a_cancelled_stream_leaves_whole_batches_and_is_resumed_under_the_same_keys(ledger):
    size, sent = 5, batches(ledger, 40, 5)
    numbers = {transfer.number for transfer in ledger.transfers()}
    heard = []
    with ledger.wire() as wire:
        stream = send(wire, sent, half_close=False)
        for body in answers(ledger, wire, stream):
            heard.append(body)
            if len(heard) == 10:
                break
        wire.cancel(stream)
        wire.flush()
        # The next call on the connection shows that the cancelled one cost nothing else.
        request = ledger.service.GetAccountRequest(name=ledger.names[0]).SerializeToString()
        assert wire.unary(f"{SERVICE}/GetAccount", request)
    made = [transfer for transfer in ledger.transfers() if transfer.number not in numbers]
    assert len(made) % size == 0 and len(made) >= 10 * size
    with ledger.wire() as wire:
        again = list(answers(ledger, wire, send(wire, sent)))
    assert again[:10] == heard and len(again) == 40
    assert len([transfer for transfer in ledger.transfers() if transfer.number not in numbers]) == 40 * size
    ledger.check()


def test_a_lost_connection_loses_nothing_that_was_answered(ledger):
    sent, heard = batches(ledger, 40, 5), []
    with ledger.wire() as wire:
        for body in answers(ledger, wire, send(wire, sent, half_close=False)):
            heard.append(body)
            if len(heard) == 7:
                break
    count = len(ledger.transfers())
    fresh = [ledger.service.CreateTransfersRequest.FromString(message) for message in sent]
    for request in fresh:
        request.request_id += "-again"
    with ledger.wire() as wire:
        again = [ledger.answer(body) for body in answers(ledger, wire, send(wire, [request.SerializeToString() for request in fresh]))]
    # New keys, the same ids: what was made before exists, the rest is made now, and nothing is made twice.
    for old, new in zip(heard, again):
        assert [result.number for result in new.results] == [result.number for result in ledger.answer(old).results]
        assert {ledger.status(result) for result in new.results} == {"EXISTS"}
    assert {ledger.status(result) for answer in again for result in answer.results} <= {"EXISTS", "CREATED"}
    ids = [transfer.id for transfer in ledger.transfers()]
    assert len(ids) - ids.count("") == len(set(ids) - {""}) and len(ids) >= count
    ledger.check()


def test_a_client_that_does_not_read_is_not_read_from(ledger):
    size = 1000
    messages = iter(batches(ledger, 120, size))
    wire = ledger.wire(credit=INITIAL_CREDIT)
    stream = wire.open(METHOD, half_close=False)
    sent, heard, unread, first = 0, [], INITIAL_CREDIT, 0
    with wire:
        # Until the service has used its credit up, which nobody renews: then nothing more can come from it.
        while unread > 0:
            if wire.credits[stream] > 0:
                first = len(message := next(messages))
                wire.message(stream, message)
                sent += 1
                continue
            frame = wire.next()
            if frame.type == MESSAGE:
                heard.append(frame.body)
                unread -= len(frame.body) + 64
        # It holds what fits its window and what it took from there, and has asked for no more.
        assert sent <= len(heard) + AHEAD + INITIAL_CREDIT // first + 2, (sent, len(heard))
        wire.grant(stream, 1 << 24)
        while wire.credits[stream] <= 0:
            frame = wire.next()
            if frame.type == MESSAGE:
                heard.append(frame.body)
        wire.message(stream, half_close=True)
        heard += answers(ledger, wire, stream, grant=False)
    assert len(heard) == sent
    assert all(ledger.status(result) == "CREATED" for body in heard for result in ledger.answer(body).results)
    ledger.check()
