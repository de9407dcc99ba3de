import CatalogDomain
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf

extension Condition {
  init(_ proto: Huirong_Catalog_V1_Condition, _ field: String) throws(DomainError) {
    switch proto.kind {
    case .region(let list): self = .within(.region, list.prefixes)
    case .industry(let list): self = .within(.industry, list.prefixes)
    case .size(let list): self = .oneOf(.size, try Self.mask(list.sizes, .size, "\(field).size.sizes"))
    case .legalForm(let list):
      self = .oneOf(.legalForm, try Self.mask(list.forms, .legalForm, "\(field).legal_form.forms"))
    case .chainRole(let list):
      self = .oneOf(.chainRole, try Self.mask(list.roles, .chainRole, "\(field).chain_role.roles"))
    case .tags(let list): self = .hasAny(.tags, list.anyOf)
    case .consents(let list): self = .hasAny(.consents, list.anyOf)
    case .collateral(let list): self = .hasAny(.collateral, list.anyOf)
    case .relationships(let list): self = .hasAny(.relationships, list.anyOf)
    case .monthsInBusiness(let range): self = .range(.monthsInBusiness, IntegerRange(range))
    case .annualRevenue(let range):
      self = .range(.annualRevenue, try IntegerRange(range, "\(field).annual_revenue"))
    case .totalAssets(let range): self = .range(.totalAssets, try IntegerRange(range, "\(field).total_assets"))
    case .staff(let range): self = .range(.staff, IntegerRange(range))
    case .debtRatio(let range): self = .range(.debtRatio, IntegerRange(range))
    case .platformGrade(let grade):
      self = try Self.grade(.platformGrade, grade.atLeast.rawValue, grade.exclusive, "\(field).platform_grade.at_least")
    case .creditGrade(let grade):
      self = try Self.grade(.creditGrade, grade.atLeast.rawValue, grade.exclusive, "\(field).credit_grade.at_least")
    case .taxGrade(let grade):
      self = try Self.grade(.taxGrade, grade.atLeast.rawValue, grade.exclusive, "\(field).tax_grade.at_least")
    case .innovationPoints(let range): self = .range(.innovationPoints, IntegerRange(range))
    case .firstLoan(let flag): self = .fact(.firstLoan, flag.expected)
    case .guaranteeAvailable(let flag): self = .fact(.guaranteeAvailable, flag.expected)
    case .housingFundCurrent(let flag): self = .fact(.housingFundCurrent, flag.expected)
    case .existingLoanNormal(let flag): self = .fact(.existingLoanNormal, flag.expected)
    case .renewalCommitted(let flag): self = .fact(.renewalCommitted, flag.expected)
    case nil: throw DomainError(.requiredFieldMissing, "one kind of condition is required", field: field)
    }
  }

  private static func fact(_ attribute: ChoiceAttribute, _ expected: Bool) -> Condition {
    .oneOf(attribute, expected ? 2 : 1)
  }

  private static func mask<Value: SwiftProtobuf.Enum>(
    _ values: [Value], _ attribute: ChoiceAttribute, _ field: String
  ) throws(DomainError) -> UInt64 {
    var mask: UInt64 = 0
    for (index, value) in values.enumerated() {
      mask |= try attribute.bit(wire: value.rawValue, "\(field)[\(index)]")
    }
    return mask
  }

  private static func grade(
    _ attribute: OrderedAttribute, _ wire: Int, _ exclusive: Bool, _ field: String
  ) throws(DomainError) -> Condition {
    guard let rank = try Grades.read(wire, field) else {
      throw DomainError(.requiredFieldMissing, "a grade is required", field: field)
    }
    return .range(attribute, IntegerRange(min: rank, minExclusive: exclusive))
  }
}

extension ChoiceAttribute {
  /// The bit of a wire enum's number.
  /// - Throws: for 0 and for numbers the attribute does not know.
  func bit(wire: Int, _ field: String) throws(DomainError) -> UInt64 {
    guard (1..<64).contains(wire), domain & (1 << UInt64(wire)) != 0 else {
      throw .invalid(field, "no such value: \(wire)")
    }
    return 1 << UInt64(wire)
  }

  /// Wire numbers of a set, ascending.
  static func wire(_ mask: UInt64) -> [Int] { (0..<64).filter { mask & (1 << UInt64($0)) != 0 } }
}

extension Grades {
  /// The rank of a wire grade; `nil` when not given.
  static func read(_ wire: Int, _ field: String) throws(DomainError) -> Int64? {
    if wire == 0 { return nil }
    guard (1...5).contains(wire) else { throw .invalid(field, "no such grade: \(wire)") }
    return rank(wire: wire)
  }

  /// The wire number of a rank.
  static func wire(_ rank: Int64?) -> Int { rank.map { Int(6 - $0) } ?? 0 }
}

extension Huirong_Catalog_V1_Condition {
  init(_ condition: Condition) {
    self.init()
    switch condition {
    case .range(let attribute, let range): set(attribute, range)
    case .oneOf(let attribute, let mask): set(attribute, mask)
    case .within(.region, let prefixes): region.prefixes = prefixes
    case .within(.industry, let prefixes): industry.prefixes = prefixes
    case .hasAny(.tags, let words): tags.anyOf = words
    case .hasAny(.consents, let words): consents.anyOf = words
    case .hasAny(.collateral, let words): collateral.anyOf = words
    case .hasAny(.relationships, let words): relationships.anyOf = words
    }
  }

  private mutating func set(_ attribute: OrderedAttribute, _ range: IntegerRange) {
    switch attribute {
    case .monthsInBusiness: monthsInBusiness = .init(range)
    case .annualRevenue: annualRevenue = .init(range)
    case .totalAssets: totalAssets = .init(range)
    case .staff: staff = .init(range)
    case .debtRatio: debtRatio = .init(range)
    case .platformGrade:
      platformGrade.atLeast = .init(rawValue: Grades.wire(range.min)) ?? .unspecified
      platformGrade.exclusive = range.minExclusive
    case .creditGrade:
      creditGrade.atLeast = .init(rawValue: Grades.wire(range.min)) ?? .unspecified
      creditGrade.exclusive = range.minExclusive
    case .taxGrade:
      taxGrade.atLeast = .init(rawValue: Grades.wire(range.min)) ?? .unspecified
      taxGrade.exclusive = range.minExclusive
    case .innovationPoints: innovationPoints = .init(range)
    // Attributes of the need stand in a product's own terms, never in its tree.
    case .amount, .tenorDays, .asOfDay: break
    }
  }

  private mutating func set(_ attribute: ChoiceAttribute, _ mask: UInt64) {
    let numbers = ChoiceAttribute.wire(mask)
    switch attribute {
    case .size: size.sizes = numbers.map { .init(rawValue: $0) ?? .unspecified }
    case .legalForm: legalForm.forms = numbers.map { .init(rawValue: $0) ?? .unspecified }
    case .chainRole: chainRole.roles = numbers.map { .init(rawValue: $0) ?? .unspecified }
    case .firstLoan: firstLoan.expected = mask == 2
    case .guaranteeAvailable: guaranteeAvailable.expected = mask == 2
    case .housingFundCurrent: housingFundCurrent.expected = mask == 2
    case .existingLoanNormal: existingLoanNormal.expected = mask == 2
    case .renewalCommitted: renewalCommitted.expected = mask == 2
    case .instrument, .securityMode, .currency: break
    }
  }
}
