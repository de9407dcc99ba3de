package import Kernel

/// What is known of a firm and its need, attribute by attribute: flat arrays by attribute, so that an index is asked
/// without a dictionary in between.
package struct Profile: Hashable, Sendable {
  /// By `OrderedAttribute.rawValue`; `nil` is unknown.
  package private(set) var ordered: [Int64?]
  /// By `ChoiceAttribute.rawValue`; no bit is unknown.
  package private(set) var choices: [UInt64]
  /// By `CodeAttribute.rawValue`; `nil` is unknown.
  package private(set) var codes: [String?]
  /// By `SetAttribute.rawValue`.
  package private(set) var sets: [Set<String>]
  /// Security the firm can give, most preferred first; empty when it did not say.
  package var securityPreference: [SecurityMode] = []

  package init() {
    ordered = Array(repeating: nil, count: OrderedAttribute.allCases.count)
    choices = Array(repeating: 0, count: ChoiceAttribute.allCases.count)
    codes = Array(repeating: nil, count: CodeAttribute.allCases.count)
    sets = Array(repeating: [], count: SetAttribute.allCases.count)
  }

  package subscript(_ attribute: OrderedAttribute) -> Int64? {
    get { ordered[attribute.rawValue] }
    set { ordered[attribute.rawValue] = newValue }
  }

  package subscript(_ attribute: ChoiceAttribute) -> UInt64 {
    get { choices[attribute.rawValue] }
    set { choices[attribute.rawValue] = newValue }
  }

  package subscript(_ attribute: CodeAttribute) -> String? {
    get { codes[attribute.rawValue] }
    set { codes[attribute.rawValue] = newValue }
  }

  package subscript(_ attribute: SetAttribute) -> Set<String> {
    get { sets[attribute.rawValue] }
    set { sets[attribute.rawValue] = newValue }
  }

  /// Sets a fact that is true or false; `nil` leaves it unknown.
  package mutating func set(_ attribute: ChoiceAttribute, fact: Bool?) {
    if let fact { self[attribute] = fact ? 2 : 1 } else { self[attribute] = 0 }
  }

  /// Completes the need: an instrument or a security that was not named is any.
  package mutating func setNeed(
    instruments: [Instrument], amount: Money, tenor: Tenor?, securityModes: [SecurityMode], asOf: BusinessDate
  ) {
    self[.instrument] =
      instruments.isEmpty ? ChoiceAttribute.instrument.domain : instruments.reduce(0) { $0 | 1 << UInt64($1.rawValue) }
    self[.securityMode] =
      securityModes.isEmpty
      ? ChoiceAttribute.securityMode.domain : securityModes.reduce(0) { $0 | 1 << UInt64($1.rawValue) }
    self[.currency] = Currencies.bit(amount.currency)
    self[.amount] = amount.minorUnits
    self[.tenorDays] = tenor?.comparableDays
    self[.asOfDay] = Int64(asOf.dayNumber)
    securityPreference = securityModes
  }

  /// - Throws: `INVALID_REGION`, `INVALID_INDUSTRY`, `INVALID_ARGUMENT` naming the field of the firm.
  package mutating func normalise() throws(DomainError) {
    if let region = self[.region] { try RegionCode.validate(region, field: "firm.region_code") }
    if let industry = self[.industry] {
      self[.industry] = try IndustryCode.canonical(industry, field: "firm.industry_code")
    }
    for attribute in SetAttribute.allCases where self[attribute].count > CatalogLimits.profileStrings {
      throw .invalid("firm.\(attribute.key)", "at most \(CatalogLimits.profileStrings) entries")
    }
    for attribute in OrderedAttribute.allCases {
      if let value = self[attribute], !attribute.domain.contains(value) {
        let owner = attribute == .amount || attribute == .tenorDays || attribute == .asOfDay ? "need" : "firm"
        throw .invalid("\(owner).\(attribute.key)", "\(value) is out of range")
      }
    }
  }
}
