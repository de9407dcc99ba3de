package import Kernel

/// Limits on free text: long enough for any honest use, short enough that a log entry stays small.
package enum Texts {
  package static let maximumName = 200
  package static let maximumPurpose = 500
  package static let maximumReason = 500
  package static let maximumTag = 64
  package static let maximumReference = 300

  /// A text of 1 to `maximum` characters without control characters.
  /// - Throws: `REQUIRED_FIELD_MISSING`, `INVALID_ARGUMENT`.
  package static func required(_ text: String, _ field: String, maximum: Int) throws(DomainError) -> String {
    if text.isEmpty || text.unicodeScalars.allSatisfy(\.properties.isWhitespace) {
      throw DomainError(.requiredFieldMissing, "\(field) is required", field: field)
    }
    return try optional(text, field, maximum: maximum)
  }

  /// A text of at most `maximum` characters without control characters.
  /// - Throws: `INVALID_ARGUMENT`.
  package static func optional(_ text: String, _ field: String, maximum: Int) throws(DomainError) -> String {
    // Bytes first: counting characters of a text of megabytes would cost more than refusing it.
    guard text.utf8.count <= maximum * 4, text.unicodeScalars.count <= maximum else {
      throw DomainError.invalid(field, "\(field) has more than \(maximum) characters")
    }
    if text.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }) {
      throw DomainError.invalid(field, "\(field) contains a control character")
    }
    return text
  }
}
