package import Kernel
package import Protos

extension Money {
  /// - Throws: `INVALID_CURRENCY` naming `field.currency_code`.
  package init(_ proto: Huirong_Common_V1_Money, field: String) throws(DomainError) {
    self.init(proto.minorUnits, try Currency(proto.currencyCode, field: "\(field).currency_code"))
  }

  /// An amount above zero.
  /// - Throws: `INVALID_CURRENCY`, `INVALID_ARGUMENT` naming `field.minor_units`.
  package static func positive(_ proto: Huirong_Common_V1_Money, field: String) throws(DomainError) -> Money {
    let money = try Money(proto, field: field)
    guard money.isPositive else {
      throw .invalid("\(field).minor_units", "must be above zero, not \(proto.minorUnits)")
    }
    return money
  }

  /// An amount of zero or more.
  /// - Throws: `INVALID_CURRENCY`, `INVALID_ARGUMENT` naming `field.minor_units`.
  package static func nonNegative(_ proto: Huirong_Common_V1_Money, field: String) throws(DomainError) -> Money {
    let money = try Money(proto, field: field)
    guard !money.isNegative else { throw .invalid("\(field).minor_units", "must not be negative: \(proto.minorUnits)") }
    return money
  }
}

extension Huirong_Common_V1_Money {
  package init(_ money: Money) {
    self.init()
    currencyCode = money.currency.code
    minorUnits = money.minorUnits
  }
}
