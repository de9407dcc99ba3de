import DemandDomain
import Kernel
import Storage

/// Demands as rows: reading.
enum DemandRows {
  static let columns = columns(rules: "d.assessment_rules")

  /// For pages: each judgement without its rules, which would be most of what a page reads, parses and sends.
  static let pageColumns = columns(rules: "'[]'")

  private static func columns(rules: String) -> String {
    """
    d.number, d.id, d.enterprise, d.state, d.reached, d.currency, d.amount_minor, d.tenor_months, d.purpose, \
    d.security_mode, d.instrument, d.region_code, d.channel, d.wanted_day, d.valid_until_day, d.contact_person, \
    d.contact_phone, d.profile_name, d.profile_region, d.profile_industry, d.profile_size, d.profile_grade, \
    d.profile_first_loan, d.profile_tags, d.profile_consents, d.submitted_by, d.policy_digest, d.created_micros, \
    d.updated_micros, d.revision, d.assessment_number, d.assessment_verdict, d.assessment_day, d.assessment_digest, \
    d.assessment_micros, \(rules), d.push_mode, d.claimed_by, d.claimed_micros, d.offer_minor, \
    d.offer_rate_ppm, d.offer_tenor_months, d.offer_guarantee, d.offer_product, d.offer_micros, d.contract_number, \
    d.contract_minor, d.contract_day, d.contract_revolving, d.contract_draw_by_day, d.closed_by, d.close_role, \
    d.close_note, d.close_micros, d.end_reason, d.handling, d.target_count, d.decline_count, d.disbursed_minor, \
    d.contract_first_loan
    """
  }

  /// A demand's own row, and which of its other tables have rows for it.
  struct Head {
    var number: Int64
    var demand: Demand
    var hasTargets = false
    var hasDeclines = false
    var hasDisbursements = false
  }

  static func load(_ id: String, _ session: ReadSession) throws -> Listed<Demand>? {
    let head = try session.first("SELECT \(columns) FROM demands d WHERE d.id = ?", [.text(id)], Self.head)
    return try head.map { try complete($0, session) }
  }

  /// One line of a page.
  static func line(_ number: Int64, _ session: ReadSession) throws -> Listed<Demand>? {
    let head = try session.first(
      "SELECT \(pageColumns) FROM demands d WHERE d.number = ?", [.integer(number)], Self.head)
    return try head.map { try complete($0, session) }
  }

  static func head(_ row: Row) throws -> Head {
    var columns = Columns(row)
    let number = try columns.integer()
    var demand = try core(&columns)
    demand.assessment = try assessment(&columns)
    demand.pushMode = try columns.optionalWord()
    demand.claim = try claim(&columns)
    demand.offer = try offer(&columns, demand)
    demand.contract = try contract(&columns, demand)
    demand.closeOut = try closeOut(&columns)
    demand.endReason = try columns.optionalText()
    switch try columns.optionalText() {
    case nil: break
    case Handling.untouchedAtCounty: demand.handling.level = .county
    case Handling.untouchedAtTown: demand.handling.level = .town
    case .some(let handling):
      demand.handling = try Handling(json: try JSONParser.parse(handling), region: demand.region)
    }
    let head = Head(
      number: number, demand: demand, hasTargets: try columns.integer() > 0, hasDeclines: try columns.integer() > 0,
      hasDisbursements: try columns.integer() > 0)
    guard try columns.flag(), demand.contract != nil else { return head }
    var first = head
    first.demand.contract?.firstLoan = true
    return first
  }

  private static func core(_ columns: inout Columns) throws -> Demand {
    let (id, enterprise) = (try columns.text(), try columns.text())
    let state: DemandState = try columns.word()
    let reached = StateSet(bits: try columns.integer())
    let currency = try Currency(try columns.text())
    var demand = Demand(
      id: id, enterprise: enterprise, state: state, amount: Money(try columns.integer(), currency),
      tenorMonths: try columns.integer(), purpose: try columns.text(), securityMode: try columns.word(),
      instrument: try columns.word(), region: try RegionCode(try columns.text()), channel: try columns.word(),
      wantedDate: try columns.optionalDay(), validUntil: try columns.optionalDay(), contact: try contact(&columns),
      profile: try profile(&columns), submittedBy: try columns.text(), policyDigest: try columns.text(),
      createdAt: try columns.time(), updatedAt: try columns.time(), revision: try columns.integer())
    demand.reached = reached.states
    return demand
  }

  private static func contact(_ columns: inout Columns) throws -> Contact? {
    let (person, phone) = (try columns.optionalText(), try columns.optionalText())
    guard let person, let phone else { return nil }
    return Contact(person: person, phone: phone)
  }

  private static func profile(_ columns: inout Columns) throws -> EnterpriseProfile {
    var profile = EnterpriseProfile(
      displayName: try columns.text(), region: try RegionCode(try columns.text()),
      industry: try IndustryCode(try columns.text()), sizeBand: try columns.optionalWord(),
      grade: try columns.optionalWord(), firstLoan: try columns.flag(), tags: [], consents: [])
    profile.tags = try items(try columns.text()).map { try $0.textItem }
    profile.consents = try items(try columns.text()).map(HeldConsent.init(json:))
    return profile
  }

  /// Most lists are empty, and a page reads many.
  private static func items(_ text: String) throws -> [JSONValue] {
    if text == "[]" { return [] }
    guard case .list(let list) = try JSONParser.parse(text) else { return [] }
    return list
  }

  private static func assessment(_ columns: inout Columns) throws -> Assessment? {
    let number = try columns.optionalInteger()
    let verdict = try columns.optionalWord(Verdict.self)
    let day = try columns.optionalDay()
    let digest = try columns.optionalText()
    let micros = try columns.optionalInteger()
    let rules = try columns.optionalText()
    guard let number, let verdict, let day, let digest, let micros, let rules else { return nil }
    return Assessment(
      number: number, verdict: verdict, rules: try items(rules).map(RuleResult.init(json:)), asOf: day,
      policyDigest: digest, at: Instant(microseconds: micros))
  }

  private static func claim(_ columns: inout Columns) throws -> Claim? {
    let (institution, micros) = (try columns.optionalText(), try columns.optionalInteger())
    guard let institution, let micros else { return nil }
    return Claim(institution: institution, at: Instant(microseconds: micros))
  }

  private static func offer(_ columns: inout Columns, _ demand: Demand) throws -> Offer? {
    let (minor, rate, tenor) = (
      try columns.optionalInteger(), try columns.optionalInteger(), try columns.optionalInteger()
    )
    let (guarantee, product, micros) = (
      try columns.optionalInteger(), try columns.optionalText(), try columns.optionalInteger()
    )
    guard let minor, let rate, let tenor, let guarantee, let product, let micros, let claim = demand.claim else {
      return nil
    }
    return Offer(
      institution: claim.institution, amount: Money(minor, demand.amount.currency), rate: Rate(ppm: rate),
      tenorMonths: tenor, guaranteeNeeded: guarantee == 1, product: product, at: Instant(microseconds: micros))
  }

  private static func contract(_ columns: inout Columns, _ demand: Demand) throws -> Contract? {
    let (number, minor, day) = (try columns.optionalText(), try columns.optionalInteger(), try columns.optionalDay())
    let (revolving, drawBy) = (try columns.optionalInteger(), try columns.optionalDay())
    guard let number, let minor, let day, let revolving else { return nil }
    return Contract(
      number: number, amount: Money(minor, demand.amount.currency), signedOn: day, revolving: revolving == 1,
      drawBy: drawBy)
  }

  private static func closeOut(_ columns: inout Columns) throws -> CloseOut? {
    let (by, role) = (try columns.optionalText(), try columns.optionalWord(Role.self))
    let (note, micros) = (try columns.optionalText(), try columns.optionalInteger())
    guard let by, let role, let note, let micros else { return nil }
    return CloseOut(evidence: [], closedBy: by, role: role, note: note, at: Instant(microseconds: micros))
  }
}

/// States as bits, in the order of their declaration, which only ever grows at its end.
struct StateSet {
  var bits: Int64

  init(bits: Int64) { self.bits = bits }

  init(_ states: Set<DemandState>) {
    bits = states.reduce(0) { $0 | Self.bit(of: $1) }
  }

  private static let bits = Dictionary(
    uniqueKeysWithValues: DemandState.allCases.enumerated().map { ($0.element, Int64(1) << Int64($0.offset)) })

  private static func bit(of state: DemandState) -> Int64 { bits[state] ?? 0 }

  var states: Set<DemandState> {
    Set(DemandState.allCases.enumerated().filter { bits & (1 << Int64($0.offset)) != 0 }.map(\.element))
  }
}
