package import Kernel
import Policy

/// Claims for a registered loan, the maker's step. The amount is worked out at once and stays.
package struct ClaimCompensation: FundCommand {
  package var cover: String
  package var principal: Money
  package var evidence: [Evidence]
  package var businessDate: BusinessDate

  package init(cover: String, principal: Money, evidence: [Evidence], businessDate: BusinessDate) {
    self.cover = cover
    self.principal = principal
    self.evidence = evidence
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> Cover {
    try Field.evidence(evidence, atLeast: 1)
    var cover = try fund.record(Cover.self, cover, in: "covers")
    try context.requireInstitution(cover.bank)
    guard cover.state == .registered else {
      throw DomainError(.stateConflict, "\(cover.name) is \(cover.state)", metadata: ["state": "\(cover.state)"])
    }
    try Field.positive(principal, "principal", in: cover.currency)
    if principal.minorUnits > cover.principal {
      throw DomainError(
        .limitExceeded, "\(principal) is more than the loan of \(cover.money(cover.principal))", field: "principal")
    }
    if businessDate < cover.disbursedOn {
      throw DomainError.invalid("business_date", "\(businessDate) lies before the loan of \(cover.disbursedOn)")
    }
    let scheme = try fund.record(CompensationScheme.self, cover.scheme, in: "compensationSchemes")
    var calculation = try CompensationCalculation(fund, scheme, cover, context)
    let work = try calculation.work(out: principal.minorUnits)
    var year = try fund.schemeYear(scheme.id, cover.disbursedOn.year)
    year.committed += work.payout
    fund.save(year)
    cover.work = work
    cover.maker = context.officer
    cover.evidence = evidence
    cover.claimedOn = businessDate
    cover.remark = ""
    cover.state = .claimed
    for citation in calculation.citations where !cover.citations.contains(citation) { cover.citations.append(citation) }
    cover.stamp.touch(context.now)
    fund.save(cover)
    fund.emit(
      .compensationClaimed, cover.name, pool: cover.pool, state: "claimed", party: cover.bank,
      amount: cover.money(work.payout), on: businessDate)
    return cover
  }
}

/// Works a compensation out: the loss that counts, then the ratio, then every bound, and what bounded it.
struct CompensationCalculation {
  private let fund: FundTransaction
  private let scheme: CompensationScheme
  private let cover: Cover
  private var reading: PolicyReading

  init(
    _ fund: FundTransaction, _ scheme: CompensationScheme, _ cover: Cover, _ context: DecisionContext
  ) throws {
    self.fund = fund
    self.scheme = scheme
    self.cover = cover
    reading = CompensationRules.reading(
      scheme, try fund.pool(scheme.pool), context.policy, on: cover.disbursedOn)
  }

  var citations: [Citation] { reading.citations.map(Citation.init) }

  /// - Throws: `DOUBLE_COMPENSATION` when a guarantee bears all of it; `LIMIT_EXCEEDED` when nothing is left to pay;
  ///   `BREAKER_TRIPPED` at the stop-loss.
  mutating func work(out principal: Int64) throws -> CompensationWork {
    var work = CompensationWork(principal: principal)
    let guarantees = try guaranteedPrincipal(of: principal)
    work.guarantees = guarantees
    work.guaranteed = min(principal, guarantees.reduce(0) { $0 + $1.borne })
    if work.guaranteed == principal, let first = guarantees.first {
      throw DomainError(
        .doubleCompensation,
        "\(first.guarantee) bears all of this loss: it has the same borrower, bank and \(first.evidence)",
        field: "principal",
        metadata: [
          "guaranteed_minor_units": "\(work.guaranteed)", "guarantee": first.guarantee, "evidence": first.evidence,
        ])
    }
    let others = try fund.records(Cover.self, RecordQuery(party: cover.borrower))
      .filter { $0.scheme == scheme.id && $0.id != cover.id && $0.work != nil && $0.state != .registered }
    work.beyondCap = try beyondCap(principal - work.guaranteed, others)
    work.eligible = principal - work.guaranteed - work.beyondCap
    if work.eligible == 0 {
      throw DomainError(
        .limitExceeded, "nothing is left to compensate: the firm's losses count up to the cap only", field: "principal",
        metadata: ["beyond_cap_minor_units": "\(work.beyondCap)", "scheme": scheme.name])
    }
    work.ratio = try CompensationRules.ratio(scheme, &reading)
    work.compensation = try cut(work.eligible, work.ratio)
    work.reward = try reward(work.eligible)
    try leaveBankShare(&work)
    try bound(&work, to: firmCapLeft(others), by: .firmCap)
    try bound(&work, to: poolCapLeft(), by: .poolCap)
    try bound(&work, to: stopLossLeft(), by: .stopLoss)
    return work
  }

  /// Amount × rate, rounded half away from zero once.
  private func cut(_ amount: Int64, _ rate: Rate) throws(DomainError) -> Int64 {
    try ExactRatio.multiply(amount, rate.ppm, dividedBy: Rate.one.ppm)
  }

  /// What guarantees of the suite bear of the same loan: their part of the principal, whether claimed already or not.
  private mutating func guaranteedPrincipal(of principal: Int64) throws -> [CompensationWork.Guaranteed] {
    guard try reading.ifStated("risk_compensation.excludes_guaranteed", as: .boolean)?.value ?? true else { return [] }
    return try fund.guarantees(bearing: cover).map { guarantee, evidence in
      let borne: Int64
      if let claim = guarantee.claim, claim.total > 0 {
        borne = try ExactRatio.multiply(claim.borne.payout, claim.principal, dividedBy: claim.total)
      } else {
        borne = try ExactRatio.multiply(principal, guarantee.guaranteedAmount, dividedBy: guarantee.principal)
      }
      return CompensationWork.Guaranteed(guarantee: guarantee.name, evidence: evidence, borne: borne)
    }
  }

  /// The part of the loss beyond the amount a firm up to which loans count (鲁科贷: the first ¥10 M a firm).
  private mutating func beyondCap(_ loss: Int64, _ others: [Cover]) throws -> Int64 {
    guard let cap = try reading.ifStated("risk_compensation.amount.cap", as: .money) else { return 0 }
    guard cap.value.currency == cover.currency else {
      throw DomainError(
        .currencyMismatch, "\(cap.citation.ruleID) is in \(cap.value.currency), the scheme in \(cover.currency)")
    }
    let used = others.reduce(Int64(0)) { $0 + ($1.work?.eligible ?? 0) }
    return max(0, loss - max(0, cap.value.minorUnits - used))
  }

  /// The provincial reward, budgeted by the city: at most the packs' share of the principal lost.
  private mutating func reward(_ eligible: Int64) throws -> Int64 {
    guard scheme.paysProvincialReward,
      let cap = try reading.ifStated("risk_compensation.provincial_reward.cap", as: .rate)
    else { return 0 }
    return try cut(eligible, cap.value)
  }

  /// A bank keeps at least the packs' share; whatever the packs say, it never gets more than it lost.
  private mutating func leaveBankShare(_ work: inout CompensationWork) throws {
    var most = work.eligible
    if let floor = try reading.ifStated("risk_compensation.bank_share.floor", as: .rate) {
      // The bank's part is rounded up: its least share is kept to the last 分.
      let exact = Int128(work.eligible) * Int128(floor.value.ppm)
      let kept = (exact + Int128(Rate.one.ppm) - 1) / Int128(Rate.one.ppm)
      most = work.eligible - Int64(kept)
    }
    try bound(&work, to: most, by: .bankShare)
  }

  private func firmCapLeft(_ others: [Cover]) -> Int64 {
    guard let cap = scheme.firmCap else { return .max }
    return cap - others.reduce(0) { $0 + ($1.work?.payout ?? 0) }
  }

  private func poolCapLeft() throws -> Int64 {
    let paid = try fund.paid(under: scheme)
    let claimed = try fund.records(Cover.self, RecordQuery(owner: scheme.id, state: CoverState.claimed.rawValue))
      .reduce(Int64(0)) { $0 + ($1.work?.payout ?? 0) }
    return scheme.poolCap - paid - claimed
  }

  private func stopLossLeft() throws -> Int64 {
    guard let stopLoss = scheme.stopLoss else { return .max }
    let year = try fund.schemeYear(scheme.id, cover.disbursedOn.year)
    // Rounded down: the share is never passed.
    let most = Int64(Int128(year.registered) * Int128(stopLoss.ppm) / Int128(Rate.one.ppm))
    if year.committed >= most {
      throw DomainError(
        .breakerTripped,
        "compensationSchemes/\(scheme.id) has paid its stop-loss of \(stopLoss) for loans of \(year.year)",
        metadata: ["scheme": scheme.name, "stop_loss_minor_units": "\(most)"])
    }
    return most - year.committed
  }

  /// The reward is cut before the compensation.
  private func bound(
    _ work: inout CompensationWork, to most: Int64, by bound: CompensationWork.Bound
  ) throws(DomainError) {
    if work.payout <= most { return }
    if most <= 0 {
      throw DomainError(
        .limitExceeded, "nothing is left to compensate: bounded by \(bound.rawValue)",
        metadata: ["bound": bound.rawValue, "scheme": scheme.name])
    }
    work.reward = max(0, most - work.compensation)
    work.compensation = min(work.compensation, most)
    work.boundedBy = bound
  }
}

extension FundTransaction {
  /// Paid under a scheme net of recoveries, by its accounts.
  func paid(under scheme: CompensationScheme) throws -> Int64 {
    try [ChartOfAccounts.compensation(of: scheme.id), ChartOfAccounts.reward(of: scheme.id)].reduce(0) {
      $0 + (try ledger.account(id: AccountID.make(pool: scheme.pool, code: $1))?.balance.minorUnits ?? 0)
    }
  }
}
