import CatalogDomain
import Kernel

/// Products and firms from a seed, the same on every run: conjunctions of every kind of condition, so that each product rules out
/// most firms by something else.
struct BenchCatalog {
  /// One product's rules, in the form that other engines are given, too.
  struct Rule {
    let id: String
    let regions: [String]
    let industries: [String]
    let sizes: [Int]
    let amount: ClosedRange<Int64>
    let longestDays: Int64
    let months: Int64
    let revenue: Int64
    /// `nil` takes any firm.
    let firstLoan: Bool?
    let ratePPM: Int64
    let days: Int
  }

  struct Firm {
    let region: String
    let industry: String
    let size: Int
    let amount: Int64
    let tenorMonths: Int
    let months: Int64
    let revenue: Int64
    let firstLoan: Bool
  }

  private static let regions = ["3701", "3702", "3703", "370302", "370303", "3706", "370602", "3709", "370902", "37"]
  private static let sections = ["A", "B", "C", "C13", "C14", "C26", "C34", "C39", "E", "F", "G", "H", "I", "I65", "M"]
  private static let codes = [
    "A0111", "C1311", "C1439", "C2614", "C3411", "C3921", "E4710", "F5121", "G5430", "I6510", "M7320",
  ]

  private var random = Random(state: 20_261_121)

  mutating func rules(_ count: Int) -> [Rule] { (0..<count).map { rule($0) } }

  private mutating func rule(_ number: Int) -> Rule {
    let low = Int64(random.below(50) + 1) * 1_000_000
    return Rule(
      id: "p\(String(1_000_000 + number))", regions: some(Self.regions, 2), industries: some(Self.sections, 3),
      sizes: [[2], [1, 2], [2, 3], [1, 2, 3, 4]][random.below(4)],
      amount: low...low * Int64(10 + random.below(90)), longestDays: [365, 730, 1095, 1825][random.below(4)],
      months: [0, 6, 12, 24, 36][random.below(5)], revenue: Int64(random.below(20)) * 100_000_000,
      firstLoan: [nil, nil, nil, true, false][random.below(5)], ratePPM: 30_000 + Int64(random.below(40_000)),
      days: random.below(15))
  }

  private mutating func some(_ values: [String], _ most: Int) -> [String] {
    Array(Set((0...random.below(most)).map { _ in values[random.below(values.count)] })).sorted()
  }

  mutating func firms(_ count: Int) -> [Firm] {
    (0..<count).map { _ in
      Firm(
        region: ["370302101", "370303001", "370602003", "370902005", "370102001"][random.below(5)],
        industry: Self.codes[random.below(Self.codes.count)], size: random.below(4) + 1,
        amount: Int64(random.below(300) + 1) * 5_000_000, tenorMonths: [6, 12, 24, 36][random.below(4)],
        months: Int64(random.below(60)), revenue: Int64(random.below(40)) * 70_000_000, firstLoan: random.below(2) == 0)
    }
  }

  /// Any fixed day will do.
  static let today: BusinessDate = {
    do { return try BusinessDate(iso: "2026-11-21") } catch { preconditionFailure("\(error)") }
  }()

  static func offer(_ rule: Rule) -> Offer {
    var conditions: [Predicate] = [
      .condition(.within(.industry, rule.industries)),
      .condition(.oneOf(.size, rule.sizes.reduce(0) { $0 | 1 << UInt64($1) })),
      .condition(.range(.monthsInBusiness, IntegerRange(min: rule.months))),
      .condition(.range(.annualRevenue, IntegerRange(min: rule.revenue))),
    ]
    if let first = rule.firstLoan { conditions.append(.condition(.oneOf(.firstLoan, first ? 2 : 1))) }
    let terms = ProductTerms(
      institution: "bank-\(rule.days)", instrument: .loan,
      title: LocalizedText(zh: "\(words[rule.days % words.count])贷\(rule.id)号", en: "Loan \(rule.id)"),
      summary: LocalizedText(zh: "面向小微企业的\(words[(rule.days + 3) % words.count])产品，随借随还。"),
      amount: AmountRange(
        currency: .cny, bounds: IntegerRange(min: rule.amount.lowerBound, max: rule.amount.upperBound)),
      tenor: TenorRange(max: .days(Int(rule.longestDays))),
      rate: InterestRate(basis: .fixed, lowest: Rate(ppm: rule.ratePPM)), process: Process(workingDays: rule.days),
      eligibility: .allOf(conditions), serviceRegions: rule.regions)
    return Offer(
      id: rule.id, version: 1, terms: terms, institutionRegions: [], institutionName: "第\(rule.days)银行",
      institutionKind: .bank)
  }

  private static let words = ["首贷", "科技", "惠农", "税易", "供应链", "人才", "专精特新", "转贷", "绿色", "知识产权"]

  static func profile(_ firm: Firm) -> Profile {
    var profile = Profile()
    profile.setNeed(
      instruments: [], amount: Money(firm.amount, .cny), tenor: .months(firm.tenorMonths), securityModes: [],
      asOf: today)
    profile[.region] = firm.region
    profile[.industry] = firm.industry
    profile[.size] = 1 << UInt64(firm.size)
    profile[.monthsInBusiness] = firm.months
    profile[.annualRevenue] = firm.revenue
    profile.set(.firstLoan, fact: firm.firstLoan)
    return profile
  }
}

/// SplitMix64.
struct Random {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
