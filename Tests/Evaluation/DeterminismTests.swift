import EvaluationDomain
import Kernel
import Testing

@Suite("The same inputs give the same bytes") struct DeterminismTests {
  private struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  private let indicators = [
    Given.indicator("amount", .money(.cny), aggregation: .sum, absentIsZero: true),
    Given.indicator("loss", .money(.cny), .lowerIsBetter, aggregation: .sum, absentIsZero: true),
    Given.indicator(
      "loss-ratio", .ppm, .lowerIsBetter, source: .derived(.ratio(numerator: "loss", denominator: "amount"))),
    Given.indicator("growth", .ppm, source: .derived(.growth(base: "amount", windowYears: 0))),
  ]

  private var scheme: Scheme {
    Given.scheme(
      [
        Given.leaf("volume", "amount", 400_000, .percentile),
        Given.leaf(
          "loss", "loss-ratio", 400_000, .zScore(.init(center: Given.points(60), perSigma: Given.points(15)))),
        Given.leaf("growth", "growth", 200_000, .peerMeanGate),
      ], decimals: 4)
  }

  private func frozen(_ institutions: [Institution], _ facts: [InputFact]) throws -> (inputs: [UInt8], result: String) {
    let input = try RunInput(
      scheme: scheme, scope: RunScope(period: try Period("2023")), policyDigest: "packs",
      dictionary: { id in indicators.first { $0.id == id } }, institutions: institutions, facts: facts)
    return (input.frozenBytes(schemeDigest: scheme.canonicalText), try ScoringEngine.evaluate(input).canonicalText)
  }

  @Test func `a hundred shuffles of the input are one run, one cent is another`() throws {
    var random = Seeded(state: 20_230_621)
    var institutions = (0..<20).map { Given.institution("bank-\($0)") }
    var facts: [InputFact] = []
    for institution in institutions {
      for month in 1...4 {
        for year in [2022, 2023] {
          let period = try Period("\(year)-\(month < 10 ? "0" : "")\(month)")
          for indicator in ["amount", "loss"] {
            facts.append(
              InputFact(
                institutionID: institution.id, indicatorID: indicator, period: period,
                value: Int64.random(in: 0...1_000_000_00, using: &random), version: 1))
          }
        }
      }
    }
    let first = try frozen(institutions, facts)
    for _ in 0..<100 {
      institutions.shuffle(using: &random)
      facts.shuffle(using: &random)
      let again = try frozen(institutions, facts)
      #expect(again == first)
    }
    let read = try #require(facts.firstIndex { $0.indicatorID == "loss" && $0.period.firstYear == 2023 })
    facts[read].value += 1
    #expect(try frozen(institutions, facts).inputs != first.inputs)
    facts[read].value -= 1
    let unread = try #require(facts.firstIndex { $0.indicatorID == "loss" && $0.period.firstYear == 2022 })
    facts[unread].value += 1
    #expect(try frozen(institutions, facts) == first, "a fact that the scheme does not read changes nothing")
  }

  @Test func `frozen inputs cut short anywhere are refused, never read as something else`() throws {
    var facts: [InputFact] = []
    for institution in ["a", "b"] {
      for (index, month) in ["2023-01", "2023-02", "2023-Q2", "2023-11"].enumerated() {
        for (offset, indicator) in ["loss", "amount"].enumerated() {
          let value = (Int64(index) - 2) * 1_000_000_007 + Int64(offset)
          facts.append(
            InputFact(
              institutionID: institution, indicatorID: indicator, period: try Period(month), value: value,
              version: Int64(index + 1)))
        }
      }
    }
    let input = try RunInput(
      scheme: scheme, scope: RunScope(period: try Period("2023")), policyDigest: "packs",
      dictionary: { id in indicators.first { $0.id == id } },
      institutions: [Given.institution("a"), Given.institution("b")], facts: facts)
    let bytes = input.frozenBytes(schemeDigest: "s")
    func read(_ bytes: [UInt8]) throws -> RunInput {
      try RunInput(frozenBytes: bytes, scheme: scheme) { id in indicators.first { $0.id == id } }
    }
    #expect(try read(bytes).facts == input.facts)
    for length in bytes.indices { #expect(throws: DomainError.self) { try read(Array(bytes.prefix(length))) } }
    // A flipped bit among the facts is refused or is another run; it never traps.
    let header = bytes.count - 60
    for index in header..<bytes.count {
      var flipped = bytes
      flipped[index] ^= 0x80
      if let other = try? read(flipped) { #expect(other.facts != input.facts) }
    }
  }

  @Test func `frozen inputs read back to the same run`() throws {
    let institutions = [Given.institution("a"), Given.institution("b", group: "地方法人")]
    let facts = [
      InputFact(institutionID: "a", indicatorID: "amount", period: try Period("2023-Q1"), value: 7, version: 2)
    ]
    let input = try RunInput(
      scheme: scheme, scope: RunScope(period: try Period("2023"), institutionIDs: ["b", "a"]), policyDigest: "packs",
      dictionary: { id in indicators.first { $0.id == id } }, institutions: institutions, facts: facts)
    let bytes = input.frozenBytes(schemeDigest: "s")
    let back = try RunInput(frozenBytes: bytes, scheme: scheme) { id in indicators.first { $0.id == id } }
    #expect(back.frozenBytes(schemeDigest: "s") == bytes)
    // 2023-Q1 begins in month 24 276; the second bank has none; 7 is 14 in zigzag; one value of version 2. The other three
    // columns are empty for both.
    let frozen: [UInt8] = [2, 212, 189, 1, 3, 1, 14, 1, 2] + [0, 0] + [0, 0] + [0, 0]
    #expect(bytes.suffix(8 + frozen.count).elementsEqual(Array("facts\t1\n".utf8) + frozen))
    #expect(try ScoringEngine.evaluate(back).canonicalText == ScoringEngine.evaluate(input).canonicalText)
    #expect(throws: DomainError.self) {
      try RunInput(frozenBytes: bytes + [0], scheme: scheme) { id in indicators.first { $0.id == id } }
    }
  }
}
