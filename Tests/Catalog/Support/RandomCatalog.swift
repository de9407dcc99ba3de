import CatalogDomain
import Kernel

/// Random firms, needs and products over small vocabularies, so that conditions meet, miss and touch their bounds often.
enum RandomCatalog {
  static let regions = ["37", "3703", "370302", "3706", "370602", "3709", "370902", "370902101", "63", "6301"]
  static let industries = ["A", "A01", "C", "C13", "131", "C1311", "C14", "65", "I6510", "E47"]
  static let tags = ["zhuanjingtexin", "high-tech", "gazelle", "white-list", "talent", "grain"]
  static let consents = ["credit-report", "public-credit-report", "housing-fund-data"]
  static let collateral = ["patent", "trademark", "receivable", "farmland-operation-right"]
  static let relationships = ["bank-a", "bank-b", "bank-c"]
  static let amounts: [Int64] = [
    1, 5_000_000, 10_000_000, 29_999_999, 30_000_000, 30_000_001, 500_000_000, 500_000_001,
  ]
  static let facts: [ChoiceAttribute] = [
    .firstLoan, .guaranteeAvailable, .housingFundCurrent, .existingLoanNormal, .renewalCommitted,
  ]
  static let firmNumbers: [OrderedAttribute] = [
    .monthsInBusiness, .annualRevenue, .totalAssets, .staff, .debtRatio, .platformGrade, .creditGrade, .taxGrade,
    .innovationPoints,
  ]

  static func number(_ attribute: OrderedAttribute, _ random: inout SeededGenerator) -> Int64 {
    switch attribute {
    case .platformGrade, .creditGrade, .taxGrade: Int64.random(in: 1...5, using: &random)
    case .monthsInBusiness: Int64.random(in: 0...60, using: &random)
    case .staff, .innovationPoints: Int64.random(in: 0...30, using: &random)
    case .debtRatio: Int64.random(in: 0...12, using: &random) * 100_000
    default: random.pick(amounts)
    }
  }

  static func profile(_ random: inout SeededGenerator) -> Profile {
    var profile = Profile()
    profile.setNeed(
      instruments: random.chance(60) ? [] : random.some(Instrument.allCases, 1...3),
      amount: Money(random.pick(amounts), random.chance(95) ? .cny : .usd),
      tenor: random.chance(30)
        ? nil : random.chance(50) ? .months(random.pick([3, 6, 12, 24])) : .days(random.pick([5, 30, 365])),
      securityModes: random.chance(50) ? [] : random.some(SecurityMode.allCases, 1...3),
      asOf: day(random.pick([-400, 0, 400])))
    if random.chance(90) { profile[.region] = random.pick(regions) }
    if random.chance(90) { profile[.industry] = (try? IndustryCode.canonical(random.pick(industries), field: "")) }
    if random.chance(85) { profile[.size] = 1 << UInt64.random(in: 1...4, using: &random) }
    if random.chance(85) { profile[.legalForm] = 1 << UInt64.random(in: 1...10, using: &random) }
    if random.chance(50) { profile[.chainRole] = 1 << UInt64.random(in: 1...3, using: &random) }
    for fact in facts where random.chance(70) { profile.set(fact, fact: random.chance(50)) }
    for attribute in firmNumbers where random.chance(80) { profile[attribute] = number(attribute, &random) }
    profile[.tags] = Set(random.some(tags, 0...3))
    profile[.consents] = Set(random.some(consents, 0...3))
    profile[.collateral] = Set(random.some(collateral, 0...2))
    profile[.relationships] = Set(random.some(relationships, 0...2))
    return profile
  }

  static func day(_ offset: Int32) -> BusinessDate {
    (try? BusinessDate(dayNumber: 19_500 + offset)) ?? (try! BusinessDate(dayNumber: 19_500))
  }

  static func condition(_ random: inout SeededGenerator) -> Condition {
    switch Int.random(in: 0..<10, using: &random) {
    case 0: return .within(.region, random.some(regions, 1...2))
    case 1: return .within(.industry, random.some(industries, 1...3))
    case 2: return .oneOf(.size, UInt64.random(in: 1...15, using: &random) << 1)
    case 3: return .oneOf(.legalForm, 1 << UInt64.random(in: 1...10, using: &random))
    case 4: return .hasAny(.tags, random.some(tags, 1...3))
    case 5: return .hasAny(random.pick([.consents, .collateral]), random.some(consents + collateral, 1...3))
    case 6: return .oneOf(random.pick(facts), random.chance(50) ? 1 : 2)
    case 7: return .hasAny(.relationships, random.some(relationships, 1...2))
    default:
      let attribute = random.pick(firmNumbers)
      let bound = number(attribute, &random)
      let exclusive = random.chance(30)
      if random.chance(50) { return .range(attribute, IntegerRange(min: bound, minExclusive: exclusive)) }
      if random.chance(70) { return .range(attribute, IntegerRange(max: bound + 1, maxExclusive: exclusive)) }
      return .range(attribute, IntegerRange(min: bound, minExclusive: exclusive, max: bound + 5, maxExclusive: false))
    }
  }

  static func predicate(_ random: inout SeededGenerator, depth: Int) -> Predicate {
    if depth == 0 || random.chance(40) { return .condition(condition(&random)) }
    let members = (0..<Int.random(in: 1...3, using: &random)).map { _ in predicate(&random, depth: depth - 1) }
    switch Int.random(in: 0..<5, using: &random) {
    case 0, 1: return .allOf(members)
    case 2: return .anyOf(members)
    case 3: return .negated(members[0])
    default: return .atLeast(Int.random(in: 1...members.count, using: &random), members)
    }
  }

  static func terms(_ random: inout SeededGenerator, depth: Int = 3) -> ProductTerms {
    var terms = ProductTerms(
      institution: random.pick(relationships), instrument: random.pick(Instrument.allCases),
      title: LocalizedText(zh: "产品"))
    if random.chance(80) {
      let max = random.pick(amounts)
      terms.amount = AmountRange(
        currency: random.chance(97) ? .cny : .usd,
        bounds: IntegerRange(
          min: random.chance(30) ? max / 2 : nil, minExclusive: random.chance(30), max: max,
          maxExclusive: max > 1 && random.chance(20)))
    }
    if random.chance(60) { terms.tenor = TenorRange(min: nil, max: .months(random.pick([1, 6, 12, 36]))) }
    if random.chance(70) {
      terms.rate = InterestRate(
        basis: random.pick(RateBasis.allCases), lowest: Rate(ppm: Int64.random(in: 0...40_000, using: &random)))
    }
    if random.chance(30) {
      terms.fees = [Fee(kind: .guarantee, measure: .rate(Rate(ppm: random.pick([5_000, 10_000]))), period: .perYear)]
    }
    terms.securityModes = random.chance(40) ? [] : random.some(SecurityMode.allCases, 1...2)
    if random.chance(40) { terms.process = Process(workingDays: random.pick([0, 1, 3, 4, 6, 30])) }
    if random.chance(60) { terms.serviceRegions = random.some(regions, 1...3) }
    if random.chance(10) { terms.effectiveFrom = day(random.pick([-100, 100])) }
    if random.chance(10) { terms.effectiveTo = day(random.pick([200, 500])) }
    if random.chance(80) { terms.eligibility = predicate(&random, depth: depth) }
    return terms
  }

  static func offer(_ number: Int, _ random: inout SeededGenerator, depth: Int = 3) -> Offer {
    Offer(
      id: "p\(String(100_000 + number))", version: 1, terms: terms(&random, depth: depth),
      institutionRegions: random.chance(50) ? [] : ["37"])
  }

  static let level = ReferenceLevel(oneYearPPM: 36_500, fiveYearPPM: 43_000)
}
