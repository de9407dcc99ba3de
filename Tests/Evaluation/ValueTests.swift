import EvaluationDomain
import Kernel
import Testing

@Suite("Periods and derived values") struct ValueTests {
  @Test(arguments: ["2023", "2023-H1", "2023-H2", "2023-Q3", "2023-01", "2023-12", "1997..2006"])
  func `a period reads and prints the same`(text: String) throws {
    let period = try Period(text)
    #expect(period.description == text)
    #expect(try Period(code: period.code) == period)
  }

  @Test(arguments: [
    "", "23", "2023-13", "2023-00", "2023-Q5", "2023-H3", "2023-1", "1899", "2200", "2006..1997",
    "2006..2006", "2023-H12", "２０２３", "2023-06-01", "NaN",
  ])
  func `anything else is refused`(text: String) {
    #expect(throws: DomainError.self) { try Period(text) }
  }

  @Test func `the previous span is as long and just before`() throws {
    #expect(try Period("2023-Q1").previous.description == "2022-Q4")
    #expect(try Period("2023-H1").previous.description == "2022-H2")
    #expect(try Period("2023-01").previous.description == "2022-12")
    #expect(try Period("2001..2003").previous.description == "1998..2000")
    #expect(try Period("1997..2006").last(years: 2)?.description == "2005..2006")
    #expect(try Period("2023-Q1").last(years: 1) == nil)
  }

  private func resolve(
    _ indicators: [Indicator], _ id: String, _ period: String, _ facts: [(String, String, Int64)]
  ) throws -> ValueResolver.Value {
    let scheme = Given.scheme([Given.leaf("x", id, .percentile)])
    let input = try RunInput(
      scheme: scheme, scope: RunScope(period: try Period(period)), policyDigest: "",
      dictionary: { wanted in indicators.first { $0.id == wanted } }, institutions: [Given.institution("a")],
      facts: try facts.map {
        InputFact(institutionID: "a", indicatorID: $0.0, period: try Period($0.1), value: $0.2, version: 1)
      })
    return try ValueGrid(input).value(id, 0)
  }

  @Test func `sums take the longest stated parts and never count twice`() throws {
    let flow = [Given.indicator("x", aggregation: .sum)]
    let facts: [(String, String, Int64)] = [
      ("x", "2023-H1", 100), ("x", "2023-01", 7), ("x", "2023-Q3", 20), ("x", "2023-10", 1), ("x", "2023-11", 2),
      ("x", "2023-12", 3),
    ]
    #expect(try resolve(flow, "x", "2023", facts) == .present(126))
    #expect(try resolve(flow, "x", "2023", facts + [("x", "2023", 999)]) == .present(999))
  }

  @Test func `months alone come to what they come to under stated halves and quarters`() throws {
    let months = (1...12).map { ("x", "2023-\($0 < 10 ? "0" : "")\($0)", Int64($0)) }
    let others = [("x", "2022-12", Int64(1000)), ("x", "2024-01", Int64(1000))]
    let flow = [Given.indicator("x", aggregation: .sum)]
    #expect(try resolve(flow, "x", "2023", months + others) == .present(78))
    #expect(try resolve(flow, "x", "2023", [("x", "2023-H1", 21)] + months.dropFirst(6)) == .present(78))
    #expect(try resolve(flow, "x", "2023-H2", months.reversed()) == .present(57))
    #expect(try resolve(flow, "x", "2023", Array(months.dropLast())).number == nil)
    let zero = [Given.indicator("x", aggregation: .sum, absentIsZero: true)]
    #expect(try resolve(zero, "x", "2023", Array(months.dropLast())) == .present(66))
    let stock = [Given.indicator("x", aggregation: .last)]
    #expect(try resolve(stock, "x", "2023", months + others) == .present(12))
    #expect(try resolve(stock, "x", "2023", months + [("x", "2023-Q4", 99)]) == .present(99))
    #expect(try resolve(stock, "x", "2023", Array(months.dropLast())).number == nil)
  }

  @Test func `a hole in a sum is unknown, unless absence means zero`() throws {
    let facts: [(String, String, Int64)] = [("x", "2023-01", 7)]
    let known = try resolve([Given.indicator("x", aggregation: .sum)], "x", "2023-Q1", facts)
    #expect(known == .absent(.noFact(indicatorID: "x", period: try Period("2023-Q1"))))
    let zero = try resolve([Given.indicator("x", aggregation: .sum, absentIsZero: true)], "x", "2023-Q1", facts)
    #expect(zero == .present(7))
  }

  @Test func `a stock takes its last part`() throws {
    let stock = [Given.indicator("x", aggregation: .last)]
    #expect(try resolve(stock, "x", "2023", [("x", "2023-06", 5), ("x", "2023-12", 9)]) == .present(9))
    #expect(try resolve(stock, "x", "2023", [("x", "2023-06", 5)]).number == nil)
  }

  @Test func `ratios exceed 100 % and are undefined over zero`() throws {
    let all = [
      Given.indicator("granted", .money(.cny)), Given.indicator("signed", .money(.cny)),
      Given.indicator("rate", .ppm, source: .derived(.ratio(numerator: "granted", denominator: "signed"))),
    ]
    #expect(
      try resolve(all, "rate", "2022", [("granted", "2022", 108), ("signed", "2022", 100)]) == .present(1_080_000))
    #expect(
      try resolve(all, "rate", "2022", [("granted", "2022", 1), ("signed", "2022", 0)])
        == .absent(.zeroDenominator(indicatorID: "signed")))
  }

  @Test func `growth compares windows of years and is undefined from zero`() throws {
    let all = [
      Given.indicator("x", aggregation: .sum, absentIsZero: true),
      Given.indicator("growth", .ppm, source: .derived(.growth(base: "x", windowYears: 2))),
    ]
    let facts: [(String, String, Int64)] = [("x", "2003", 10), ("x", "2004", 10), ("x", "2005", 10), ("x", "2006", 5)]
    #expect(try resolve(all, "growth", "1997..2006", facts) == .present(-250_000))
    #expect(
      try resolve(all, "growth", "1997..2006", [("x", "2006", 5)])
        == .absent(.zeroBefore(indicatorID: "x", period: try Period("2003..2004"))))
    #expect(throws: DomainError.self) { try resolve(all, "growth", "2006-Q1", facts) }
  }
}
