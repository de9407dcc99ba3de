import CatalogDomain
import Kernel
import Policy
import Testing

/// The published caps of Yantai 7 and Zibo 1, read from the packs that ship.
@Suite struct ConformanceTests {
  private static let fiveMillion: Int64 = 500_000_000

  private static func caps(_ pack: String) throws -> PolicyLimits {
    let yaml = try PackFiles.text(pack)
    return PolicyLimits(try PolicyBook.load(packs: [(name: "\(pack).yaml", yaml: yaml)], digest: { _ in [0] }))
  }

  private static func guarantor(_ region: String, governmentBacked: Bool = true) -> Institution {
    Institution(
      id: "g", kind: .guarantor, nameZH: "担保", serviceRegions: [region], governmentBacked: governmentBacked)
  }

  private static func terms(
    feePPM: Int64, min: Int64? = nil, minExclusive: Bool = false, max: Int64? = nil,
    classes: [CustomerClass] = [.smallMicro], programmes: [String] = []
  ) -> ProductTerms {
    var terms = ProductTerms(institution: "g", instrument: .guarantee, title: LocalizedText(zh: "担保"))
    terms.fees = [Fee(kind: .guarantee, measure: .rate(Rate(ppm: feePPM)), period: .perYear)]
    if min != nil || max != nil {
      terms.amount = AmountRange(
        currency: .cny, bounds: IntegerRange(min: min, minExclusive: minExclusive, max: max))
    }
    terms.customerClasses = classes
    terms.programmes = programmes
    return terms
  }

  private static func day(_ iso: String) throws -> BusinessDate { try BusinessDate(iso: iso) }

  @Test func `Yantai: 1 % is the most up to 5 million, the bound itself included`() throws {
    let caps = try Self.caps("yantai-2023-8")
    let (yantai, day) = (Self.guarantor("3706"), try Self.day("2023-09-01"))
    let rules = try Conformance.check(
      Self.terms(feePPM: 10_000, max: Self.fiveMillion), institution: yantai, asOf: day, limits: caps)
    #expect(rules.map(\.ruleID) == ["yantai-2023-8.guarantee_fee.cap.small"])
    let error = #expect(throws: DomainError.self) {
      try Conformance.check(
        Self.terms(feePPM: 10_001, min: Self.fiveMillion, max: Self.fiveMillion), institution: yantai, asOf: day,
        limits: caps)
    }
    #expect(error?.reason == .policyConditionFailed && error?.field == "fees[0].rate")
    #expect(error?.metadata["rule"] == "yantai-2023-8.guarantee_fee.cap.small")
  }

  @Test func `Yantai: one fen above 5 million allows 1.5 %, exactly 5 million does not`() throws {
    let caps = try Self.caps("yantai-2023-8")
    let (yantai, day) = (Self.guarantor("3706"), try Self.day("2023-09-01"))
    let above = Self.terms(feePPM: 15_000, min: Self.fiveMillion + 1)
    let aboveExclusive = Self.terms(feePPM: 15_000, min: Self.fiveMillion, minExclusive: true)
    for terms in [above, aboveExclusive] {
      let rules = try Conformance.check(terms, institution: yantai, asOf: day, limits: caps)
      #expect(rules.map(\.ruleID) == ["yantai-2023-8.guarantee_fee.cap.small_above"])
    }
    let at = Self.terms(feePPM: 15_000, min: Self.fiveMillion)
    #expect(throws: DomainError.self) { try Conformance.check(at, institution: yantai, asOf: day, limits: caps) }
  }

  @Test func `a range that reaches below 5 million is held to the lower cap`() throws {
    let caps = try Self.caps("yantai-2023-8")
    let terms = Self.terms(feePPM: 12_000, min: 100, max: 2 * Self.fiveMillion)
    #expect(throws: DomainError.self) {
      try Conformance.check(
        terms, institution: Self.guarantor("3706"), asOf: try Self.day("2023-09-01"), limits: caps)
    }
  }

  @Test func `caps bind government-backed guarantors, in their region only`() throws {
    let caps = try Self.caps("yantai-2023-8")
    let (terms, day) = (Self.terms(feePPM: 30_000, max: Self.fiveMillion), try Self.day("2023-09-01"))
    for free in [Self.guarantor("3709"), Self.guarantor("3706", governmentBacked: false)] {
      #expect(try Conformance.check(terms, institution: free, asOf: day, limits: caps).isEmpty)
    }
  }

  @Test func `Zibo: half a per cent inside the relending scope, one per cent outside`() throws {
    let caps = try Self.caps("zibo-2020-56")
    let (zibo, day) = (Self.guarantor("3703"), try Self.day("2020-06-01"))
    #expect(throws: DomainError.self) {
      try Conformance.check(
        Self.terms(feePPM: 5_001, programmes: [Programmes.relending]), institution: zibo, asOf: day, limits: caps)
    }
    _ = try Conformance.check(
      Self.terms(feePPM: 5_000, programmes: [Programmes.relending]), institution: zibo, asOf: day, limits: caps)
    _ = try Conformance.check(Self.terms(feePPM: 10_000), institution: zibo, asOf: day, limits: caps)
    #expect(throws: DomainError.self) {
      try Conformance.check(Self.terms(feePPM: 10_001), institution: zibo, asOf: day, limits: caps)
    }
  }

  @Test func `a fee per day is judged by what it comes to in a year`() throws {
    let caps = try Self.caps("yantai-2023-8")
    var terms = Self.terms(feePPM: 0, max: Self.fiveMillion)
    terms.fees = [Fee(kind: .guarantee, measure: .rate(Rate(ppm: 28)), period: .perDay)]
    #expect(throws: DomainError.self) {
      try Conformance.check(terms, institution: Self.guarantor("3706"), asOf: try Self.day("2023-09-01"), limits: caps)
    }
  }
}
