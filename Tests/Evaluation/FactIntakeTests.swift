import EvaluationDomain
import Kernel
import Testing

@Suite("Facts are taken or refused row by row") struct FactIntakeTests {
  private func caller(_ role: Role, _ organisation: String = "office", region: String = "") -> Caller {
    Caller(organisation: organisation, role: role, regionPrefix: region, subject: "li")
  }

  private func intake(_ caller: Caller) throws -> FactIntake {
    var ruled = Given.indicator("ruled")
    ruled.rules = SubmissionRules(frequency: .monthly, dueDays: 10, minimum: 1, maximum: 1000, confirmFrom: 500)
    let indicators = [
      Given.indicator("count"), Given.indicator("money", .money(.cny)), Given.indicator("fed", source: .feed), ruled,
    ]
    return FactIntake(
      indicators: indicators, institutions: [Given.institution("a"), Given.institution("b", region: "370900")],
      caller: caller, today: try Given.today())
  }

  private func row(
    _ indicator: String = "count", _ value: Int64 = 5, period: String = "2023-06", unit: IndicatorUnit? = .count,
    institution: String = "a", correction: Bool = false, reason: String? = nil
  ) -> FactInput {
    FactInput(
      institutionID: institution, indicatorID: indicator, period: period, value: value, unit: unit,
      isCorrection: correction, reason: reason ?? (correction ? "typing error" : ""))
  }

  private func decide(
    _ rows: [FactInput], caller: Caller? = nil, current: [FactKey: FactIntake.Current] = [:],
    waiting: [FactKey: Int64] = [:]
  ) throws -> FactIntake.Decision {
    let intake = try intake(caller ?? self.caller(.analyst))
    func place(_ key: FactKey) -> FactPlace {
      FactPlace(
        indicator: intake.indicators.firstIndex { $0.id == key.indicatorID } ?? 0,
        institution: intake.institutions.firstIndex { $0.id == key.institutionID } ?? 0, period: key.period)
    }
    return try intake.decide(
      rows, screened: intake.screen(rows),
      current: current.map { FactIntake.Recorded(place: place($0), current: $1) }.sorted { $0.place < $1.place },
      waiting: Dictionary(uniqueKeysWithValues: waiting.map { (place($0), $1) }))
  }

  @Test func `bad rows are refused with their reason and the others go through`() throws {
    let decision = try decide([
      row(), row(institution: "nobody"), row("nothing"), row("fed"), row(period: "June"), row(period: "2023-12"),
      row("money"), row("money", 7, unit: .money(.usd)), row(unit: nil), row("count", -1, period: "2023-05"),
      row("money", -1, unit: .money(.cny)), row(period: "1997..2006"),
    ])
    #expect(
      decision.receipt.refusals.map { "\($0.row) \($0.reason)" } == [
        "1 unknownInstitution", "2 unknownIndicator", "3 notSubmittable", "4 invalidPeriod", "5 futurePeriod",
        "6 wrongUnit", "7 wrongUnit", "8 wrongUnit", "9 negativeValue", "11 invalidPeriod",
      ])
    #expect(decision.receipt.accepted == 2)
    #expect(decision.writes.map(\.write.value) == [5, -1])
  }

  @Test func `a period that has begun is open, one that has not is future`() throws {
    #expect(try decide([row(period: "2023-11"), row(period: "2023")]).receipt.accepted == 2)
    #expect(
      try decide([row(period: "2024"), row(period: "2023-12")]).receipt.refusals.map(\.reason) == [
        .futurePeriod, .futurePeriod,
      ])
  }

  @Test func `the same value again changes nothing, another value needs a correction`() throws {
    let key = FactKey(institutionID: "a", indicatorID: "count", period: try Period("2023-06"))
    let current = [key: FactIntake.Current(value: 5, version: 3)]
    #expect(try decide([row()], current: current).receipt == FactReceipt(unchanged: 1))
    #expect(try decide([row("count", 6)], current: current).receipt.refusals.first?.reason == .conflictingDuplicate)
    let corrected = try decide([row("count", 6, correction: true)], current: current)
    #expect(corrected.receipt.corrected == 1)
    #expect(corrected.writes.first?.write.version == 4)
    #expect(try decide([row(correction: true)]).receipt.refusals.first?.reason == .nothingToCorrect)
  }

  @Test func `one request does not say two things`() throws {
    let decision = try decide([row(), row(), row("count", 6)])
    #expect(decision.receipt.accepted == 1)
    #expect(decision.receipt.unchanged == 1)
    #expect(decision.receipt.refusals.map(\.reason) == [.conflictingDuplicate])
  }

  @Test func `institutions report for themselves, offices for their region`() throws {
    #expect(
      try decide([row(), row(institution: "b")], caller: caller(.institution, "a")).receipt.refusals.map(\.row) == [1])
    #expect(
      try decide([row(), row(institution: "b")], caller: caller(.regulator, region: "3709")).receipt.refusals.map(\.row)
        == [0])
    #expect(try decide([row()], caller: caller(.enterprise)).receipt.refusals.map(\.reason) == [.notYours])
  }

  @Test func `rules of an indicator: range, frequency, lateness, a second person from a magnitude on`() throws {
    let decision = try decide([
      row("ruled", 0, period: "2023-01"), row("ruled", 1001, period: "2023-02"), row("ruled", 5, period: "2023-Q1"),
      row("ruled", 1, period: "2023-03"), row("ruled", 499, period: "2023-10"), row("ruled", 500, period: "2023-04"),
      row("ruled", 1000, period: "2023-05"),
    ])
    #expect(decision.receipt.refusals.map(\.reason) == [.outOfRange, .outOfRange, .wrongFrequency])
    #expect(decision.outcomes.suffix(4) == [.accepted, .accepted, .pending, .pending])
    #expect(decision.held.map(\.row) == [5, 6])
    // 2023-03 was due on 10 April; the 15 November is 219 days later. 2023-10 was due on 10 November.
    #expect(decision.writes.map(\.write.daysLate) == [219, 5])
  }

  @Test func `what waits is not said twice, and not otherwise`() throws {
    let key = FactKey(institutionID: "a", indicatorID: "ruled", period: try Period("2023-04"))
    let decision = try decide(
      [row("ruled", 600, period: "2023-04")], waiting: [key: 600])
    #expect(decision.outcomes == [.pending])
    #expect(decision.held.isEmpty)
    #expect(
      try decide([row("ruled", 601, period: "2023-04")], waiting: [key: 600]).receipt.refusals.map(\.reason) == [
        .conflictingDuplicate
      ])
  }

  @Test func `a correction has a reason and nothing else has one`() throws {
    let key = FactKey(institutionID: "a", indicatorID: "count", period: try Period("2023-06"))
    let current = [key: FactIntake.Current(value: 4, version: 1)]
    #expect(
      try decide([row(correction: true, reason: "")], current: current).receipt.refusals.map(\.reason) == [
        .reasonMissing
      ])
    #expect(try decide([row(reason: "because")]).receipt.refusals.map(\.reason) == [.reasonMissing])
    #expect(try decide([row(correction: true)], current: current).writes.first?.write.reason == "typing error")
  }

  @Test func `a place says what it was made of, and places lie by indicator, institution and period`() throws {
    let periods = try ["1900", "1999-Q4", "2023-01", "2023", "2023-H2", "2199-12"].map { try Period($0) }
    var before: FactPlace?
    for indicator in [0, 1, FactPlace.maximumRows - 1] {
      for institution in [0, 7, FactPlace.maximumRows - 1] {
        for period in periods {
          let place = FactPlace(indicator: indicator, institution: institution, period: period)
          #expect(place.indicator == indicator && place.institution == institution && place.period == period)
          if let before { #expect(before < place) }
          before = place
        }
      }
    }
  }

  @Test func `a batch beyond what places tell apart is refused as a whole`() throws {
    let rows = [FactInput](repeating: row(), count: FactPlace.maximumRows + 1)
    #expect(throws: DomainError.self) { try decide(rows) }
    #expect(
      try decide(Array(rows.dropLast())).receipt == FactReceipt(accepted: 1, unchanged: FactPlace.maximumRows - 1))
  }
}
