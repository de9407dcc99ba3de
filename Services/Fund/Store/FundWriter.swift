import FundDomain
import Kernel
import Storage

/// Persists what a command decided, in the command's own transaction.
struct FundWriter {
  let session: WriteSession
  let caller: Caller
  let now: Instant
  let cache: AccountCache

  /// - Returns: the transfers that stand in no row of `fund_balance` yet, of the accounts that were touched.
  func persist(_ fund: FundTransaction) throws -> [Int64: [Int64]] {
    let changes = fund.changes
    // Pools come before their accounts, facilities before their guarantees, guarantees before their claims.
    for pool in changes.pools.values.sorted(by: { $0.id < $1.id }) { try upsert(pool) }
    let tails = try LedgerWriter(session: session, now: now, cache: cache).persist(fund.ledger)
    for facility in changes.facilities.values.sorted(by: { $0.id < $1.id }) { try upsert(facility) }
    for year in changes.facilityYears.values { try upsert(year) }
    for guarantee in changes.guarantees.values.sorted(by: { $0.id < $1.id }) { try upsert(guarantee) }
    for programme in changes.bridgeProgrammes.values.sorted(by: { $0.id < $1.id }) {
      try session.execute(BridgeRows.upsertProgramme, try BridgeRows.values(programme))
    }
    for loan in changes.bridgeLoans.values.sorted(by: { $0.id < $1.id }) {
      try session.execute(BridgeRows.upsertLoan, try BridgeRows.values(loan))
    }
    try persistBook(changes)
    for (_, record) in changes.records.sorted(by: {
      ($0.key.kind.rawValue, $0.key.id) < ($1.key.kind.rawValue, $1.key.id)
    }) {
      try session.execute(RecordRows.upsert, try RecordRows.values(record))
    }
    for event in changes.events { try append(event) }
    return tails
  }

  private func upsert(_ pool: Pool) throws {
    try session.execute(
      """
      INSERT INTO fund_pool (\(FundRows.poolColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET last_day_end = excluded.last_day_end, update_time = excluded.update_time,
        revision = excluded.revision, closed_through = excluded.closed_through,
        accrued_through = excluded.accrued_through
      """,
      [
        .text(pool.id), .text(pool.displayName), .text(pool.currency.code), .text(pool.regionCode),
        .integer(pool.seedCapital), .time(pool.createTime), .day(pool.lastDayEnd), .time(pool.updateTime),
        .integer(pool.revision), .day(pool.closedThrough), .day(pool.accruedThrough),
      ])
  }

  private func upsert(_ facility: Facility) throws {
    try session.execute(
      """
      INSERT INTO fund_facility (\(FundRows.facilityColumns))
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET breaker = excluded.breaker, update_time = excluded.update_time,
        revision = excluded.revision
      """, try FundRows.values(facility))
  }

  private func upsert(_ year: FacilityYear) throws {
    try session.execute(
      """
      INSERT INTO fund_facility_year (\(FundRows.facilityYearColumns)) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (facility, year) DO UPDATE SET claims_pending = excluded.claims_pending,
        claims_paid = excluded.claims_paid, released = excluded.released,
        released_annualised = excluded.released_annualised, committed = excluded.committed
      """,
      [
        .text(year.facility), .integer(Int64(year.year)), .integer(year.claimsPending), .integer(year.claimsPaid),
        .integer(year.released), .integer(year.releasedAnnualised), .integer(year.committed),
      ])
  }

  private func upsert(_ guarantee: Guarantee) throws {
    try session.execute(GuaranteeRows.upsert, try GuaranteeRows.values(guarantee))
    if let claim = guarantee.claim {
      try session.execute(GuaranteeRows.upsertClaim, try GuaranteeRows.values(claim, of: guarantee.id))
    } else if guarantee.revision > 1 {
      try session.execute("DELETE FROM fund_claim WHERE guarantee = ?", [.text(guarantee.id)])
    }
  }

  private func persistBook(_ changes: FundChanges) throws {
    for record in changes.bookRecords { try session.execute(BookRows.insertRecord, BookRows.values(record)) }
    for record in changes.bookRefusals {
      try session.execute(
        """
        INSERT INTO fund_book_refusal (facility, line, findings) VALUES (?, ?, ?)
        ON CONFLICT (facility, line) DO NOTHING
        """, [.text(record.facility), .text(record.row.line), .integer(record.findings.rawValue)])
    }
    for (key, totals) in changes.lenderTotals {
      try session.execute(BookRows.upsertTotals, BookRows.values(key, totals))
    }
  }

  private func append(_ event: FundEvent) throws {
    try session.append(
      event: NewEvent(
        type: event.kind.rawValue, subject: event.subject, actor: caller.organisation,
        payload: try EventCoding.encode(event)))
  }
}
