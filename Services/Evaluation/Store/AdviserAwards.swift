package import EvaluationDomain
package import Kernel
import Storage

extension EvaluationStore {
  package func nameExcellentAdvisers(
    runID: String, proportionPPM: Int64, envelope: CommandEnvelope, encode: @escaping Encode<AdviserAwards>
  ) async throws -> CommandReply<AdviserAwards> {
    try await store.command(envelope, encode: encode) { [documents] session in
      let known = try RunSQL.existing(runID, session)
      let period = try known.run.requireAnnualAppraisal()
      let advisers = try AwardSQL.advisers(known.key, session)
      let earlier = try AwardSQL.latest(known.run.schemeID, period, session)
      if let earlier, try !AwardSQL.corrects(known.run, earlier.runID, session) {
        throw DomainError(
          .resourceExists, "the advisers of \(period) were named on runs/\(earlier.runID)",
          metadata: ["resource": "runs/\(earlier.runID)"])
      }
      let awards = AdviserAwards(
        runID: runID, period: period.description, proportionPPM: proportionPPM,
        awards: AdviserAwards.named(advisers.map(\.row), proportionPPM: proportionPPM).map { row in
          AdviserAwards.Award(
            adviserID: row.institutionID, title: row.title, table: row.table, rank: row.rank, total: row.total,
            employerID: advisers.first { $0.row.institutionID == row.institutionID }?.employerID ?? "")
        }, namer: Run.person(envelope.caller), nameTime: envelope.now)
      try AwardSQL.insert(awards, schemeID: known.run.schemeID, period, session)
      try AwardSQL.count(awards, after: earlier, period, documents, envelope, session)
      try session.append(
        event: try Document.event(
          "advisers.named", "runs/\(runID)", envelope.caller.organisation,
          ["named": .number(Int64(awards.awards.count)), "proportion_ppm": .number(proportionPPM)]))
      return awards
    }
  }

  package func adviserAwards(after: String?, limit: Int) async throws -> KeysetPage<AdviserAwards> {
    let before = try Self.position(after) ?? .max
    return try await store.read { session in
      let rows: [(key: Int64, awards: AdviserAwards)] = try session.query(
        "SELECT awards_key, document FROM adviser_awards WHERE awards_key < ? ORDER BY awards_key DESC LIMIT ?",
        [.integer(before), .integer(Int64(limit) + 1)]
      ) { (try $0.int64(0), try Document.read(try $0.text(1))) }
      return KeysetPage(
        items: rows.prefix(limit).map(\.awards), next: rows.count > limit ? "\(rows[limit - 1].key)" : nil)
    }
  }
}

private enum AwardSQL {
  /// - Throws: `STATE_CONFLICT` when the run ranks anyone but advisers.
  static func advisers(_ runKey: Int64, _ session: ReadSession) throws -> [(row: ScoreRow, employerID: String)] {
    let rows = try session.query(
      "SELECT \(RunSQL.rankingColumns) FROM ranking WHERE run_key = ? ORDER BY position", [.integer(runKey)],
      RunSQL.scoreRow)
    return try rows.map { row in
      guard let adviser = try DictionarySQL.institution(row.institutionID, session), adviser.isPerson else {
        throw DomainError(.stateConflict, "institutions/\(row.institutionID) is no adviser", field: "run")
      }
      return (row, adviser.employerID)
    }
  }

  static func latest(_ schemeID: String, _ period: Period, _ session: ReadSession) throws -> AdviserAwards? {
    try session.first(
      """
      SELECT document FROM adviser_awards WHERE scheme_id = ? AND period_code = ? ORDER BY awards_key DESC LIMIT 1
      """, [.text(schemeID), .integer(period.code)]
    ) { try Document.read(try $0.text(0)) }
  }

  /// Whether a run took the place of another, at once or by corrections in between on which nobody was named.
  static func corrects(_ run: Run, _ other: String, _ session: ReadSession) throws -> Bool {
    var before = run.supersedes
    while let id = before {
      if id == other { return true }
      before = try RunSQL.existing(id, session).run.supersedes
    }
    return false
  }

  static func insert(
    _ awards: AdviserAwards, schemeID: String, _ period: Period, _ session: WriteSession
  ) throws {
    try session.execute(
      "INSERT INTO adviser_awards (run_id, scheme_id, period_code, document) VALUES (?, ?, ?, ?)",
      [.text(awards.runID), .text(schemeID), .integer(period.code), .text(try Document.text(awards))])
  }

  /// Puts the institutions' counts on record, and takes back those of the run that was corrected.
  static func count(
    _ awards: AdviserAwards, after earlier: AdviserAwards?, _ period: Period, _ documents: IndicatorDocuments,
    _ envelope: CommandEnvelope, _ session: WriteSession
  ) throws {
    let before = earlier?.countsByEmployer ?? [:]
    let now = awards.countsByEmployer
    let employers = Set(now.keys).union(before.keys)
    let keys = try FactKeys(indicators: [AdviserAwards.indicatorID], institutions: employers, documents, session)
    let wanted = employers.sorted().map {
      FactKey(institutionID: $0, indicatorID: AdviserAwards.indicatorID, period: period)
    }
    let current = try FactSQL.current(wanted, keys, session)
    // Other appraisals of the year may have counted too: only the difference is this one's.
    let writes = wanted.compactMap { key -> FactIntake.Write? in
      let known = current[key]
      let value = (known?.value ?? 0) + (now[key.institutionID] ?? 0) - (before[key.institutionID] ?? 0)
      if value == known?.value { return nil }
      return FactIntake.Write(
        key: key, value: value, version: (known?.version ?? 0) + 1, evidence: "run runs/\(awards.runID)",
        reason: known == nil ? "" : "advisers named on runs/\(awards.runID)", daysLate: 0)
    }
    try FactSQL.write(
      try keys.placed(writes), keys, reporter: envelope.caller.organisation, confirmer: awards.namer, now: envelope.now,
      session)
  }
}
