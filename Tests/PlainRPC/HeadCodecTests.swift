import Foundation
import GRPCCore
import NIOCore
import SwiftProtobuf
import Testing
import WireProtos

@testable import PlainRPC

/// The hand-written codecs of hot heads against SwiftProtobuf's.
@Suite(.oneAtATime) struct HeadCodecTests {
  @Test func `CallHead is written byte for byte as SwiftProtobuf writes it`() throws {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<2_000 {
      let expected = Self.callHead(&random)
      let metadata = Self.metadata(expected.metadata)
      let methodField = CallHead.methodField(expected.method)
      var buffer = ByteBuffer()
      CallHead.write(
        methodField: methodField, timeoutMicroseconds: expected.timeoutMicros, metadata: metadata, to: &buffer)
      #expect(Array(buffer.readableBytesView) == Samples.bytes(expected))
      #expect(
        buffer.readableBytes
          == CallHead.size(
            methodField: methodField, timeoutMicroseconds: expected.timeoutMicros, metadata: metadata))
    }
  }

  @Test func `CallHead is read as SwiftProtobuf reads it`() throws {
    var random = SeededGenerator(seed: 2)
    for _ in 0..<2_000 {
      let expected = Self.callHead(&random)
      try Self.expectSame(callHead: Samples.bytes(expected))
    }
  }

  @Test func `EndHead is written and read as by SwiftProtobuf`() throws {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<2_000 {
      let expected = Self.endHead(&random)
      let bytes = Samples.bytes(expected)
      let head = try bytes.withUnsafeBytes { try EndHead($0) }
      #expect(head.code == expected.code)
      #expect(head.message == expected.message)
      #expect(head.details == Array(expected.details))
      #expect(head.metadata == Self.metadata(expected.metadata))
      var buffer = ByteBuffer()
      head.write(to: &buffer)
      #expect(Array(buffer.readableBytesView) == bytes)
      #expect(buffer.readableBytes == head.size)
    }
  }

  @Test func `MessageHead is written and read as by SwiftProtobuf`() throws {
    let expected = Huirong_Plainrpc_V1_MessageHead.with { $0.metadata = Samples.callHead.metadata }
    let metadata = try Samples.bytes(expected).withUnsafeBytes { try MessageHead.read($0) }
    #expect(metadata == Self.metadata(expected.metadata))
    var buffer = ByteBuffer()
    MessageHead.write(metadata, to: &buffer)
    #expect(Array(buffer.readableBytesView) == Samples.bytes(expected))
  }

  @Test(
    arguments: [
      [0x00],  // field number 0
      [0x0A, 0x05, 0x61],  // a string longer than the head
      [0x10],  // a varint that does not come
      [0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],  // a varint of eleven bytes
      [0x23],  // a group that does not end
      [0x24],  // a group that did not begin
      [0x26],  // wire type 6
      [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],  // a tag beyond 32 bits
    ] as [[UInt8]])
  func `malformed heads are refused as SwiftProtobuf refuses them`(bytes: [UInt8]) {
    #expect(throws: ProtobufReader.Malformed.self) { try bytes.withUnsafeBytes { try CallHead($0) } }
    #expect(throws: (any Error).self) { try Huirong_Plainrpc_V1_CallHead(serializedBytes: bytes) }
  }

  @Test(
    arguments: [
      [0x2A, 0x01, 0x00],  // unknown field of bytes
      [0x28, 0x01],  // unknown varint
      [0x2B, 0x08, 0x01, 0x2C],  // unknown group
      [0x0D, 1, 2, 3, 4],  // a known number under another wire type
      [0x0A, 0x01, 0x61, 0x0A, 0x01, 0x62],  // the last one wins
      [0x10, 0x80, 0x00],  // a varint longer than it need be
    ] as [[UInt8]])
  func `unusual but lawful heads are read as SwiftProtobuf reads them`(bytes: [UInt8]) throws {
    try Self.expectSame(callHead: bytes)
  }

  @Test(arguments: ["", "Upper", "sp ace", "ü"])
  func `a metadata key that gRPC would refuse fails the call`(key: String) throws {
    let head = Huirong_Plainrpc_V1_CallHead.with { $0.metadata = [.with { $0.key = key }] }
    let decoded = try Samples.bytes(head).withUnsafeBytes { try CallHead($0) }
    #expect(decoded.refusal != nil)
    #expect(decoded.metadata.isEmpty)
  }

  @Test func `more entries than allowed fail the call`() throws {
    let head = Huirong_Plainrpc_V1_CallHead.with {
      $0.metadata = Array(repeating: .with { $0.key = "a" }, count: MetadataCodec.maximumEntries + 1)
    }
    let decoded = try Samples.bytes(head).withUnsafeBytes { try CallHead($0) }
    #expect(decoded.refusal?.message == "more than 64 metadata entries")
    #expect(decoded.metadata.count == MetadataCodec.maximumEntries)
  }

  // MARK: - Generating and comparing

  /// Both decoders refuse, or both read the same.
  static func expectSame(callHead bytes: [UInt8]) throws {
    let theirs = try? Huirong_Plainrpc_V1_CallHead(serializedBytes: bytes)
    let ours = try? bytes.withUnsafeBytes { raw -> (CallHead, String?) in
      let head = try CallHead(raw)
      return (head, String(validating: raw[head.method], as: UTF8.self))
    }
    guard let theirs else {
      // A method name that is not UTF-8 is known to no table: it fails as a method, not as a head.
      let named = ours.flatMap(\.1)
      #expect(named == nil, "SwiftProtobuf refuses \(bytes)")
      return
    }
    let (head, method) = try #require(ours, "SwiftProtobuf reads \(bytes)")
    #expect(method == theirs.method)
    #expect(head.timeoutMicroseconds == theirs.timeoutMicros)
    if head.refusal == nil { #expect(head.metadata == metadata(theirs.metadata)) }
  }

  static func metadata(_ entries: [Huirong_Plainrpc_V1_Metadatum]) -> Metadata {
    var metadata: Metadata = [:]
    for entry in entries {
      if entry.key.hasSuffix("-bin") {
        metadata.addBinary(Array(entry.value), forKey: entry.key)
      } else {
        metadata.addString(String(decoding: entry.value, as: UTF8.self), forKey: entry.key)
      }
    }
    return metadata
  }

  static func callHead(_ random: inout SeededGenerator) -> Huirong_Plainrpc_V1_CallHead {
    .with { head in
      head.method = String(repeating: "m", count: random.number(below: 300))
      head.timeoutMicros = random.next() >> UInt64(random.number(below: 64))
      if random.number(below: 2) == 0 { head.timeoutMicros = 0 }
      head.metadata = entries(&random)
    }
  }

  static func endHead(_ random: inout SeededGenerator) -> Huirong_Plainrpc_V1_EndHead {
    .with { head in
      head.code = UInt32(random.number(below: 17))
      head.message = String(repeating: "错", count: random.number(below: 60))
      head.details = Data(random.bytes(random.number(below: 200)))
      head.metadata = entries(&random)
    }
  }

  private static func entries(_ random: inout SeededGenerator) -> [Huirong_Plainrpc_V1_Metadatum] {
    (0..<random.number(below: 5)).map { index in
      .with { entry in
        let isBinary = random.number(below: 2) == 0
        entry.key = "key-\(index)" + (isBinary ? "-bin" : "")
        let count = random.number(below: 40)
        entry.value = isBinary ? Data(random.bytes(count)) : Data(repeating: UInt8(ascii: "v"), count: count)
      }
    }
  }
}
