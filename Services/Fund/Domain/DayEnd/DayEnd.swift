import Kernel
import Policy

/// The steps of a day end, in their order: what lapsed is let go, what is late is marked, waiting loans are served, fees
/// are accrued, breakers are measured, and the report is written.
struct DayEnd {
  let fund: FundTransaction
  let context: DecisionContext
  let pool: Pool
  let date: BusinessDate

  func run() throws -> DayReport {
    var report = DayReport(
      pool: pool.id, businessDate: date, currency: pool.currency, stamp: RecordStamp(context.now))
    try expire(&report)
    try age(&report)
    report.servedBridgeLoans = try fund.serveQueue(ofPool: pool.id, context, on: date)
    try accrue(&report)
    try measure(&report)
    for renewal in try fund.records(Renewal.self, RecordQuery(pool: "", attentionBy: date)) {
      if renewal.decideBy.map({ $0 < date }) ?? false { report.lateRenewals += 1 }
    }
    try conclude(&report)
    return report
  }

  private func expire(_ report: inout DayReport) throws {
    for guarantee in try fund.lapsedReservations(pool: pool.id, lastDay: date) {
      try fund.expire(guarantee, on: date, context)
      report.expiredGuarantees += 1
    }
  }

  /// Bridge loans whose day has come, then whatever else is pending too long.
  private func age(_ report: inout DayReport) throws {
    var due: [String] = []
    try fund.forEachBridgeExposure(pool: pool.id) { exposure in
      switch exposure.state {
      case .disbursed: if exposure.dueOn.map({ $0 <= date }) ?? false { due.append(exposure.id) }
      case .approved: if exposure.commitmentEndsOn.map({ $0 <= date }) ?? false { due.append(exposure.id) }
      default: break
      }
    }
    for id in due.sorted() {
      switch try fund.age(try fund.bridgeLoan(id), on: date, context) {
      case .overdue: report.overdueBridgeLoans += 1
      case .declined: report.lapsedBridgeLoans += 1
      default: break
      }
    }
    for loan in try fund.queuedBridgeLoans(pool: pool.id) {
      if try fund.age(loan, on: date, context) == .declined { report.lapsedBridgeLoans += 1 }
    }
    for pending in try fund.lapsedPendings(pool: pool.id, lastDay: date) {
      // Those of guarantees and bridge loans ended above.
      guard try fund.ledger.pending(number: pending.transfer.number)?.state == .open else { continue }
      let postings = Postings(pool: pool.id, reference: pending.transfer.reference, on: date)
      try fund.ledger.post(postings.expire(pending.transfer.number))
      report.expiredTransfers += 1
    }
  }

  private func accrue(_ report: inout DayReport) throws {
    var accrual = try BridgeAccrual(fund, pool, context.policy)
    try fund.forEachBridgeExposure(pool: pool.id) { exposure in
      guard exposure.state == .disbursed || exposure.state == .overdue else { return }
      report.bridgeLoansOut += 1
      try accrual.add(exposure, through: date)
    }
    try fund.settle(
      accrual.total, on: ChartOfAccounts.accruedFee, of: pool, up: .feeAccrual, down: .feeAccrualReturn,
      against: ChartOfAccounts.bridgeFeeIncome, context, date)
    var unearned: Int128 = 0
    try fund.forEachFeeInForce(pool: pool.id) { fee in
      report.guaranteesInForce += 1
      unearned += Int128(try GuaranteeFee.unearned(fee, after: date))
    }
    guard let unearnedTotal = Int64(exactly: unearned) else { throw DomainError.amountOverflow("unearned fees") }
    try fund.settle(
      unearnedTotal, on: ChartOfAccounts.unearnedFee, of: pool, up: .feeDeferral, down: .feeEarned,
      against: ChartOfAccounts.guaranteeFeeIncome, context, date)
    report.accruedFee = accrual.total
    report.unearnedFee = unearnedTotal
  }

  /// Breakers of the facilities and of the bridge programmes.
  private func measure(_ report: inout DayReport) throws {
    for facility in try fund.facilities(ofPool: pool.id) where facility.breaker == .closed {
      for year in try fund.facilityYears(facility.id) {
        try fund.checkBreaker(try fund.facility(facility.id), year: year, context, on: date)
      }
      if try fund.facility(facility.id).breaker == .tripped { report.trippedFacilities.append(facility.name) }
    }
    for programme in try fund.bridgeProgrammes(ofPool: pool.id) {
      if try suspend(programme) { report.suspendedProgrammes.append(programme.name) }
    }
    try fund.forEachOpenClaim(pool: pool.id) { claim in
      let days = max(0, date.days(since: claim.paidOn))
      guard claim.open > 0, let band = report.ages.lastIndex(where: { $0.fromDay <= days }) else { return }
      report.ages[band].guarantees += 1
      report.ages[band].open += claim.open
    }
  }

  /// Stops a programme, and single banks in it, above the packs' shares of the fund.
  /// - Returns: whether the programme itself was stopped.
  private func suspend(_ programme: BridgeProgramme) throws -> Bool {
    let above = try fund.overdueAboveCaps(programme, pool, context.policy, on: date)
    let room = SuspendBridgeProgramme.maximumBanks - programme.terms.suspendedBanks.count
    let banks = above.banks.filter { !programme.terms.suspendedBanks.contains($0) }.prefix(max(0, room))
    let isStopped = above.fund && !programme.isSuspended
    guard isStopped || !banks.isEmpty else { return false }
    var suspended = programme
    suspended.isSuspended = programme.isSuspended || isStopped
    suspended.terms.suspendedBanks = (programme.terms.suspendedBanks + banks).sorted()
    suspended.updateTime = context.now
    suspended.revision += 1
    fund.save(suspended)
    for party in (isStopped ? [""] : []) + banks {
      fund.emit(
        .programmeSuspended, suspended.name, pool: pool.id, state: "suspended", party: party, on: date)
    }
    return isStopped
  }

  private func conclude(_ report: inout DayReport) throws {
    let figures = try fund.figures(ofPool: pool.id)
    report.cash = figures.cash
    report.netAssets = figures.netAssets
    report.liability = figures.liability
    report.lastTransfer = fund.ledger.head.transfers
    report.trialBalanceDifference = try fund.trialDifference(ofPool: pool.id)
    var ended = try fund.pool(pool.id)
    ended.lastDayEnd = date
    ended.accruedThrough = date
    ended.updateTime = context.now
    ended.revision += 1
    fund.save(ended)
    fund.save(report)
    fund.emit(FundEvent(.poolDayEnd, subject: pool.name, pool: pool.id, on: date, .none))
  }
}

extension FundTransaction {
  /// Brings an account to a target by one posting; none when it stands there already.
  func settle(
    _ target: Int64, on code: String, of pool: Pool, up: PostingTemplate, down: PostingTemplate,
    against other: String, _ context: DecisionContext, _ date: BusinessDate
  ) throws {
    let account = try ledger.account(id: AccountID.make(pool: pool.id, code: code))
    let standing = account?.balance.minorUnits ?? 0
    if standing == target { return }
    try ledger.openOnDemand(code, pool: pool.id, currency: pool.currency, at: context.now)
    let side = ChartOfAccounts.onDemand.first { $0.code == code }?.normalSide ?? .debit
    let amount = abs(target - standing)
    let isDebit = (target > standing) == (side == .debit)
    try ledger.post(
      Postings(pool: pool.id, reference: pool.name, on: date)
        .single(
          target > standing ? up : down, debit: isDebit ? code : other, credit: isDebit ? other : code, amount))
  }

  /// A reservation's last day has passed.
  func expire(_ lapsed: Guarantee, on date: BusinessDate, _ context: DecisionContext) throws {
    var guarantee = lapsed
    try guarantee.step(to: .expired, at: context.now)
    let postings = Postings(pool: guarantee.pool, reference: guarantee.name, on: date)
    guarantee.transfers.append(try ledger.post(postings.expire(guarantee.transfers[0])).number)
    guarantee.endedOn = date
    guarantee.remark = "not committed by \(guarantee.expiresOn)"
    save(guarantee)
    emit(.guaranteeExpired, guarantee, on: date)
  }

  /// - Returns: the loan's state after the day.
  func age(_ open: BridgeLoan, on date: BusinessDate, _ context: DecisionContext) throws -> BridgeLoanState {
    var loan = open
    if loan.state == .disbursed, let dueOn = loan.dueOn, dueOn <= date {
      try loan.step(to: .overdue, at: context.now)
      save(loan)
      emit(.bridgeOverdue, loan, on: date)
      return .overdue
    }
    guard loan.state == .approved || loan.state == .queued, let commitment = loan.commitment,
      commitment.expiresOn <= date
    else { return open.state }
    let reservation = loan.state == .approved ? loan.transfers.first : nil
    try loan.step(to: .declined, at: context.now)
    if let reservation {
      let postings = Postings(pool: loan.pool, reference: loan.name, on: date)
      loan.transfers.append(try ledger.post(postings.expire(reservation)).number)
    }
    loan.remark = "the bank's commitment lapsed on \(commitment.expiresOn)"
    save(loan)
    emit(.bridgeDeclined, loan, on: date)
    return .declined
  }
}

extension GuaranteeFee {
  /// The part of a fee that belongs to the days after a day: fee × days left ÷ days of the term, rounded half away from
  /// zero. The first day of the term counts, its last does not (算头不算尾).
  static func unearned(_ fee: FeeInForce, after date: BusinessDate) throws(DomainError) -> Int64 {
    let term = fee.to.days(since: fee.from)
    let left = min(term, max(0, fee.to.days(since: date) - 1))
    if term <= 0 || left == 0 { return 0 }
    return try ExactRatio.multiply(fee.net, Int64(left), dividedBy: Int64(term))
  }
}
