/// A value bound to a parameter of a statement. There is no floating-point case: the suite keeps none.
public enum SQLValue: Sendable, Hashable {
  case null
  case integer(Int64)
  case text(String)
  case blob([UInt8])

  /// `NULL` when there is no text.
  public static func text(_ value: String?) -> SQLValue { value.map(SQLValue.text) ?? .null }
  /// `NULL` when there is no number.
  public static func integer(_ value: Int64?) -> SQLValue { value.map(SQLValue.integer) ?? .null }
  /// `NULL` when there are no bytes.
  public static func blob(_ value: [UInt8]?) -> SQLValue { value.map(SQLValue.blob) ?? .null }
  /// 1 or 0; SQL has no Boolean that both engines share.
  public static func flag(_ value: Bool) -> SQLValue { .integer(value ? 1 : 0) }
}

extension SQLValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByNilLiteral {
  public init(integerLiteral value: Int64) { self = .integer(value) }
  public init(stringLiteral value: String) { self = .text(value) }
  public init(nilLiteral: ()) { self = .null }
}
