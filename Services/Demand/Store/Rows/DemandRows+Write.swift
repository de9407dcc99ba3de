import DemandDomain
import Kernel
import Policy
import Storage

extension DemandRows {
  /// The number of the newest demand; 0 before the first.
  static func last(_ session: ReadSession) throws -> Int64 {
    (try session.first("SELECT max(number) FROM demands") { try $0.optionalInt64(0) } ?? nil) ?? 0
  }

  /// The single writer gives the number itself: asking for it back (RETURNING) would cost a temporary table each time.
  /// - Parameter sequence: that of the event that begins the demand.
  /// - Returns: the number of the new row.
  static func insert(_ demand: Demand, handling: String, sequence: Int64, _ session: WriteSession) throws -> Int64 {
    let number = try last(session) + 1
    var values: [SQLValue] = []
    values.reserveCapacity(41)
    values.append(.integer(number))
    fixed(demand, &values)
    progress(demand, &values)
    profile(demand, &values)
    values.append(.text(handling))
    values.append(.text(demand.handling.level.rawValue))
    values.append(.text(demand.handling.chain))
    values.append(.text(try period(of: demand)))
    values.append(.integer(sequence))
    try session.execute(
      """
      INSERT INTO demands (number, id, enterprise, currency, amount_minor, tenor_months, purpose, security_mode, instrument,
        region_code, region_province, region_city, region_county, region_town, region_village, channel, wanted_day,
        valid_until_day, contact_person, contact_phone, submitted_by, created_micros, state, reached, last_day,
        updated_micros, policy_digest, revision, profile_name, profile_region, profile_industry, profile_size,
        profile_grade, profile_first_loan, profile_tags, profile_consents, handling, level, chain, period,
        first_sequence)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
        ?, ?, ?, ?)
      """, values)
    try PairRows.submitted(number, session)
    return number
  }

  /// "2023-07": the month of submission in Asia/Shanghai.
  private static func period(of demand: Demand) throws -> String {
    let day = try demand.createdAt.shanghaiDate()
    return "\(day.year)-\(day.month < 10 ? "0" : "")\(day.month)"
  }

  /// Writes what the event changed.
  static func update(
    _ demand: Demand, handling: String, number: Int64, by event: DemandEvent, before: Demand, due: BusinessDate?,
    _ session: WriteSession
  ) throws {
    var values: [SQLValue] = []
    progress(demand, &values)
    values += outcome(demand) + progress(of: demand, handling, due) + [.integer(number)]
    try session.execute(
      """
      UPDATE demands SET state = ?, reached = ?, last_day = ?, updated_micros = ?, policy_digest = ?, revision = ?,
        push_mode = ?, open_city = ?, open_county = ?, target_count = ?, claimed_by = ?, claimed_micros = ?, offer_minor = ?, offer_rate_ppm = ?,
        offer_tenor_months = ?, offer_guarantee = ?, offer_product = ?, offer_micros = ?, contract_number = ?,
        contract_minor = ?, contract_day = ?, contract_revolving = ?, contract_draw_by_day = ?, disbursed_minor = ?,
        decline_count = ?, closed_by = ?, close_role = ?, close_note = ?, close_micros = ?, end_reason = ?, handling = ?, level = ?, due_day = ?, granted_minor = ?, signed_minor = ?,
        paid_minor = ?, contract_first_loan = ?
      WHERE number = ?
      """, values)
    if demand.state != before.state, !before.targets.isEmpty {
      try session.execute(
        "UPDATE demand_targets SET demand_state = ? WHERE demand = ?", [.text(demand.state.rawValue), .integer(number)])
    }
    try updateDetails(demand, number: number, by: event, before: before, session)
  }

  private static func updateDetails(
    _ demand: Demand, number: Int64, by event: DemandEvent, before: Demand, _ session: WriteSession
  ) throws {
    switch event {
    case .assessed: try updateAssessment(demand, number, session)
    case .pushed, .acknowledged, .invited: try updateTargets(demand, number, before: before, session)
    case .claimed:
      try updateTargets(demand, number, before: before, session)
      if let claim = demand.claim { try ResponseRows.claimed(claim.institution, demand, number, session) }
    case .taken(let institution):
      try updateTargets(demand, number, before: before, session)
      try ResponseRows.claimed(institution, demand, number, session)
    case .tendered(let offer, revised: false):
      try ResponseRows.decided(offer.institution, demand.updatedAt, number, session)
    case .awarded: try updateTargets(demand, number, before: before, session)
    case .offered(let offer) where before.handling.decidedAt == nil:
      try ResponseRows.decided(offer.institution, demand.updatedAt, number, session)
    case .contacted(let institution): try ResponseRows.contacted(institution, demand.updatedAt, number, session)
    case .clockMissed(let missed): try ResponseRows.missed(missed, demand, number, session)
    case .noted(let note): try PairRows.noted(note.text, on: number, session)
    case .reopened: try session.execute("DELETE FROM demand_close_evidence WHERE demand = ?", [.integer(number)])
    case .declined(let decline, _), .left(let decline):
      if case .declined = event, before.awaitsDecision(of: decline.institution) {
        try ResponseRows.decided(decline.institution, demand.updatedAt, number, session)
      }
      try updateTargets(demand, number, before: before, session)
      try session.execute(
        """
        INSERT INTO demand_declines (demand, position, institution, reason, at_micros, from_state)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        [
          .integer(number), .integer(Int64(demand.declines.count - 1)), .text(decline.institution),
          .text(decline.reason), .time(decline.at), .text(decline.fromState.rawValue),
        ])
    case .disbursed(let disbursement):
      let evidence = disbursement.evidence
      try session.execute(
        """
        INSERT INTO demand_disbursements (demand, position, amount_minor, paid_day, evidence_kind, evidence_reference,
          evidence_sha256)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        [
          .integer(number), .integer(Int64(demand.disbursements.count - 1)), .integer(disbursement.amount.minorUnits),
          .day(disbursement.paidOn), .text(evidence.kind), .text(evidence.reference), .blob(evidence.sha256),
        ])
    case .closed(let closeOut):
      for (position, evidence) in closeOut.evidence.enumerated() {
        try session.execute(
          "INSERT INTO demand_close_evidence (demand, position, kind, reference, sha256) VALUES (?, ?, ?, ?, ?)",
          [
            .integer(number), .integer(Int64(position)), .text(evidence.kind), .text(evidence.reference),
            .blob(evidence.sha256),
          ])
      }
    case .submitted, .offered, .tendered, .signed, .withdrawn, .expired, .escalated, .planned, .joined, .jointOffered,
      .jointSigned,
      .jointDisbursed, .paused, .resumed, .documentAttached:
      break
    }
  }

  private static func updateAssessment(_ demand: Demand, _ number: Int64, _ session: WriteSession) throws {
    guard let assessment = demand.assessment else { return }
    var values: [SQLValue] = [
      .integer(assessment.number), .text(assessment.verdict.rawValue), .day(assessment.asOf),
      .text(assessment.policyDigest), .time(assessment.at),
      .text(JSONValue.list(assessment.rules.map(\.json)).string),
    ]
    profile(demand, &values)
    values.append(.integer(number))
    try session.execute(
      """
      UPDATE demands SET assessment_number = ?, assessment_verdict = ?, assessment_day = ?, assessment_digest = ?,
        assessment_micros = ?, assessment_rules = ?, profile_name = ?, profile_region = ?, profile_industry = ?,
        profile_size = ?, profile_grade = ?, profile_first_loan = ?, profile_tags = ?, profile_consents = ?
      WHERE number = ?
      """, values)
  }

  /// Targets are only ever added at the end or change their state.
  private static func updateTargets(
    _ demand: Demand, _ number: Int64, before: Demand, _ session: WriteSession
  ) throws {
    for (position, target) in demand.targets.enumerated() {
      if position < before.targets.count {
        if target == before.targets[position] { continue }
        try session.execute(
          "UPDATE demand_targets SET state = ?, acknowledged_micros = ? WHERE demand = ? AND position = ?",
          [
            .text(target.state.rawValue), .time(target.acknowledgedAt), .integer(number), .integer(Int64(position)),
          ])
      } else {
        try session.execute(
          """
          INSERT INTO demand_targets (demand, position, kind, organisation, product, score_ppm, state, pushed_micros,
            reason, demand_state)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
          [
            .integer(number), .integer(Int64(position)), .text(target.kind.rawValue), .text(target.organisation),
            .text(target.product), .integer(target.score.ppm), .text(target.state.rawValue), .time(target.pushedAt),
            .text(target.reason.rawValue), .text(demand.state.rawValue),
          ])
      }
    }
  }

  private static func fixed(_ demand: Demand, _ values: inout [SQLValue]) {
    let region = demand.region
    values.append(.text(demand.id))
    values.append(.text(demand.enterprise))
    values.append(.text(demand.amount.currency.code))
    values.append(.integer(demand.amount.minorUnits))
    values.append(.integer(demand.tenorMonths))
    values.append(.text(demand.purpose))
    values.append(.text(demand.securityMode.rawValue))
    values.append(.text(demand.instrument.rawValue))
    values.append(.text(region.text))
    values.append(.text(region.province))
    values.append(.text(region.city))
    values.append(.text(region.county))
    values.append(.text(region.town))
    values.append(.text(region.village))
    values.append(.text(demand.channel.rawValue))
    values.append(.day(demand.wantedDate))
    values.append(.day(demand.validUntil))
    values.append(.text(demand.contact?.person))
    values.append(.text(demand.contact?.phone))
    values.append(.text(demand.submittedBy))
    values.append(.time(demand.createdAt))
  }

  private static func progress(_ demand: Demand, _ values: inout [SQLValue]) {
    values.append(.text(demand.state.rawValue))
    values.append(.integer(StateSet(demand.reached).bits))
    values.append(.day(demand.lastDay))
    values.append(.time(demand.updatedAt))
    values.append(.text(demand.policyDigest))
    values.append(.integer(demand.revision))
  }

  private static func progress(of demand: Demand, _ handling: String, _ due: BusinessDate?) -> [SQLValue] {
    let totals = demand.totals
    return [
      .text(handling), .text(demand.handling.level.rawValue), .day(due), .integer(totals.granted),
      .integer(totals.signed), .integer(totals.disbursed), .flag(demand.contract?.firstLoan ?? false),
    ]
  }

  private static func profile(_ demand: Demand, _ values: inout [SQLValue]) {
    let profile = demand.profile
    values.append(.text(profile.displayName))
    values.append(.text(profile.region.text))
    values.append(.text(profile.industry.text))
    values.append(.text(profile.sizeBand?.rawValue))
    values.append(.text(profile.grade?.rawValue))
    values.append(.flag(profile.firstLoan))
    values.append(.text(profile.tags.isEmpty ? "[]" : JSONValue.list(profile.tags.map(JSONValue.text)).string))
    values.append(.text(profile.consents.isEmpty ? "[]" : JSONValue.list(profile.consents.map(\.json)).string))
  }

  private static func outcome(_ demand: Demand) -> [SQLValue] {
    let (offer, contract, closeOut) = (demand.offer, demand.contract, demand.closeOut)
    let isOpen = demand.state == .pushed && demand.pushMode == .open
    return [
      .text(demand.pushMode?.rawValue), .text(isOpen ? demand.region.city : nil),
      .text(isOpen ? demand.region.county : nil), .integer(Int64(demand.targets.count)),
      .text(demand.claim?.institution),
      .time(demand.claim?.at), .integer(offer?.amount.minorUnits), .integer(offer?.rate.ppm),
      .integer(offer?.tenorMonths), .integer(offer.map { $0.guaranteeNeeded ? 1 : 0 }), .text(offer?.product),
      .time(offer?.at), .text(contract?.number), .integer(contract?.amount.minorUnits), .day(contract?.signedOn),
      .integer(contract.map { $0.revolving ? 1 : 0 }), .day(contract?.drawBy), .integer(demand.disbursed.minorUnits),
      .integer(Int64(demand.declines.count)), .text(closeOut?.closedBy), .text(closeOut?.role.rawValue),
      .text(closeOut?.note), .time(closeOut?.at), .text(demand.endReason),
    ]
  }
}
