import CatalogDomain
import Kernel
import Testing

@Suite struct EligibilityTests {
  @Test func `an exclusive bound leaves the bound itself out`() {
    let above = IntegerRange(min: 500_000_000, minExclusive: true)
    let upTo = IntegerRange(max: 500_000_000)
    #expect(!above.contains(500_000_000) && above.contains(500_000_001))
    #expect(upTo.contains(500_000_000) && !upTo.contains(500_000_001))
    #expect(IntegerRange(min: 5, minExclusive: true, max: 6, maxExclusive: true).isEmpty)
    #expect(IntegerRange(min: .max, minExclusive: true).isEmpty)
  }

  @Test(arguments: [
    ("C", "C"), ("13", "C13"), ("131", "C131"), ("1311", "C1311"), ("C1311", "C1311"), ("0111", "A0111"), ("97", "T97"),
  ])
  func `industry codes have one canonical form at every level`(_ code: String, _ canonical: String) throws {
    #expect(try IndustryCode.canonical(code, field: "industry") == canonical)
  }

  @Test(arguments: ["", "U", "98", "A13", "C1", "13111", "c13", "1x", "００"])
  func `refuses what is no industry code`(_ code: String) {
    #expect(throws: DomainError.self) { try IndustryCode.canonical(code, field: "industry") }
  }

  @Test(arguments: [("37", true), ("3703", true), ("370302101", true), ("370", false), ("", false), ("37O3", false)])
  func `region codes have the lengths of GB/T 2260`(_ code: String, _ valid: Bool) {
    #expect(RegionCode.isValid(code) == valid)
  }

  @Test func `a condition on an unknown fact is undecided and so is its negation`() {
    let profile = Profile()
    let condition = Predicate.condition(.oneOf(.firstLoan, 2))
    #expect(NaiveEvaluator.verdict(condition, profile) == .undecided)
    #expect(NaiveEvaluator.verdict(.negated(condition), profile) == .undecided)
    #expect(NaiveEvaluator.verdict(.anyOf([condition, .negated(.condition(.hasAny(.tags, ["x"])))]), profile) == .met)
  }

  @Test func `a tree deeper or larger than the limits is refused with its path`() {
    var deep = Predicate.condition(.hasAny(.tags, ["x"]))
    for _ in 0..<CatalogLimits.predicateDepth { deep = .negated(deep) }
    let tooDeep = #expect(throws: DomainError.self) { try deep.validate() }
    #expect(tooDeep?.field?.hasPrefix("negated.negated") == true)
    let wide = Predicate.allOf(Array(repeating: .condition(.hasAny(.tags, ["x"])), count: CatalogLimits.predicateNodes))
    #expect(throws: DomainError.self) { try wide.validate() }
    let quorum = Predicate.atLeast(3, [.condition(.hasAny(.tags, ["x"]))])
    #expect(#expect(throws: DomainError.self) { try quorum.validate() }?.field == "at_least.required")
  }

  @Test func `a month counts so many days that a year of them is 365`() {
    #expect(Tenor.months(12).comparableDays == 365)
    #expect(Tenor.months(6).comparableDays == 183)
    #expect(Tenor.months(1).comparableDays == 31)
    #expect(Tenor.days(10).comparableDays == 10)
  }
}
