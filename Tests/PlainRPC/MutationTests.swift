import Foundation
import NIOCore
import SwiftProtobuf
import Testing
import WireProtos

@testable import PlainRPC

/// Seeded damage: nothing that a peer can send may trap, and the hand-written parsers must go on agreeing with
/// SwiftProtobuf about it. The number of inputs per parser is `HUIRONG_MUTATIONS`.
@Suite(.oneAtATime) struct MutationTests {
  private static let count: Int = {
    if let text = ProcessInfo.processInfo.environment["HUIRONG_MUTATIONS"], let number = Int(text) { return number }
    #if DEBUG
      return 100_000
    #else
      return 1_000_000
    #endif
  }()

  private static func mutate(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0...random.number(below: 4) {
      guard !bytes.isEmpty else { return random.bytes(random.number(below: 24)) }
      let index = random.number(below: bytes.count)
      switch random.number(below: 6) {
      case 0: bytes[index] = UInt8(truncatingIfNeeded: random.next())
      case 1: bytes[index] ^= 1 << UInt8(random.number(below: 8))
      case 2: bytes.remove(at: index)
      case 3: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: index)
      case 4: bytes.removeSubrange(index...)
      default: bytes += bytes[index...].prefix(16)
      }
    }
    return bytes
  }

  @Test func `mutated streams of frames never trap the frame decoder`() {
    var random = SeededGenerator(seed: 0xF4A3)
    let samples = Samples.everyFrame.map(\.bytes)
    let limits = FrameLimits(frameBytes: 4096, headBytes: 512)
    var (frames, faults) = (0, 0)
    for _ in 0..<Self.count {
      let first = samples[random.number(below: samples.count)]
      let input = Self.mutate(first + samples[random.number(below: samples.count)], &random)
      var decoder = FrameDecoder(limits: limits)
      let split = input.isEmpty ? 0 : random.number(below: input.count)
      do {
        for piece in [input[..<split], input[split...]] {
          decoder.append(ByteBuffer(bytes: piece))
          while let frame = try decoder.next() {
            frames += 1
            if frame.head.readableBytes != frame.header.headLength { Issue.record("head length of \(input)") }
            if frame.body.readableBytes != frame.header.bodyLength { Issue.record("body length of \(input)") }
          }
        }
      } catch {
        faults += 1
      }
    }
    #expect(frames > Self.count / 4)
    #expect(faults > Self.count / 20)
  }

  @Test func `mutated call heads never trap, and both parsers agree on them`() throws {
    var random = SeededGenerator(seed: 0xCA11)
    let samples = (0..<50).map { _ in Samples.bytes(HeadCodecTests.callHead(&random)) }
    for number in 0..<Self.count {
      let input = Self.mutate(samples[random.number(below: samples.count)], &random)
      if number % 16 == 0 {
        try HeadCodecTests.expectSame(callHead: input)
      } else {
        _ = try? input.withUnsafeBytes { try CallHead($0) }
      }
    }
  }

  @Test func `mutated end heads never trap, and both parsers agree on whether they are lawful`() throws {
    var random = SeededGenerator(seed: 0xE4D)
    let samples = (0..<50).map { _ in Samples.bytes(HeadCodecTests.endHead(&random)) }
    for number in 0..<Self.count {
      let input = Self.mutate(samples[random.number(below: samples.count)], &random)
      let ours = try? input.withUnsafeBytes { try EndHead($0) }
      guard number % 16 == 0 else { continue }
      let theirs = try? Huirong_Plainrpc_V1_EndHead(serializedBytes: input)
      #expect((ours == nil) == (theirs == nil), "\(input)")
      if let ours, let theirs {
        #expect(ours.code == theirs.code)
        #expect(ours.message == theirs.message)
        #expect(ours.details == Array(theirs.details))
      }
    }
  }

  @Test func `mutated message heads never trap`() {
    var random = SeededGenerator(seed: 0x3E55)
    let sample = Samples.bytes(Huirong_Plainrpc_V1_MessageHead.with { $0.metadata = Samples.callHead.metadata })
    for _ in 0..<Self.count {
      let input = Self.mutate(sample, &random)
      _ = try? input.withUnsafeBytes { try MessageHead.read($0) }
    }
  }
}
