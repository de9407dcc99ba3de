import DemandDomain
import Kernel
import Storage

/// Loads what decisions look at.
enum DemandSituations {
  static func submitted(_ command: SubmitDemand, _ session: ReadSession) throws -> DemandSituation {
    let enterprise = try EnterpriseRows.load(command.enterprise, session)?.item
    var situation = DemandSituation(demand: nil, enterprise: enterprise, otherContracts: [])
    for firm in [command.enterprise] + (enterprise?.ties.affiliates ?? []) {
      situation.earlier += try earlier(of: firm, wanting: command.instrument, session)
    }
    return situation
  }

  static func judged(_ demand: Demand, _ session: ReadSession) throws -> DemandSituation {
    DemandSituation(
      demand: demand, enterprise: try EnterpriseRows.load(demand.enterprise, session)?.item,
      otherContracts: try otherContracts(of: demand, session))
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

  /// Those of the firm's last demands that want the same instrument: no other is like the new one.
  private static func earlier(
    of firm: String, wanting instrument: Instrument, _ session: ReadSession
  ) throws -> [EarlierDemand] {
    try session.query(
      """
      SELECT id, enterprise, state, instrument, currency, amount_minor, tenor_months, created_micros FROM (
        SELECT id, enterprise, state, instrument, currency, amount_minor, tenor_months, created_micros FROM demands
        WHERE enterprise = ? ORDER BY number DESC LIMIT ?)
      WHERE instrument = ?
      """, [.text(firm), .integer(Int64(EarlierDemand.examined)), .text(instrument.rawValue)]
    ) { row in
      var columns = Columns(row)
      let (id, enterprise) = (try columns.text(), try columns.text())
      let (state, instrument): (DemandState, Instrument) = (try columns.word(), try columns.word())
      let currency = try Currency(try columns.text())
      return EarlierDemand(
        id: id, enterprise: enterprise, state: state, instrument: instrument,
        amount: Money(try columns.integer(), currency), tenorMonths: try columns.integer(),
        createdAt: try columns.time())
    }
  }

  private static func otherContracts(of demand: Demand, _ session: ReadSession) throws -> [StandingContract] {
    try session.query(
      """
      SELECT currency, signed_minor, contract_day, offer_tenor_months FROM demands
      WHERE enterprise = ? AND id <> ? AND contract_minor IS NOT NULL AND state IN ('signed', 'disbursed', 'closed')
      ORDER BY number
      """, [.text(demand.enterprise), .text(demand.id)]
    ) { row in
      var columns = Columns(row)
      let currency = try Currency(try columns.text())
      return StandingContract(
        amount: Money(try columns.integer(), currency), signedOn: try columns.day(), tenorMonths: try columns.integer())
    }
  }
}
