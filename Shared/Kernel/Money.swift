/// An exact amount of money: a whole number of minor units (分 for CNY) of one ISO 4217 currency.
///
/// Official lists print 万元 with six decimals, which is exactly one 分, so an integer loses nothing. Arithmetic never
/// wraps and never mixes currencies: both are errors that name the operation.
public struct Money: Hashable, Sendable, Codable {
  /// Three upper-case letters, ISO 4217.
  public let currency: Currency
  /// Any `Int64`; negative amounts are allowed here and refused by the rules that do not want them.
  public let minorUnits: Int64

  public init(_ minorUnits: Int64, _ currency: Currency) {
    self.minorUnits = minorUnits
    self.currency = currency
  }

  public static func zero(_ currency: Currency) -> Money { Money(0, currency) }

  public var isZero: Bool { minorUnits == 0 }
  public var isPositive: Bool { minorUnits > 0 }
  public var isNegative: Bool { minorUnits < 0 }

  /// - Throws: `AMOUNT_OVERFLOW`, `CURRENCY_MISMATCH`.
  public func adding(_ other: Money) throws(DomainError) -> Money {
    try requireSameCurrency(other)
    let (sum, overflow) = minorUnits.addingReportingOverflow(other.minorUnits)
    if overflow { throw .amountOverflow("\(self) + \(other)") }
    return Money(sum, currency)
  }

  /// - Throws: `AMOUNT_OVERFLOW`, `CURRENCY_MISMATCH`.
  public func subtracting(_ other: Money) throws(DomainError) -> Money {
    try requireSameCurrency(other)
    let (difference, overflow) = minorUnits.subtractingReportingOverflow(other.minorUnits)
    if overflow { throw .amountOverflow("\(self) - \(other)") }
    return Money(difference, currency)
  }

  /// - Throws: `CURRENCY_MISMATCH`.
  public func isLess(than other: Money) throws(DomainError) -> Bool {
    try requireSameCurrency(other)
    return minorUnits < other.minorUnits
  }

  /// `self × rate`, rounded half away from zero (四舍五入) once.
  /// - Throws: `AMOUNT_OVERFLOW`.
  public func times(_ rate: Rate) throws(DomainError) -> Money {
    Money(try ExactRatio.multiply(minorUnits, rate.ppm, dividedBy: Rate.one.ppm), currency)
  }

  private func requireSameCurrency(_ other: Money) throws(DomainError) {
    if currency != other.currency {
      throw DomainError(.currencyMismatch, "\(currency) and \(other.currency) cannot be combined")
    }
  }
}

extension Money: CustomStringConvertible {
  /// `CNY 1234.56`; the minor unit is printed with two decimals whatever the currency's exponent, because the suite
  /// keeps only currencies of two decimals (`Currency.init`).
  public var description: String {
    let magnitude = minorUnits.magnitude
    let cents = magnitude % 100
    return "\(currency) \(minorUnits < 0 ? "-" : "")\(magnitude / 100).\(cents < 10 ? "0" : "")\(cents)"
  }
}

/// An ISO 4217 currency of two decimals, as three upper-case letters.
public struct Currency: Hashable, Sendable, Codable, CustomStringConvertible {
  public let code: String

  public static let cny = Currency(unchecked: "CNY")
  public static let usd = Currency(unchecked: "USD")
  public static let aud = Currency(unchecked: "AUD")
  public static let eur = Currency(unchecked: "EUR")

  /// Currencies whose minor unit is a hundredth; others are refused rather than misprinted.
  private static let supported: Set<String> = ["CNY", "USD", "AUD", "EUR", "GBP", "HKD", "SGD", "CHF", "CAD", "NZD"]

  private init(unchecked code: String) { self.code = code }

  /// - Throws: `INVALID_CURRENCY` for anything but a supported two-decimal ISO 4217 code.
  public init(_ code: String, field: String = "currency_code") throws(DomainError) {
    guard Self.supported.contains(code) else {
      throw DomainError(
        .invalidCurrency, "\"\(code.prefix(16))\" is not a supported ISO 4217 currency of two decimals", field: field)
    }
    self.code = code
  }

  public init(from decoder: any Decoder) throws {
    let code = try decoder.singleValueContainer().decode(String.self)
    try self.init(code)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(code)
  }

  public var description: String { code }
}
