import EchoProtos
import GRPCCore
import SwiftProtobuf
import Synchronization
import Testing
import WireProtos

@testable import PlainRPC

@Suite(.oneAtATime) struct DeadlineAndCancellationTests {
  /// A handler that says when it has begun and when its call was cancelled, and otherwise waits.
  private struct Held {
    let begun = Latch()
    let cancelled = Latch()
    let taskCancelled = Latch()

    var service: EchoServer {
      EchoServer { [begun, cancelled, taskCancelled] _, context in
        begun.open()
        try? await context.cancellation.cancelled
        cancelled.open()
        if Task.isCancelled { taskCancelled.open() }
      }
    }
  }

  @Test func `the client gives up at its deadline, and so does the server`() async throws {
    let held = Held()
    try await EchoFixture.run(service: held.service) { fixture in
      try await fixture.client.connect()
      let status = await status {
        _ = try await fixture.echo.get(Samples.request, options: .timeout(.milliseconds(100)))
      }
      #expect(status?.code == .deadlineExceeded)
      await held.cancelled.wait()
      await held.taskCancelled.wait()
    }
  }

  @Test func `the server enforces the deadline of a client that waits on`() async throws {
    let held = Held()
    try await EchoFixture.run(service: held.service) { fixture in
      let raw = try await RawConnection.opened(port: fixture.port)
      let head = Huirong_Plainrpc_V1_CallHead.with {
        $0.method = "echo.v1.EchoService/Get"
        $0.timeoutMicros = 20_000
      }
      try await raw.send(Samples.frame(.open, flags: [.message, .halfClose], stream: 1, head: Samples.bytes(head)))
      let end = try #require(await raw.next(.end))
      try #expect(Huirong_Plainrpc_V1_EndHead(serializedBytes: end.head).code == 4)
      await held.cancelled.wait()
      await raw.close()
    }
  }

  @Test func `a deadline that has passed fails without a call`() async throws {
    try await EchoFixture.run { fixture in
      let options = PlainCallOptions(deadline: .now - .seconds(1))
      #expect(await status { _ = try await fixture.echo.get(.init(), options: options) }?.code == .deadlineExceeded)
    }
  }

  @Test func `a stream ends at its deadline`() async throws {
    try await EchoFixture.run { fixture in
      try await fixture.client.connect()
      let call = try await fixture.echo.update(options: .timeout(.milliseconds(100)))
      let status = await status { for try await _ in call.responses {} }
      #expect(status?.code == .deadlineExceeded)
    }
  }

  @Test func `a handler sees the deadline, and calls on its behalf inherit it`() async throws {
    let seen = Mutex<ContinuousClock.Instant?>(nil)
    let service = EchoServer { _, context in seen.withLock { $0 = context.plainDeadline } }
    try await EchoFixture.run(service: service) { fixture in
      let deadline = ContinuousClock.now + .seconds(60)
      _ = try await fixture.echo.get(Samples.request, options: PlainCallOptions(deadline: deadline))
      let there = try #require(seen.withLock { $0 })
      #expect(there > deadline - .seconds(10) && there < deadline + .seconds(10))
      let inherited = PlainCallOptions.inheriting(deadline: there, limit: .seconds(600))
      #expect(inherited.deadline == there)
      try #expect(#require(PlainCallOptions.inheriting(deadline: there, limit: .seconds(1)).deadline) < there)
      #expect(PlainCallOptions.inheriting(deadline: nil).deadline == nil)
      _ = try await fixture.echo.get(Samples.request)
      #expect(seen.withLock { $0 } == nil)
    }
  }

  @Test func `cancelling the caller cancels the handler`() async throws {
    let held = Held()
    try await EchoFixture.run(service: held.service) { fixture in
      let caller = Task { await status { _ = try await fixture.echo.get(Samples.request) } }
      await held.begun.wait()
      caller.cancel()
      #expect(await caller.value?.code == .cancelled)
      await held.cancelled.wait()
      await held.taskCancelled.wait()
    }
  }

  @Test func `a caller that is cancelled before it calls does not call`() async throws {
    try await EchoFixture.run { fixture in
      try await fixture.client.connect()
      let caller = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        return await status { _ = try await fixture.echo.get(Samples.request) }
      }
      #expect(await caller.value?.code == .cancelled)
    }
  }

  @Test func `letting go of a stream cancels the handler`() async throws {
    let ended = Latch()
    try await EchoFixture.run(service: EchoServer()) { fixture in
      var stream: PlainStream<Echo_V1_EchoResponse>? = try await fixture.echo.expand(.with { $0.count = .max })
      var iterator = stream?.makeAsyncIterator()
      try await #expect(iterator?.next()?.id == 1)
      (stream, iterator) = (nil, nil)
      // The connection serves on, and the endless handler is gone: shutdown does not wait for it.
      try await #expect(fixture.echo.get(Samples.request).id == 7)
      ended.open()
    }
    await ended.wait()
  }

  @Test func `a client that disconnects cancels its handlers`() async throws {
    let held = Held()
    try await EchoFixture.run(service: held.service) { fixture in
      let raw = try await RawConnection.opened(port: fixture.port)
      let head = Huirong_Plainrpc_V1_CallHead.with { $0.method = "echo.v1.EchoService/Get" }
      try await raw.send(Samples.frame(.open, flags: [.message, .halfClose], stream: 1, head: Samples.bytes(head)))
      await held.begun.wait()
      await raw.close()
      await held.cancelled.wait()
      await held.taskCancelled.wait()
    }
  }

  @Test func `a handler that cancels itself answers CANCELLED`() async throws {
    try await EchoFixture.run(service: EchoServer { _, _ in throw CancellationError() }) { fixture in
      #expect(await status { _ = try await fixture.echo.get(.init()) }?.code == .cancelled)
    }
  }
}
