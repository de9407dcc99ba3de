package import Kernel
package import SwiftProtobuf

/// Checks of request fields. Each error names the field as the caller wrote it (`demand.amount.minor_units`).
package enum Require {
  /// Longest free text unless the field says otherwise, in characters.
  package static let maximumTextLength = 2000

  /// A message field that must be set: `try Require.set(message.hasAmount, "amount")`.
  /// - Throws: `REQUIRED_FIELD_MISSING`.
  package static func set(_ isSet: Bool, _ field: String) throws(DomainError) {
    if !isSet { throw missing(field) }
  }

  /// Text that must not be empty.
  /// - Throws: `REQUIRED_FIELD_MISSING`; `INVALID_ARGUMENT` when longer than `maximum` characters or with control
  ///   characters other than line feeds and tabs.
  @discardableResult
  package static func text(
    _ text: String, _ field: String, maximum: Int = maximumTextLength
  ) throws(DomainError) -> String {
    if text.isEmpty { throw missing(field) }
    return try optionalText(text, field, maximum: maximum)
  }

  /// Text that may be empty.
  /// - Throws: `INVALID_ARGUMENT` as `text`.
  @discardableResult
  package static func optionalText(
    _ text: String, _ field: String, maximum: Int = maximumTextLength
  ) throws(DomainError) -> String {
    // Counted in Unicode scalars: a grapheme can be as long as its writer likes.
    guard text.unicodeScalars.count <= maximum else {
      throw .invalid(field, "is longer than \(maximum) characters")
    }
    guard text.unicodeScalars.allSatisfy({ $0 == "\n" || $0 == "\t" || !isControl($0) }) else {
      throw .invalid(field, "contains a control character")
    }
    return text
  }

  /// A known enum value other than the zero one.
  /// - Throws: `REQUIRED_FIELD_MISSING` for the zero value; `INVALID_ARGUMENT` for a number this version does not know.
  @discardableResult
  package static func value<Value: SwiftProtobuf.Enum & CaseIterable>(
    _ value: Value, _ field: String
  ) throws(DomainError) -> Value {
    if value.rawValue == 0 { throw missing(field) }
    return try known(value, field)
  }

  /// A known enum value, the zero one included.
  /// - Throws: `INVALID_ARGUMENT`.
  @discardableResult
  package static func known<Value: SwiftProtobuf.Enum & CaseIterable>(
    _ value: Value, _ field: String
  ) throws(DomainError) -> Value {
    guard Value.allCases.contains(where: { $0.rawValue == value.rawValue }) else {
      throw .invalid(field, "has no value \(value.rawValue)")
    }
    return value
  }

  /// A number within bounds, both inclusive.
  /// - Throws: `INVALID_ARGUMENT`.
  @discardableResult
  package static func number<Number: FixedWidthInteger>(
    _ number: Number, in bounds: ClosedRange<Number>, _ field: String
  ) throws(DomainError) -> Number {
    guard bounds.contains(number) else {
      throw .invalid(field, "must lie between \(bounds.lowerBound) and \(bounds.upperBound), not \(number)")
    }
    return number
  }

  /// A list of bounded length.
  /// - Throws: `REQUIRED_FIELD_MISSING` when empty and `minimum` is above zero; `BATCH_TOO_LARGE`.
  package static func count(_ count: Int, minimum: Int = 0, maximum: Int, _ field: String) throws(DomainError) {
    if count == 0, minimum > 0 { throw missing(field) }
    if count < minimum { throw .invalid(field, "needs at least \(minimum) entries, not \(count)") }
    if count > maximum {
      throw DomainError(.batchTooLarge, "\(field) takes at most \(maximum) entries, not \(count)", field: field)
    }
  }

  private static func missing(_ field: String) -> DomainError {
    DomainError(.requiredFieldMissing, "\(field) is required", field: field)
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
  }
}
