import NIOCore

/// What a frame does; the fifth byte of its header.
enum FrameType: UInt8, Sendable, CaseIterable {
  case settings = 1
  case open = 2
  case message = 3
  case end = 4
  case cancel = 5
  case credit = 6
  case ping = 7
  case pong = 8
  case goAway = 9
}

/// The sixth byte of a frame header.
struct FrameFlags: OptionSet, Sendable, Hashable {
  let rawValue: UInt8

  /// The body is a message, which may be empty.
  static let message = FrameFlags(rawValue: 0x01)
  /// The sender sends no more messages on this stream.
  static let halfClose = FrameFlags(rawValue: 0x02)
  /// A receiver that does not know the frame's type skips it instead of closing the connection.
  static let optional = FrameFlags(rawValue: 0x80)
}

/// The fixed part of every frame: 12 bytes, big-endian.
///
///     0        4      5       6             8            12
///     | length | type | flags | head length | stream id  | head … | body … |
struct FrameHeader: Sendable, Hashable {
  /// Bytes of the header on the wire.
  static let size = 12
  /// Bytes of the length field, which does not count itself.
  static let lengthFieldSize = 4
  /// The least that `length` can say: the rest of the header.
  static let minimumLength = size - lengthFieldSize

  var type: UInt8
  var flags: FrameFlags
  /// 0 for frames about the connection.
  var stream: UInt32
  var headLength: Int
  var bodyLength: Int

  init(_ type: FrameType, flags: FrameFlags = [], stream: UInt32 = 0, headLength: Int = 0, bodyLength: Int = 0) {
    self.type = type.rawValue
    self.flags = flags
    self.stream = stream
    self.headLength = headLength
    self.bodyLength = bodyLength
  }

  /// Reads the header at the reader index without consuming it.
  /// - Returns: `nil` when its 12 bytes have not all arrived.
  /// - Throws: `FRAME_TOO_LARGE` as soon as the length is there, `PROTOCOL_ERROR` for lengths that contradict each other.
  init?(peekingAt buffer: ByteBuffer, limits: FrameLimits) throws(WireFault) {
    let start = buffer.readerIndex
    guard let length = buffer.getInteger(at: start, as: UInt32.self) else { return nil }
    guard length >= Self.minimumLength else {
      throw WireFault(.protocolError, "frame length \(length) is below \(Self.minimumLength)")
    }
    guard length <= limits.frameBytes else {
      throw WireFault(.frameTooLarge, "frame of \(length) bytes exceeds \(limits.frameBytes)")
    }
    guard
      let (type, flags, head, stream) = buffer.getMultipleIntegers(
        at: start + Self.lengthFieldSize, as: (UInt8, UInt8, UInt16, UInt32).self)
    else { return nil }
    let payload = Int(length) - Self.minimumLength
    guard Int(head) <= payload else {
      throw WireFault(.protocolError, "head of \(head) bytes exceeds the frame's payload of \(payload)")
    }
    guard Int(head) <= limits.headBytes else {
      throw WireFault(.frameTooLarge, "head of \(head) bytes exceeds \(limits.headBytes)")
    }
    self.type = type
    self.flags = FrameFlags(rawValue: flags)
    self.stream = stream
    headLength = Int(head)
    bodyLength = payload - Int(head)
  }

  var totalLength: Int { Self.size + headLength + bodyLength }

  /// Appends the 12 bytes. The caller has checked head and body against the limits.
  func write(to buffer: inout ByteBuffer) {
    buffer.writeMultipleIntegers(
      UInt32(Self.minimumLength + headLength + bodyLength), type, flags.rawValue, UInt16(headLength), stream)
  }
}

/// The sizes that a parser refuses to exceed.
struct FrameLimits: Sendable, Hashable {
  /// Largest accepted `length` field.
  var frameBytes: Int
  /// Largest accepted head.
  var headBytes: Int
}
