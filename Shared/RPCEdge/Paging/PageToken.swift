internal import Crypto
internal import Kernel

/// Opaque page tokens: base64url of a version byte, the binding to the list's other arguments, a check and the cursor.
/// The check tells a mistyped token from a good one; a token grants nothing that the call itself does not.
enum PageToken {
  private static let version: UInt8 = 1
  private static let bindingLength = 16
  private static let checkLength = 4
  /// Longest accepted token, in characters.
  static let maximumLength = 1024

  static func make(_ cursor: String, binding: [UInt8]) -> String {
    let body = [version] + binding + Array(cursor.utf8)
    return Base64URL.encode(body + check(body))
  }

  static func cursor(_ token: String, binding: [UInt8]) throws(DomainError) -> String {
    guard token.utf8.count <= maximumLength, let bytes = Base64URL.decode(token),
      bytes.count >= 1 + bindingLength + checkLength, bytes[0] == version
    else { throw invalid("page_token is not one that this service gave") }
    let body = Array(bytes.dropLast(checkLength))
    guard check(body) == Array(bytes.suffix(checkLength)),
      let cursor = String(validating: body[(1 + bindingLength)...], as: UTF8.self)
    else { throw invalid("page_token is not one that this service gave") }
    guard Array(body[1...bindingLength]) == binding else {
      throw invalid("page_token belongs to a list with other arguments; keep them, or start from the first page")
    }
    return cursor
  }

  private static func check(_ body: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: body).prefix(checkLength)) }

  private static func invalid(_ message: String) -> DomainError {
    DomainError(.invalidPageToken, message, field: "page_token")
  }
}

/// Base64 with the URL alphabet and no padding (RFC 4648 §5).
enum Base64URL {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count * 4 + 2) / 3)
    var accumulator: UInt32 = 0
    var bits = 0
    for byte in bytes {
      accumulator = accumulator << 8 | UInt32(byte)
      bits += 8
      while bits >= 6 {
        bits -= 6
        text.append(alphabet[Int(accumulator >> UInt32(bits) & 63)])
      }
    }
    if bits > 0 { text.append(alphabet[Int(accumulator << UInt32(6 - bits) & 63)]) }
    return String(decoding: text, as: UTF8.self)
  }

  /// `nil` for another alphabet, an impossible length or stray bits at the end: one token has one spelling.
  static func decode(_ text: String) -> [UInt8]? {
    guard text.utf8.count % 4 != 1 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count * 3 / 4)
    var accumulator: UInt32 = 0
    var bits = 0
    for character in text.utf8 {
      guard let value = value(character) else { return nil }
      accumulator = (accumulator << 6 | value) & 0xFFFF
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: accumulator >> UInt32(bits)))
      }
    }
    guard accumulator & ((1 << UInt32(bits)) - 1) == 0 else { return nil }
    return bytes
  }

  private static func value(_ character: UInt8) -> UInt32? {
    switch character {
    case 0x41...0x5A: UInt32(character - 0x41)
    case 0x61...0x7A: UInt32(character - 0x61 + 26)
    case 0x30...0x39: UInt32(character - 0x30 + 52)
    case 0x2D: 62
    case 0x5F: 63
    default: nil
    }
  }
}
