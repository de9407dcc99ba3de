import EchoProtos
import Foundation
import GRPCCore
import NIOCore
import SwiftProtobuf
import Synchronization
import Testing
import WireProtos

@testable import PlainRPC

@Suite(.oneAtATime) struct CallTests {
  @Test(arguments: [PlainServerConfiguration.HandlerPlacement.eventLoop, .concurrentPool])
  func `a unary call answers its message and metadata`(handlers: PlainServerConfiguration.HandlerPlacement) async throws
  {
    try await EchoFixture.run(handlers: handlers) { fixture in
      var request = Samples.request
      request.payload = Data([0, 1, 255])
      let options = PlainCallOptions(metadata: ["x-echo-text": "惠", "x-echo-raw-bin": .binary([0, 255])])
      let reply: PlainReply<Echo_V1_EchoResponse> = try await fixture.client.unaryReply(
        Echo_V1_EchoService.PlainDescriptor.get, request, options: options)
      #expect(reply.message.id == 7)
      #expect(reply.message.text == "惠融")
      #expect(reply.message.payload == request.payload)
      #expect(reply.metadata == options.metadata)
    }
  }

  @Test(arguments: [PlainServerConfiguration.HandlerPlacement.eventLoop, .concurrentPool])
  func `a unary handler may answer with bytes in place of its message`(
    handlers: PlainServerConfiguration.HandlerPlacement
  ) async throws {
    let answer = Echo_V1_EchoResponse.with {
      $0.id = 9
      $0.text = "已编码"
    }
    let bytes: [UInt8] = try answer.serializedBytes()
    let taken = Mutex<[Bool]>([])
    let service = EchoServer { _, context in
      let isTaken = context.answer(encoded: bytes)
      taken.withLock { $0.append(isTaken) }
    }
    try await EchoFixture.run(handlers: handlers, service: service) { fixture in
      let options = PlainCallOptions(metadata: ["x-echo-text": "惠"])
      let reply: PlainReply<Echo_V1_EchoResponse> = try await fixture.client.unaryReply(
        Echo_V1_EchoService.PlainDescriptor.get, Samples.request, options: options)
      #expect(reply.message == answer)
      #expect(reply.metadata == options.metadata)
      #expect(taken.withLock { $0 } == [true])
    }
  }

  @Test func `an empty message is a message`() async throws {
    try await EchoFixture.run { fixture in
      try await #expect(fixture.echo.get(.init()) == .init())
    }
  }

  @Test func `a server stream answers all its messages and then its trailers`() async throws {
    try await EchoFixture.run { fixture in
      var numbers: [Int64] = []
      let stream = try await fixture.echo.expand(
        .with { $0.count = 1_000 }, options: PlainCallOptions(metadata: ["x-echo-a": "b"]))
      for try await response in stream { numbers.append(response.id) }
      #expect(numbers == Array(1...1_000))
      #expect(stream.metadata == ["x-echo-a": "b"])
      #expect(stream.trailingMetadata == ["x-count": "1000"])
    }
  }

  @Test func `a client stream is answered once`() async throws {
    try await EchoFixture.run { fixture in
      let upload = try await fixture.echo.collect()
      for letter in ["a", "b", "c"] { try await upload.send(.with { $0.text = letter }) }
      let response = try await upload.finish()
      #expect(response.id == 3)
      #expect(response.text == "abc")
    }
  }

  @Test func `an empty client stream is answered`() async throws {
    try await EchoFixture.run { fixture in
      try await #expect(fixture.echo.collect().finish().id == 0)
    }
  }

  @Test func `both sides of a duplex call talk in turn`() async throws {
    try await EchoFixture.run { fixture in
      let call = try await fixture.echo.update()
      var answers = call.responses.makeAsyncIterator()
      for number in Int64(1)...5 {
        try await call.send(.with { $0.id = number })
        try await #expect(answers.next()?.id == number)
      }
      try await call.finishSending()
      try await #expect(answers.next() == nil)
    }
  }

  @Test func `streams far larger than the window flow in both directions at once`() async throws {
    try await EchoFixture.run { fixture in
      let call = try await fixture.echo.update()
      let payload = Data(repeating: 7, count: 64 * 1024)
      let count = 200
      async let sent: Void = {
        for number in 0..<count {
          try await call.send(
            .with {
              $0.id = Int64(number)
              $0.payload = payload
            })
        }
        try await call.finishSending()
      }()
      var received: Int64 = 0
      for try await response in call.responses {
        #expect(response.id == received)
        #expect(response.payload.count == payload.count)
        received += 1
      }
      try await sent
      #expect(received == Int64(count))
    }
  }

  @Test func `a message larger than the window is sent on any credit`() async throws {
    try await EchoFixture.run { fixture in
      let upload = try await fixture.echo.collect()
      let payload = Data(repeating: 1, count: 3 << 19)
      try await upload.send(.with { $0.payload = payload })
      try await upload.send(.with { $0.payload = payload })
      try await #expect(upload.finish().payload.count == 2 * payload.count)
    }
  }

  @Test func `many calls share one connection`() async throws {
    try await EchoFixture.run { fixture in
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<2_000 {
          group.addTask { try await fixture.echo.get(.with { $0.id = Int64(number) }).id == Int64(number) }
        }
        for try await isRight in group { #expect(isRight) }
      }
      #expect(fixture.server.connectionCount == 1)
    }
  }

  @Test func `callers on the connection's event loop are served`() async throws {
    try await EchoFixture.run { fixture in
      try await withTaskExecutorPreference(fixture.client.taskExecutor) {
        for number in Int64(1)...100 { try await #expect(fixture.echo.get(.with { $0.id = number }).id == number) }
      }
    }
  }

  // MARK: - Failures

  @Test func `an RPCError arrives with code, message and details`() async throws {
    try await EchoFixture.run { fixture in
      let status = await status {
        _ = try await fixture.echo.get(
          .with {
            $0.failCode = 9
            $0.text = "余额不足"
          })
      }
      #expect(status?.code == .failedPrecondition)
      #expect(status?.message == "余额不足")
      #expect(status?.details?.code == 5)
      #expect(status?.metadata == [:])
    }
  }

  @Test func `the text of an unknown error does not leave the server`() async throws {
    try await EchoFixture.run { fixture in
      let status = await status { _ = try await fixture.echo.get(.with { $0.failCode = 99 }) }
      #expect(status == PlainStatus(code: .unknown, message: "unknown error"))
    }
  }

  @Test func `a stream that fails delivers what came before`() async throws {
    try await EchoFixture.run { fixture in
      let stream = try await fixture.echo.expand(
        .with {
          $0.count = 3
          $0.failCode = 8
        })
      var count = 0
      let status = await status { for try await _ in stream { count += 1 } }
      #expect(status?.code == .resourceExhausted)
      #expect(count <= 3)
    }
  }

  @Test func `an upload that fails early says why`() async throws {
    try await EchoFixture.run { fixture in
      let upload = try await fixture.echo.collect()
      let status = await status {
        for _ in 0..<10_000 { try await upload.send(.with { $0.failCode = 3 }) }
        _ = try await upload.finish()
      }
      #expect(status?.code == .invalidArgument)
    }
  }

  @Test func `an unknown method is unimplemented`() async throws {
    try await EchoFixture.run { fixture in
      let method = PlainMethodDescriptor(
        fullName: "echo.v1.EchoService/Nothing", kind: .unary, requestType: Echo_V1_EchoRequest.self,
        responseType: Echo_V1_EchoResponse.self)
      let status = await status {
        let _: Echo_V1_EchoResponse = try await fixture.client.unary(method, Echo_V1_EchoRequest())
      }
      #expect(status == PlainStatus(code: .unimplemented, message: "no method echo.v1.EchoService/Nothing"))
    }
  }

  @Test func `a request larger than the server's frame is refused before it is sent`() async throws {
    try await EchoFixture.run { fixture in
      try await fixture.client.connect()
      let status = await status {
        _ = try await fixture.echo.get(.with { $0.payload = Data(count: 5 << 20) })
      }
      #expect(status?.code == .resourceExhausted)
      try await #expect(fixture.echo.get(Samples.request).id == 7)
    }
  }

  @Test func `a response larger than the client's frame is an error, not a broken connection`() async throws {
    var small = PlainLimits.default
    small.maxFrameBytes = PlainLimits.minimumFrameBytes
    try await EchoFixture.run(clientLimits: small) { fixture in
      let status = await status {
        _ = try await fixture.echo.get(.with { $0.payload = Data(count: PlainLimits.minimumFrameBytes) })
      }
      #expect(status?.code == .resourceExhausted)
      try await #expect(fixture.echo.get(Samples.request).id == 7)
    }
  }

  @Test func `metadata beyond the limit of a head is refused`() async throws {
    try await EchoFixture.run { fixture in
      let big = PlainCallOptions(metadata: ["x-echo-a": .string(String(repeating: "a", count: 20_000))])
      #expect(await status { _ = try await fixture.echo.get(.init(), options: big) }?.code == .resourceExhausted)
    }
  }

  @Test func `two services may not serve one method`() {
    let methods = Echo_V1_EchoService.plainMethods(EchoServer())
    #expect(throws: PlainServer.StartFailure.self) {
      try PlainServer(
        configuration: PlainServerConfiguration(port: 0), services: [methods, methods], logger: EchoFixture.silent)
    }
  }

  @Test func `an observer sees every call and connection`() async throws {
    let observer = RecordingObserver()
    try await EchoFixture.run(observer: observer) { fixture in
      _ = try await fixture.echo.get(Samples.request)
      _ = await status { _ = try await fixture.echo.get(.with { $0.failCode = 5 }) }
    }
    #expect(
      observer.events == ["opened", "started Get", "finished Get OK", "started Get", "finished Get notFound", "closed"])
    #expect(observer.bytes.received > 0 && observer.bytes.sent > 0)
  }
}

private final class RecordingObserver: PlainServerObserver {
  private struct State {
    var events: [String] = []
    var bytes = (received: 0, sent: 0)
  }

  private let state = Mutex(State())

  var events: [String] { state.withLock(\.events) }
  var bytes: (received: Int, sent: Int) { state.withLock(\.bytes) }

  func connectionOpened() { record("opened") }
  func connectionClosed() { record("closed") }
  func callStarted(_ method: PlainMethodDescriptor) { record("started \(method.method)") }
  func callFinished(_ method: PlainMethodDescriptor, code: RPCError.Code?, duration: Duration) {
    record("finished \(method.method) \(code.map { "\($0)" } ?? "OK")")
  }
  func bytesTransferred(received: Int, sent: Int) {
    state.withLock { state in
      state.bytes.received += received
      state.bytes.sent += sent
    }
  }
  private func record(_ event: String) { state.withLock { $0.events.append(event) } }
}
