import DemandDomain
import Kernel
import Storage

/// Loads what decisions look at.
enum DemandSituations {
  static func submitted(_ command: SubmitDemand, _ session: ReadSession) throws -> DemandSituation {
    let enterprise = try EnterpriseRows.load(command.enterprise, session)?.item
    var situation = DemandSituation(demand: nil, enterprise: enterprise, otherContracts: [])
    guard let enterprise else { return situation }
    situation.earlier = try others(of: enterprise, wanting: command.instrument, session) { firm in
      try earlier(of: firm, wanting: command.instrument, session)
    }
    return situation
  }

  static func judged(_ demand: Demand, _ session: ReadSession) throws -> DemandSituation {
    var situation = try contracting(demand, session)
    guard let enterprise = situation.enterprise else { return situation }
    situation.earlier = try others(of: enterprise, wanting: demand.instrument, session) { firm in
      try lasting(of: firm, beside: demand, session)
    }
    return situation
  }

  /// The firm and its contracts on its other demands.
  static func contracting(_ demand: Demand, _ session: ReadSession) throws -> DemandSituation {
    var contracts: [StandingContract] = []
    for (id, _) in try EnterpriseRows.codes(of: demand.enterprise, session) {
      contracts += try otherContracts(of: id, beside: demand, session)
    }
    return DemandSituation(
      demand: demand, enterprise: try EnterpriseRows.load(demand.enterprise, session)?.item, otherContracts: contracts)
  }

  static func pushed(_ demand: Demand, on today: BusinessDate, _ session: ReadSession) throws -> DemandSituation {
    var situation = DemandSituation(demand: demand, enterprise: nil, otherContracts: [])
    if !demand.handling.chain.isEmpty {
      situation.chainLeads = try CaseRows.topical(.chainTeam, demand.handling.chain, reaching: demand.region, session)
        .flatMap { $0.organisations("lead_banks") }
    }
    let month = "\(today.year)-\(today.month < 10 ? "0" : "")\(today.month)"
    situation.dutyBanks = try CaseRows.topical(.dutyMonth, month, reaching: demand.region, session)
      .flatMap { $0.organisations("lead") + $0.organisations("participating") }
    return situation
  }

  /// A code under which demands were submitted.
  private struct Firm {
    let id: String
    let region: RegionCode
    let isAffiliate: Bool
  }

  /// What `read` finds for each code of the firm and of its affiliates.
  private static func others(
    of enterprise: Enterprise, wanting instrument: Instrument, _ session: ReadSession,
    _ read: (Firm) throws -> [EarlierDemand]
  ) throws -> [EarlierDemand] {
    let own =
      [(id: enterprise.id, region: enterprise.region)] + (try EnterpriseRows.merged(into: enterprise.id, session))
    var demands = try own.flatMap { try read(Firm(id: $0.id, region: $0.region, isAffiliate: false)) }
    var known = Set(own.map(\.id))
    for affiliate in enterprise.ties.affiliates {
      for (id, region) in try EnterpriseRows.codes(of: affiliate, session) where known.insert(id).inserted {
        demands += try read(Firm(id: id, region: region, isAffiliate: true))
      }
    }
    return demands
  }

  /// All that may count with the demand, newest first; `demands_recent` holds what is read.
  private static func lasting(
    of firm: Firm, beside demand: Demand, _ session: ReadSession
  ) throws -> [EarlierDemand] {
    try session.query(
      """
      SELECT id, enterprise, state, instrument, currency, amount_minor, tenor_months, created_micros FROM demands
      WHERE enterprise = ? AND instrument = ? AND id <> ? AND state NOT IN ('withdrawn', 'expired') ORDER BY number DESC
      """, [.text(firm.id), .text(demand.instrument.rawValue), .text(demand.id)]
    ) { try earlierDemand($0, firm) }
  }

  /// Those of the firm's last demands that want the same instrument: no other is like the new one.
  private static func earlier(
    of firm: Firm, wanting instrument: Instrument, _ session: ReadSession
  ) throws -> [EarlierDemand] {
    try session.query(
      """
      SELECT id, enterprise, state, instrument, currency, amount_minor, tenor_months, created_micros FROM (
        SELECT id, enterprise, state, instrument, currency, amount_minor, tenor_months, created_micros FROM demands
        WHERE enterprise = ? ORDER BY number DESC LIMIT ?)
      WHERE instrument = ?
      """, [.text(firm.id), .integer(Int64(EarlierDemand.examined)), .text(instrument.rawValue)]
    ) { try earlierDemand($0, firm) }
  }

  private static func earlierDemand(_ row: Row, _ firm: Firm) throws -> EarlierDemand {
    var columns = Columns(row)
    let (id, enterprise) = (try columns.text(), try columns.text())
    let (state, instrument): (DemandState, Instrument) = (try columns.word(), try columns.word())
    let currency = try Currency(try columns.text())
    return EarlierDemand(
      id: id, enterprise: enterprise, region: firm.region, isAffiliate: firm.isAffiliate, state: state,
      instrument: instrument, amount: Money(try columns.integer(), currency), tenorMonths: try columns.integer(),
      createdAt: try columns.time())
  }

  private static func otherContracts(
    of firm: String, beside demand: Demand, _ session: ReadSession
  ) throws -> [StandingContract] {
    try session.query(
      """
      SELECT currency, signed_minor, contract_day, offer_tenor_months, instrument FROM demands
      WHERE enterprise = ? AND id <> ? AND contract_minor IS NOT NULL AND state IN ('signed', 'disbursed', 'closed')
      ORDER BY number
      """, [.text(firm), .text(demand.id)]
    ) { row in
      var columns = Columns(row)
      let currency = try Currency(try columns.text())
      return StandingContract(
        amount: Money(try columns.integer(), currency), signedOn: try columns.day(), tenorMonths: try columns.integer(),
        instrument: try columns.word())
    }
  }
}
