import Synchronization

/// W3C trace context: which request of a user a call belongs to, carried across hops in `traceparent`.
package struct TraceContext: Sendable, Hashable {
  /// 128 bits, never zero; shared by every hop of one request.
  package let traceHigh: UInt64
  package let traceLow: UInt64
  /// 64 bits, never zero; this hop.
  package let span: UInt64
  /// Whether the caller asked for the trace to be recorded.
  package let sampled: Bool

  /// Length of a version 00 `traceparent`: `00-` 32 `-` 16 `-` 2.
  static let headerLength = 55

  package init(traceHigh: UInt64, traceLow: UInt64, span: UInt64, sampled: Bool) {
    self.traceHigh = traceHigh
    self.traceLow = traceLow
    self.span = span
    self.sampled = sampled
  }

  /// A new trace. Ids are unique, not secret.
  package static func root(sampled: Bool = false) -> TraceContext {
    TraceContext(
      traceHigh: TraceIDs.shared.next(), traceLow: TraceIDs.shared.next(), span: TraceIDs.shared.next(),
      sampled: sampled)
  }

  /// The same trace, one hop further.
  package func child() -> TraceContext {
    TraceContext(traceHigh: traceHigh, traceLow: traceLow, span: TraceIDs.shared.next(), sampled: sampled)
  }

  /// Reads a `traceparent` header; `nil` when it does not follow the standard, in which case a new trace starts. Unknown
  /// later versions are read as version 00, as the standard demands.
  package init?(traceparent text: String) {
    var text = text
    let parsed = text.withUTF8 { bytes -> TraceContext? in
      guard bytes.count >= Self.headerLength, bytes[2] == Self.dash, bytes[35] == Self.dash, bytes[52] == Self.dash,
        let version = Self.hexadecimal(bytes[0..<2]), version != 0xFF,
        version != 0 || bytes.count == Self.headerLength,
        bytes.count == Self.headerLength || bytes[Self.headerLength] == Self.dash,
        let high = Self.hexadecimal(bytes[3..<19]), let low = Self.hexadecimal(bytes[19..<35]), high | low != 0,
        let span = Self.hexadecimal(bytes[36..<52]), span != 0,
        let flags = Self.hexadecimal(bytes[53..<55])
      else { return nil }
      return TraceContext(traceHigh: high, traceLow: low, span: span, sampled: flags & 1 == 1)
    }
    guard let parsed else { return nil }
    self = parsed
  }

  /// The `traceparent` header.
  package var traceparent: String {
    String(unsafeUninitializedCapacity: Self.headerLength) { buffer in
      buffer[0] = 0x30
      buffer[1] = 0x30
      buffer[2] = Self.dash
      Self.write(traceHigh, into: buffer, at: 3)
      Self.write(traceLow, into: buffer, at: 19)
      buffer[35] = Self.dash
      Self.write(span, into: buffer, at: 36)
      buffer[52] = Self.dash
      buffer[53] = 0x30
      buffer[54] = sampled ? 0x31 : 0x30
      return Self.headerLength
    }
  }

  /// The 32 hexadecimal digits that logs carry.
  package var traceID: String {
    String(unsafeUninitializedCapacity: 32) { buffer in
      Self.write(traceHigh, into: buffer, at: 0)
      Self.write(traceLow, into: buffer, at: 16)
      return 32
    }
  }

  private static let dash: UInt8 = 0x2D

  /// Lower-case hexadecimal only: the standard refuses capitals.
  private static func hexadecimal(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> UInt64? {
    var value: UInt64 = 0
    for byte in bytes {
      switch byte {
      case 0x30...0x39: value = value << 4 | UInt64(byte - 0x30)
      case 0x61...0x66: value = value << 4 | UInt64(byte - 0x57)
      default: return nil
      }
    }
    return value
  }

  private static func write(_ value: UInt64, into buffer: UnsafeMutableBufferPointer<UInt8>, at start: Int) {
    for index in 0..<16 {
      let digit = UInt8(truncatingIfNeeded: value >> UInt64(60 - 4 * index)) & 15
      buffer[start + index] = digit < 10 ? 0x30 + digit : 0x57 + digit
    }
  }
}

/// Ids from one random seed and a counter mixed by SplitMix64: unique within a process, and across processes but for a
/// chance of 2⁻⁶⁴, at the price of one atomic addition.
private final class TraceIDs: Sendable {
  static let shared = TraceIDs()

  private let state = Atomic<UInt64>(UInt64.random(in: .min ... .max))

  func next() -> UInt64 {
    var mixed = state.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    mixed ^= mixed >> 31
    return mixed == 0 ? 1 : mixed
  }
}
