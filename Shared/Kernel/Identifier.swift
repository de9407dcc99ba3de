/// Resource identifiers in the shape of a ULID: 48 bits of milliseconds and 80 bits of randomness in Crockford base 32,
/// 26 characters that sort by time. Time and randomness arrive as values.
public enum Identifier {
  private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

  public static func make(at instant: Instant, random high: UInt16, _ low: UInt64) -> String {
    let milliseconds = UInt64(max(0, instant.microseconds / 1000)) & 0xFFFF_FFFF_FFFF
    let upper = (UInt128(milliseconds) << 80) | (UInt128(high) << 64) | UInt128(low)
    var characters = [UInt8](repeating: 0, count: 26)
    var rest = upper
    for index in stride(from: 25, through: 0, by: -1) {
      characters[index] = alphabet[Int(rest & 31)]
      rest >>= 5
    }
    return String(decoding: characters, as: UTF8.self)
  }
}

/// `collection/id` resource names (AIP-122): one collection segment, one id of 1–64 characters `[A-Za-z0-9._~-]`.
public enum ResourceName {
  public static let maximumIDLength = 64

  /// The id behind `collection/`.
  /// - Throws: `INVALID_RESOURCE_NAME` naming the field.
  public static func id(of name: String, in collection: String, field: String = "name") throws(DomainError) -> String {
    // An id has no slash: what follows the first one is all of it.
    if let slash = name.utf8.firstIndex(of: UInt8(ascii: "/")), name[..<slash] == collection {
      let id = name[name.index(after: slash)...]
      if isID(id) { return String(id) }
    }
    throw DomainError(
      .invalidResourceName, "\"\(name.prefix(96))\" is not of the form \(collection)/{id}", field: field)
  }

  public static func isID(_ text: some StringProtocol) -> Bool {
    (1...maximumIDLength).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        switch $0 {
        case 48...57, 65...90, 97...122, 45, 46, 95, 126: true
        default: false
        }
      }
  }
}
