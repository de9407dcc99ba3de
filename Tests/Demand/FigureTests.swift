import DemandAPI
import DemandDomain
import DemandStore
import GRPCCore
import Kernel
import Protos
import SwiftProtobuf
import Testing

/// Figures are read from rows; here they are counted once more from the event log alone.
@Suite struct FigureTests {
  @Test(arguments: FigureDimension.allCases)
  func `figures agree with the event log`(_ dimension: FigureDimension) async throws {
    try await TestStore.with { test in
      try await populate(test)
      let figures = try await test.demands.figures(
        try FigureQuery(prefix: "3703", dimension: dimension, from: nil, to: nil))
      let book = LogBook(try await test.log())
      #expect(figures.total == book.row("", of: book.demands.keys.sorted()))
      if dimension == .institution {
        // Of a joint credit each has its own part; together they are the whole.
        for row in figures.rows { #expect(row.amounts == book.part(of: row.key), "\(row.key)") }
        let signed = figures.rows.reduce(0) { $0 + ($1.amounts[.cny]?.signed ?? 0) }
        #expect(signed == figures.total.amounts[.cny]?.signed)
        return
      }
      for row in figures.rows {
        #expect(
          row == book.row(row.key, of: book.demands.filter { Self.key($0.value, dimension) == row.key }.keys.sorted()))
      }
      #expect(figures.rows.reduce(0) { $0 + $1.demands } == figures.total.demands)
      #expect(Set(figures.rows.map(\.key)) == Set(book.demands.values.map { Self.key($0, dimension) }))
    }
  }

  @Test func `figures of a span of days hold its first and its last day, by county and by month`() async throws {
    try await TestStore.with { test in
      try await test.register(try Fixture.registration())
      // The last moment of January in Shanghai and the first of February.
      let midnight = Int64(Fixture.date("2025-02-01").dayNumber) * 86_400_000_000 - 28_800_000_000
      let all: [(region: String, micros: Int64)] = [
        ("370302", midnight - 1), ("370302", midnight), ("370303", midnight), ("370303", midnight + 86_400_000_000),
      ]
      for (index, one) in all.enumerated() {
        let submission = try Fixture.submission(id: Fixture.id(index), region: one.region, validUntil: nil, wanted: nil)
        _ = try await test.demands.execute(
          .submit(submission),
          envelope: try test.envelope("s\(index)", Fixture.operators, at: Instant(microseconds: one.micros)),
          encode: { _ in [] })
      }
      func counts(_ dimension: FigureDimension, _ from: String?, _ to: String?) async throws -> [String: Int64] {
        let figures = try await test.demands.figures(
          try FigureQuery(
            prefix: "3703", dimension: dimension, from: from.map(Fixture.date), to: to.map(Fixture.date)))
        #expect(figures.total.demands == figures.rows.reduce(0) { $0 + $1.demands } && figures.total.firms <= 1)
        return Dictionary(uniqueKeysWithValues: figures.rows.map { ($0.key, $0.demands) })
      }
      #expect(try await counts(.region, nil, nil) == ["370302": 2, "370303": 2])
      #expect(try await counts(.period, nil, nil) == ["2025-01": 1, "2025-02": 3])
      #expect(try await counts(.region, "2025-02-01", "2025-02-01") == ["370302": 1, "370303": 1])
      #expect(try await counts(.period, "2025-01-31", "2025-01-31") == ["2025-01": 1])
      #expect(try await counts(.region, "2025-02-03", nil) == [:])
    }
  }

  @Test func `the export has a line for each value and the total, and answers the times of the firm's first talk`()
    async throws
  {
    try await Story.tell { story in
      let name = try await story.pushed().name
      let bank = Fixture.bank("bank-a")
      _ = try await story.wire.claim(name, by: bank)
      story.wire.time.move(to: "2025-01-03")
      _ = try await story.wire.run(
        "RecordContact",
        .with {
          $0.requestID = story.key()
          $0.name = name
          $0.reason = "已电话联系"
        }, by: bank, story.wire.service.recordContact(request:context:))
      func export(_ format: Huirong_Demand_V1_ExportFormat) async throws -> Huirong_Demand_V1_ReportFiguresResponse {
        try await story.wire.run(
          "ReportFigures",
          .with {
            $0.regionPrefix = "3703"
            $0.dimension = .institution
            $0.format = format
          }, by: Fixture.regulator, story.wire.service.reportFigures(request:context:))
      }
      let figures = try await export(.csv)
      #expect(figures.rows.map(\.key) == ["bank-a"] && figures.rows.map(\.contacted) == [1])
      #expect(figures.rows.map(\.contactSeconds) == [86_400] && figures.total.contactSeconds == 86_400)
      let lines = String(decoding: figures.content, as: UTF8.self).split(separator: "\r\n").map {
        $0.split(separator: ",")
      }
      #expect(lines.map { $0[0] } == ["key", "bank-a", "total"])
      let contacted = try #require(lines.first?.firstIndex(of: "contact_seconds"))
      #expect(lines.dropFirst().map { $0[contacted] } == ["86400", "86400"])
      let json = String(decoding: try await export(.json).content, as: UTF8.self)
      #expect(json.contains("\"key\":\"total\"") && json.contains("\"contact_seconds\":\"86400\""))
    }
  }

  private static func key(_ demand: Demand, _ dimension: FigureDimension) -> String {
    switch dimension {
    case .region: demand.region.county
    case .chain: demand.handling.chain
    case .channel: demand.channel.rawValue
    case .period: "2025-01"
    case .institution: demand.claim?.institution ?? ""
    }
  }

  /// Random walks over several demands of several firms.
  private func populate(_ test: TestStore) async throws {
    var walk = RandomWalk(generator: SeededGenerator(seed: 7), id: "")
    var step = 0
    for number in 1...12 {
      let firm = try Fixture.firm(number: number % 4)
      _ = try? await test.register(try Fixture.registration(firm.organisation), "firm-\(number)")
      let id = Fixture.id(number)
      try await test.run(
        .submit(try Fixture.submission(id: id, enterprise: firm.organisation)), "submit-\(number)",
        by: Fixture.operators)
      walk = RandomWalk(generator: walk.generator, id: id, firm: firm)
      var paper = PaperDemand(hardFirm: false, wanted: 200_000_000)
      for _ in 0..<60 {
        step += 1
        let next = walk.step(for: paper)
        let caller = walk.caller(for: next)
        let refusal = paper.take(
          next, by: caller, sameFirm: caller == firm, inRegion: Fixture.region.hasPrefix(caller.regionPrefix))
        let actual = await lateRefusal { try await test.run(try walk.command(next), "step-\(step)", by: caller) }
        try #require(actual?.reason == refusal, "\(next) by \(caller): \(actual as Any)")
      }
      if number % 3 == 0 {
        _ = try await test.demands.advance(
          try AdvanceClocks(asOf: Fixture.date("2025-02-20"), limit: 0),
          envelope: try test.envelope(
            "advance-\(number)", Fixture.service,
            at: Instant(microseconds: Fixture.noon.microseconds + 50 * 86_400_000_000)),
          encode: { _ in [] })
      }
    }
  }
}

/// The log as somebody reads it who has nothing else.
private struct LogBook {
  var demands: [String: Demand] = [:]
  var accepted: [String: [Int64]] = [:]
  var decided: [String: [Int64]] = [:]
  var missed: [String: Int64] = [:]
  var contacted: [String: [Int64]] = [:]

  init(_ log: [LogEntry]) {
    var pushed: [String: Int64] = [:]
    // Demand → institution → when it claimed.
    var claimed: [String: [String: Int64]] = [:]
    var since: [String: [String: Int64]] = [:]
    for entry in log {
      guard case .demand(let event, _, let after) = entry.content else { continue }
      let (id, now) = (after.id, entry.context.at.microseconds)
      demands[id] = after
      func decide(_ institution: String) {
        guard let start = claimed[id]?.removeValue(forKey: institution) else { return }
        decided[id, default: []].append((now - start) / 1_000_000)
      }
      switch event {
      case .pushed: pushed[id] = now
      case .claimed(let institution), .taken(let institution):
        accepted[id, default: []].append((now - (pushed[id] ?? now)) / 1_000_000)
        claimed[id, default: [:]][institution] = now
        since[id, default: [:]][institution] = now
      case .contacted(let institution):
        guard let start = since[id]?[institution] else { break }
        contacted[id, default: []].append((now - start) / 1_000_000)
      case .offered(let offer), .tendered(let offer, _): decide(offer.institution)
      case .declined(let decline, _): decide(decline.institution)
      // The others were passed over: they need not answer any more.
      case .awarded: claimed[id] = nil
      case .clockMissed: missed[id, default: 0] += 1
      default: break
      }
    }
  }

  /// What one institution granted, signed and paid out; what was wanted stands with whoever claimed it.
  func part(of institution: String) -> [Currency: AmountTally] {
    var sums: AmountTally?
    for demand in demands.values {
      let stands = [.signed, .disbursed, .closed].contains(demand.state)
      if (demand.claim?.institution ?? "") == institution {
        var own = sums ?? AmountTally()
        own.wanted += demand.amount.minorUnits
        if stands, let contract = demand.contract {
          own.granted += demand.offer?.amount.minorUnits ?? 0
          own.signed += contract.amount.minorUnits
          own.disbursed += demand.disbursements.reduce(0) { $0 + $1.amount.minorUnits }
        }
        sums = own
      }
      guard stands, demand.contract != nil else { continue }
      for member in demand.handling.members where member.institution == institution && member.contract != nil {
        var own = sums ?? AmountTally()
        own.granted += member.offer?.amount.minorUnits ?? 0
        own.signed += member.contract?.amount.minorUnits ?? 0
        own.disbursed += member.disbursements.reduce(0) { $0 + $1.amount.minorUnits }
        sums = own
      }
    }
    return sums.map { [.cny: $0] } ?? [:]
  }

  func row(_ key: String, of ids: [String]) -> FigureRow {
    var row = FigureRow(key: key)
    let mine = ids.compactMap { demands[$0] }
    row.demands = Int64(mine.count)
    row.firms = Int64(Set(mine.map(\.enterprise)).count)
    for demand in mine {
      for state in demand.reached { row.reached[state, default: 0] += 1 }
      var sums = row.amounts[.cny] ?? AmountTally()
      sums.wanted += demand.amount.minorUnits
      if [.signed, .disbursed, .closed].contains(demand.state), let contract = demand.contract {
        let others = demand.handling.members.filter { $0.contract != nil }
        sums.granted += demand.offer?.amount.minorUnits ?? 0
        sums.signed += contract.amount.minorUnits
        sums.disbursed += demand.disbursements.reduce(0) { $0 + $1.amount.minorUnits }
        for other in others {
          sums.granted += other.offer?.amount.minorUnits ?? 0
          sums.signed += other.contract?.amount.minorUnits ?? 0
          sums.disbursed += other.disbursements.reduce(0) { $0 + $1.amount.minorUnits }
        }
      }
      row.amounts[.cny] = sums
      row.accepted += Int64(accepted[demand.id]?.count ?? 0)
      row.acceptSeconds += accepted[demand.id]?.reduce(0, +) ?? 0
      row.decided += Int64(decided[demand.id]?.count ?? 0)
      row.decideSeconds += decided[demand.id]?.reduce(0, +) ?? 0
      row.missedClocks += missed[demand.id] ?? 0
      row.contacted += Int64(contacted[demand.id]?.count ?? 0)
      row.contactSeconds += contacted[demand.id]?.reduce(0, +) ?? 0
    }
    let first = mine.filter {
      $0.contract?.firstLoan == true && [.signed, .disbursed, .closed].contains($0.state)
    }
    row.firstLoans = Int64(Set(first.map(\.enterprise)).count)
    return row
  }
}
