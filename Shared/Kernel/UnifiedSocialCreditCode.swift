/// 统一社会信用代码 (GB 32100-2015): 18 characters, the last a check character modulo 31; characters 9–17 are the
/// organisation code of GB 11714 with a check character modulo 11 of its own.
public struct UnifiedSocialCreditCode: Hashable, Sendable, CustomStringConvertible {
  public let text: String
  public let standing: Standing

  /// Codes issued in the early pilot may fail position 18 although position 17 is right; they are lawful, and accepted
  /// only from an allow list.
  public enum Standing: String, Sendable { case valid, legacy }

  private static let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)
  private static let valueOf: [UInt8: Int] = Dictionary(
    uniqueKeysWithValues: alphabet.enumerated().map { ($1, $0) })
  private static let organisationWeights = [3, 7, 9, 10, 5, 8, 4, 2]

  /// - Throws: `INVALID_USCC` naming what is wrong: length, character, or both check characters.
  public init(_ text: String, field: String = "uscc") throws(DomainError) {
    let bytes = Array(text.utf8)
    guard bytes.count == 18 else {
      throw DomainError(
        .invalidUSCC, "a unified social credit code has 18 characters, not \(bytes.count)", field: field)
    }
    var weight = 1
    var sum = 0
    for (index, byte) in bytes.enumerated() {
      guard let value = Self.valueOf[byte] else {
        throw DomainError(.invalidUSCC, "character \(index + 1) is outside GB 32100-2015", field: field)
      }
      if index < 17 { sum += value * weight }
      weight = weight * 3 % 31
    }
    if Self.alphabet[(31 - sum % 31) % 31] == bytes[17] {
      standing = .valid
    } else if Self.organisationCheck(bytes[8..<16]) == bytes[16] {
      standing = .legacy
    } else {
      throw DomainError(.invalidUSCC, "check characters 17 and 18 do not fit", field: field)
    }
    self.text = text
  }

  /// Builds the valid code of a 17-character body; `nil` when the body has a wrong length or character. For generators
  /// of test and demonstration data.
  public static func completing(body: String) -> UnifiedSocialCreditCode? {
    let bytes = Array(body.utf8)
    guard bytes.count == 17 else { return nil }
    var weight = 1
    var sum = 0
    for byte in bytes {
      guard let value = valueOf[byte] else { return nil }
      sum += value * weight
      weight = weight * 3 % 31
    }
    return try? UnifiedSocialCreditCode(body + String(decoding: [alphabet[(31 - sum % 31) % 31]], as: UTF8.self))
  }

  /// The GB 11714 check character of an eight-character organisation code body.
  public static func organisationCheck(_ body: some Collection<UInt8>) -> UInt8? {
    var sum = 0
    for (byte, weight) in zip(body, organisationWeights) {
      switch byte {
      case 48...57: sum += Int(byte - 48) * weight
      case 65...90: sum += Int(byte - 55) * weight
      default: return nil
      }
    }
    switch (11 - sum % 11) % 11 {
    case 10: return UInt8(ascii: "X")
    case let digit: return 48 + UInt8(digit)
    }
  }

  public var description: String { text }
}
