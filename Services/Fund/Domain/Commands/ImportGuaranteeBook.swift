import Kernel

/// Replays rows of a historical book, whose import another officer proposed, through the postings of live business: reserve → commit → release, or claim →
/// payout → write-off. A row that cannot be replayed to its end is registered, counted and parked; a row that makes no
/// sense is refused and kept aside. None is lost.
package struct ImportGuaranteeBook: FundCommand {
  package var facility: String
  package var rows: [BookRow]

  package init(facility: String, rows: [BookRow]) {
    self.facility = facility
    self.rows = rows
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> [BookRowResult] {
    guard (1...FundLimits.bookRows).contains(rows.count) else {
      throw DomainError(
        .batchTooLarge, "a batch holds 1 to \(FundLimits.bookRows) rows, not \(rows.count)", field: "rows")
    }
    let facility = try fund.facility(facility)
    guard facility.isBook else {
      throw DomainError(
        .stateConflict, "\(facility.name) belongs to \(facility.bank): only a facility of bank \"*\" keeps a book",
        field: "facility")
    }
    try fund.controlProposed(
      .bookImport,
      ControlledCase(
        subject: facility.name, pool: facility.pool, hands: [], date: nil), context)
    let replay = BookReplay(fund: fund, facility: facility, context: context)
    var results: [BookRowResult] = []
    results.reserveCapacity(rows.count)
    for row in rows { results.append(try replay.register(row)) }
    return results
  }
}
