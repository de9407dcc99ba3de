import EchoProtos
import Foundation
import NIOCore
import SwiftProtobuf
import WireProtos

@testable import PlainRPC

/// One frame of every type, as a peer would send it.
enum Samples {
  static func frame(
    _ type: FrameType, flags: FrameFlags = [], stream: UInt32 = 0, head: [UInt8] = [], body: [UInt8] = []
  ) -> [UInt8] {
    var buffer = ByteBuffer()
    FrameHeader(type, flags: flags, stream: stream, headLength: head.count, bodyLength: body.count).write(to: &buffer)
    buffer.writeBytes(head)
    buffer.writeBytes(body)
    return Array(buffer.readableBytesView)
  }

  static func bytes(_ message: some Message) -> [UInt8] { (try? message.serializedBytes()) ?? [] }

  static let settings = Huirong_Plainrpc_V1_Settings.with {
    $0.maxFrameBytes = 4 << 20
    $0.maxConcurrentCalls = 1024
    $0.initialCreditBytes = 256 << 10
    $0.agent = "test/1"
  }

  static let callHead = Huirong_Plainrpc_V1_CallHead.with {
    $0.method = "echo.v1.EchoService/Get"
    $0.timeoutMicros = 2_000_000
    $0.metadata = [
      .with { ($0.key, $0.value) = ("x-echo-a", Data("b".utf8)) },
      .with { ($0.key, $0.value) = ("x-echo-bin", Data([0, 255])) },
    ]
  }

  static let endHead = Huirong_Plainrpc_V1_EndHead.with {
    $0.code = 9
    $0.message = "余额不足"
    $0.details = Data([8, 9])
    $0.metadata = [.with { ($0.key, $0.value) = ("x-reason", Data("r".utf8)) }]
  }

  static let request = Echo_V1_EchoRequest.with {
    $0.id = 7
    $0.text = "惠融"
  }

  static let everyFrame: [(name: String, bytes: [UInt8])] = [
    ("SETTINGS", frame(.settings, head: bytes(settings))),
    (
      "OPEN",
      frame(.open, flags: [.message, .halfClose], stream: 1, head: bytes(callHead), body: bytes(request))
    ),
    ("MESSAGE", frame(.message, flags: .message, stream: 1, body: bytes(request))),
    ("END", frame(.end, flags: .message, stream: 1, head: bytes(endHead), body: bytes(request))),
    ("CANCEL", frame(.cancel, stream: 1, head: bytes(Huirong_Plainrpc_V1_CancelHead.with { $0.reason = "r" }))),
    ("CREDIT", frame(.credit, stream: 1, head: bytes(Huirong_Plainrpc_V1_CreditHead.with { $0.bytes = 300 }))),
    ("PING", frame(.ping, body: [1, 2, 3, 4, 5, 6, 7, 8])),
    ("PONG", frame(.pong, body: [1, 2, 3, 4, 5, 6, 7, 8])),
    (
      "GOAWAY",
      frame(
        .goAway,
        head: bytes(
          Huirong_Plainrpc_V1_GoAwayHead.with {
            $0.reason = .drain
            $0.lastStream = 5
            $0.message = "m"
          }))
    ),
  ]
}
