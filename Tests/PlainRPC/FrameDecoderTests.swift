import NIOCore
import Testing

@testable import PlainRPC

@Suite(.oneAtATime) struct FrameDecoderTests {
  private let limits = PlainLimits.default.frame

  private func whole(_ bytes: [UInt8]) throws -> RawFrame? {
    var decoder = FrameDecoder(limits: limits)
    decoder.append(ByteBuffer(bytes: bytes))
    return try decoder.next().map(RawFrame.init)
  }

  @Test(arguments: Samples.everyFrame.map(\.name))
  func `a frame is the same however its bytes are split`(name: String) throws {
    let bytes = try #require(Samples.everyFrame.first { $0.name == name }).bytes
    let expected = try #require(try whole(bytes))
    for first in 0...bytes.count {
      for second in first...bytes.count {
        var decoder = FrameDecoder(limits: limits)
        var found: [RawFrame] = []
        for piece in [bytes[..<first], bytes[first..<second], bytes[second...]] {
          decoder.append(ByteBuffer(bytes: piece))
          while let frame = try decoder.next() { found.append(RawFrame(frame)) }
        }
        #expect(found == [expected])
        #expect(!decoder.isMidFrame)
      }
    }
  }

  @Test func `all frames in one piece and byte by byte are the same`() throws {
    let stream = Samples.everyFrame.flatMap(\.bytes)
    var together = FrameDecoder(limits: limits)
    together.append(ByteBuffer(bytes: stream))
    var apart = FrameDecoder(limits: limits)
    var (left, right): ([RawFrame], [RawFrame]) = ([], [])
    while let frame = try together.next() { left.append(RawFrame(frame)) }
    for byte in stream {
      apart.append(ByteBuffer(bytes: [byte]))
      while let frame = try apart.next() { right.append(RawFrame(frame)) }
    }
    #expect(left == right)
    #expect(left.count == Samples.everyFrame.count)
  }

  @Test func `an oversize frame is refused as soon as its length is there`() {
    var decoder = FrameDecoder(limits: FrameLimits(frameBytes: 100, headBytes: 50))
    decoder.append(ByteBuffer(bytes: [0, 0, 0, 101]))
    #expect(throws: WireFault(.frameTooLarge, "frame of 101 bytes exceeds 100")) { try decoder.next() }
  }

  @Test func `a length below the header's rest is refused`() {
    var decoder = FrameDecoder(limits: limits)
    decoder.append(ByteBuffer(bytes: [0, 0, 0, 7]))
    #expect(throws: WireFault(.protocolError, "frame length 7 is below 8")) { try decoder.next() }
  }

  @Test func `a head longer than its frame is refused`() {
    var decoder = FrameDecoder(limits: limits)
    decoder.append(ByteBuffer(bytes: [0, 0, 0, 8, 2, 0, 0, 1, 0, 0, 0, 1]))
    #expect(throws: WireFault(.protocolError, "head of 1 bytes exceeds the frame's payload of 0")) {
      try decoder.next()
    }
  }

  @Test func `a head above its own limit is refused`() {
    var decoder = FrameDecoder(limits: FrameLimits(frameBytes: 1000, headBytes: 10))
    decoder.append(ByteBuffer(bytes: [0, 0, 0, 19, 2, 0, 0, 11, 0, 0, 0, 1]))
    #expect(throws: WireFault(.frameTooLarge, "head of 11 bytes exceeds 10")) { try decoder.next() }
  }

  @Test func `storage is given back between frames`() throws {
    var decoder = FrameDecoder(limits: limits)
    decoder.append(ByteBuffer(bytes: Samples.everyFrame[0].bytes))
    _ = try decoder.next()
    decoder.releaseWhenEmpty()
    #expect(!decoder.isMidFrame)
    decoder.append(ByteBuffer(bytes: [0]))
    decoder.releaseWhenEmpty()
    #expect(decoder.isMidFrame)
  }
}

extension RawFrame {
  init(_ frame: Frame) {
    self.init(
      type: frame.header.type, flags: frame.header.flags, stream: frame.header.stream,
      head: Array(frame.head.readableBytesView), body: Array(frame.body.readableBytesView))
  }
}
