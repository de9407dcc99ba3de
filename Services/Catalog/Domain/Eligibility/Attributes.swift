package import Kernel

/// How hard a change of an attribute is for a firm; also the weight by which the smallest change is sought.
package enum ChangeClass: Int, Sendable, Comparable, CaseIterable {
  /// The need itself: amount, tenor, instrument, security.
  case need = 1
  /// What the firm can do or tell: a consent, a guarantee, a pledge.
  case action
  /// What takes the firm time: revenue, staff, a better grade.
  case growth
  /// What a firm hardly changes: region, industry, legal form, the date.
  case structure

  package static func < (left: ChangeClass, right: ChangeClass) -> Bool { left.rawValue < right.rawValue }
}

/// Attributes with an order: whole numbers of a unit, grades as ranks (higher is better). One more attribute is one more
/// case here and one line in the mapping of the wire.
package enum OrderedAttribute: Int, Sendable, CaseIterable, NamedAttribute {
  // Of the need
  case amount, tenorDays, asOfDay
  // Of the firm
  case monthsInBusiness, annualRevenue, totalAssets, staff, debtRatio, platformGrade, creditGrade, taxGrade
  case innovationPoints

  package var key: String {
    switch self {
    case .amount: "amount"
    case .tenorDays: "tenor_days"
    case .asOfDay: "as_of"
    case .monthsInBusiness: "months_in_business"
    case .annualRevenue: "annual_revenue"
    case .totalAssets: "total_assets"
    case .staff: "staff"
    case .debtRatio: "debt_ratio"
    case .platformGrade: "platform_grade"
    case .creditGrade: "credit_grade"
    case .taxGrade: "tax_grade"
    case .innovationPoints: "innovation_points"
    }
  }

  package var changeClass: ChangeClass {
    switch self {
    case .amount, .tenorDays: .need
    case .asOfDay: .structure
    case .monthsInBusiness, .annualRevenue, .totalAssets, .staff, .debtRatio, .platformGrade, .creditGrade, .taxGrade,
      .innovationPoints:
      .growth
    }
  }

  /// The values a firm can have; candidates for a change stay inside.
  package var domain: ClosedRange<Int64> {
    switch self {
    case .platformGrade, .creditGrade, .taxGrade: 1...5
    case .amount, .tenorDays: 1...Int64.max
    case .asOfDay: Int64(Int32.min)...Int64(Int32.max)
    case .monthsInBusiness, .annualRevenue, .totalAssets, .staff, .debtRatio, .innovationPoints: 0...Int64.max
    }
  }

  /// A value as people read it.
  package func text(_ value: Int64) -> String {
    switch self {
    case .amount, .annualRevenue, .totalAssets: Money(value, .cny).description
    case .debtRatio: Rate(ppm: value).description
    case .platformGrade: Grades.text(value, Grades.platform)
    case .creditGrade: Grades.text(value, Grades.credit)
    case .taxGrade: Grades.text(value, Grades.tax)
    case .asOfDay: Int32(exactly: value).flatMap { try? BusinessDate(dayNumber: $0) }?.description ?? "\(value)"
    case .tenorDays, .monthsInBusiness, .staff, .innovationPoints: "\(value)"
    }
  }
}

/// Grade ranks: 5 the best, 1 the worst.
package enum Grades {
  package static let platform = ["E", "D", "C", "B", "A"]
  package static let credit = ["below A", "A", "A+", "AA", "AAA"]
  package static let tax = ["D", "C", "M", "B", "A"]

  /// Rank of a wire value, where 1 is the best of five.
  package static func rank(wire: Int) -> Int64 { Int64(6 - wire) }

  static func text(_ rank: Int64, _ names: [String]) -> String {
    (1...5).contains(rank) ? names[Int(rank) - 1] : "\(rank)"
  }
}

/// Attributes with one of at most 64 values, as a bit set; a need may accept several at once. Zero bits mean unknown.
package enum ChoiceAttribute: Int, Sendable, CaseIterable, NamedAttribute {
  // Of the need
  case instrument, securityMode, currency
  // Of the firm
  case size, legalForm, chainRole
  // Facts that are true or false
  case firstLoan, guaranteeAvailable, housingFundCurrent, existingLoanNormal, renewalCommitted

  package var key: String {
    switch self {
    case .instrument: "instrument"
    case .securityMode: "security_mode"
    case .currency: "currency"
    case .size: "size"
    case .legalForm: "legal_form"
    case .chainRole: "chain_role"
    case .firstLoan: "first_loan"
    case .guaranteeAvailable: "guarantee_available"
    case .housingFundCurrent: "housing_fund_current"
    case .existingLoanNormal: "existing_loan_normal"
    case .renewalCommitted: "renewal_committed"
    }
  }

  package var changeClass: ChangeClass {
    switch self {
    case .instrument, .securityMode, .currency: .need
    case .guaranteeAvailable, .housingFundCurrent, .renewalCommitted: .action
    case .existingLoanNormal, .size: .growth
    case .legalForm, .chainRole, .firstLoan: .structure
    }
  }

  /// Names of the values, by bit; an empty name is no value.
  package var values: [String] {
    switch self {
    case .instrument: [""] + Instrument.allCases.map(\.key)
    case .securityMode: [""] + SecurityMode.allCases.map(\.key)
    case .currency: Currencies.codes
    case .size: ["", "MICRO", "SMALL", "MEDIUM", "LARGE"]
    case .legalForm:
      [
        "", "COMPANY", "PARTNERSHIP", "SOLE_PROPRIETORSHIP", "SOLE_TRADER", "COOPERATIVE", "FAMILY_FARM", "FARMER",
        "PUBLIC_INSTITUTION", "RURAL_COLLECTIVE", "PERSON",
      ]
    case .chainRole: ["", "CORE", "UPSTREAM", "DOWNSTREAM"]
    case .firstLoan, .guaranteeAvailable, .housingFundCurrent, .existingLoanNormal, .renewalCommitted:
      ["false", "true"]
    }
  }

  /// Every value this attribute knows.
  package var domain: UInt64 { Self.domains[rawValue] }

  private static let domains: [UInt64] = allCases.map { attribute in
    attribute.values.enumerated().reduce(0) { $1.element.isEmpty ? $0 : $0 | (1 << UInt64($1.offset)) }
  }

  /// Whether the need may accept several values at once.
  package var isMultiple: Bool { self == .instrument || self == .securityMode }

  /// A set of values as people read it.
  package func text(_ mask: UInt64) -> String {
    values.enumerated().filter { mask & (1 << UInt64($0.offset)) != 0 && !$0.element.isEmpty }.map(\.element)
      .joined(separator: ", ")
  }
}

/// Currencies by bit, in the order of their introduction here; never reordered.
package enum Currencies {
  package static let codes = ["CNY", "USD", "AUD", "EUR", "GBP", "HKD", "SGD", "CHF", "CAD", "NZD"]

  package static func bit(_ currency: Currency) -> UInt64 {
    codes.firstIndex(of: currency.code).map { 1 << UInt64($0) } ?? 0
  }
}

/// Attributes that are hierarchical codes: a shorter code contains the longer ones that begin with it.
package enum CodeAttribute: Int, Sendable, CaseIterable, NamedAttribute {
  case region, industry

  package var key: String {
    switch self {
    case .region: "region"
    case .industry: "industry"
    }
  }

  package var changeClass: ChangeClass { .structure }
}

/// Attributes that are sets of words. The firm's set is complete: what is not in it is absent, not unknown.
package enum SetAttribute: Int, Sendable, CaseIterable, NamedAttribute {
  case tags, consents, collateral, relationships

  package var key: String {
    switch self {
    case .tags: "tags"
    case .consents: "consents"
    case .collateral: "collateral"
    case .relationships: "relationships"
    }
  }

  package var changeClass: ChangeClass {
    switch self {
    case .consents, .collateral, .relationships: .action
    case .tags: .growth
    }
  }
}

/// An attribute whose key is its name in reasons and in stored conditions; stored by key so that cases may be reordered.
package protocol NamedAttribute: Hashable, Codable, CaseIterable {
  var key: String { get }
}

extension NamedAttribute {
  package init(from decoder: any Decoder) throws {
    let key = try decoder.singleValueContainer().decode(String.self)
    guard let match = Self.allCases.first(where: { $0.key == key }) else {
      throw DomainError(.internal, "a stored condition names the unknown attribute \"\(key)\"")
    }
    self = match
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(key)
  }
}
