import NIOCore

/// One frame as it came: head and body share the storage of the bytes read from the socket.
struct Frame {
  var header: FrameHeader
  var head: ByteBuffer
  var body: ByteBuffer
}

/// Cuts frames from bytes that arrive in any pieces. Pure: it knows sizes and nothing of streams.
struct FrameDecoder {
  private var buffer: ByteBuffer?
  private let limits: FrameLimits

  init(limits: FrameLimits) { self.limits = limits }

  mutating func append(_ bytes: ByteBuffer) {
    if buffer == nil || buffer?.readableBytes == 0 {
      buffer = bytes
    } else {
      buffer?.discardReadBytes()
      buffer?.writeImmutableBuffer(bytes)
    }
  }

  /// Takes `count` bytes that precede the frames, or `nil` until they are there.
  mutating func takePreface(_ count: Int) -> [UInt8]? { buffer?.readBytes(length: count) }

  /// - Returns: the next whole frame, or `nil` until more bytes come.
  mutating func next() throws(WireFault) -> Frame? {
    guard let header = try header(), let frame = take(header) else { return nil }
    return frame
  }

  /// True while bytes of an incomplete frame wait for their rest.
  var isMidFrame: Bool { (buffer?.readableBytes ?? 0) > 0 }

  /// Frees the storage once everything in it is consumed.
  mutating func releaseWhenEmpty() { if !isMidFrame { buffer = nil } }

  private func header() throws(WireFault) -> FrameHeader? {
    guard let buffer else { return nil }
    return try FrameHeader(peekingAt: buffer, limits: limits)
  }

  private mutating func take(_ header: FrameHeader) -> Frame? {
    guard (buffer?.readableBytes ?? 0) >= header.totalLength else { return nil }
    buffer?.moveReaderIndex(forwardBy: FrameHeader.size)
    guard let head = buffer?.readSlice(length: header.headLength),
      let body = buffer?.readSlice(length: header.bodyLength)
    else { return nil }
    return Frame(header: header, head: head, body: body)
  }
}
