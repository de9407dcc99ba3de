import Kernel

enum Amounts {
  /// Longest tenor a demand or an offer may have: fifty years.
  static let tenorMonths: ClosedRange<Int64> = 1...600

  /// Largest amount of one demand, offer, contract or payment in minor units, ten trillion yuan: beyond any firm's need,
  /// and small enough that sums over a region stay far from the end of 64 bits.
  static let maximumMinorUnits: Int64 = 1_000_000_000_000_000

  /// - Throws: `INVALID_ARGUMENT` unless more than zero, `LIMIT_EXCEEDED` above `maximumMinorUnits`.
  static func requirePositive(_ amount: Money, field: String) throws(DomainError) {
    guard amount.minorUnits <= maximumMinorUnits else {
      throw DomainError(
        .limitExceeded, "\(field) is at most \(Money(maximumMinorUnits, amount.currency)), not \(amount)",
        field: "\(field).minor_units")
    }
    guard amount.isPositive else {
      throw DomainError.invalid("\(field).minor_units", "\(field) must be more than zero, not \(amount)")
    }
  }

  /// - Throws: `INVALID_ARGUMENT`, `CURRENCY_MISMATCH`.
  static func requirePositive(_ amount: Money, in demand: Demand, field: String) throws(DomainError) {
    try requirePositive(amount, field: field)
    guard amount.currency == demand.amount.currency else {
      throw DomainError(
        .currencyMismatch, "demands/\(demand.id) is in \(demand.amount.currency), not \(amount.currency)",
        field: "\(field).currency_code")
    }
  }

  /// - Throws: `INVALID_ARGUMENT`.
  static func requireTenor(_ months: Int64, field: String = "tenor_months") throws(DomainError) {
    guard tenorMonths.contains(months) else {
      throw DomainError.invalid(
        field, "a tenor has \(tenorMonths.lowerBound) to \(tenorMonths.upperBound) months, not \(months)")
    }
  }

  /// - Throws: `INVALID_ARGUMENT` unless empty or `products/{id}`.
  static func requireProduct(_ product: String, field: String = "product") throws(DomainError) {
    if product.isEmpty { return }
    _ = try ResourceName.id(of: product, in: "products", field: field)
  }
}
