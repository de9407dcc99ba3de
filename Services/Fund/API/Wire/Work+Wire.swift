import FundDomain
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_AccountLimitChange {
  init(_ change: AccountLimitChange) {
    self.init()
    account = "accounts/\(change.account)"
    afterTransfer = change.afterTransfer
    limit = .init(code: change.limit)
    if let bound = change.bound { boundMinor = bound }
    reason = change.reason
    officer = change.officer.description
    businessDate = .init(change.businessDate)
    createTime = .init(change.stamp.created)
  }
}

extension Huirong_Fund_V1_Reversal: OutcomeMessage {
  init(_ reversal: Reversal) {
    self.init()
    name = reversal.name
    transfer = "transfers/\(reversal.transfer)"
    state = .init(code: reversal.state)
    reason = .init(code: reversal.reason)
    note = reversal.note
    maker = reversal.maker.description
    checker = reversal.checker?.description ?? ""
    reversingTransfer = reversal.reversingTransfer
    businessDate = .init(reversal.businessDate)
    createTime = .init(reversal.stamp.created)
    updateTime = .init(reversal.stamp.updated)
    etag = "\(reversal.stamp.revision)"
  }
}

extension Huirong_Fund_V1_PeriodClose: OutcomeMessage {
  init(_ close: PeriodClose) {
    self.init()
    pool = "pools/\(close.pool)"
    through = .init(close.through)
    debitsMinor = close.debits
    creditsMinor = close.credits
    lastTransfer = close.lastTransfer
    officer = close.officer.description
    createTime = .init(close.stamp.created)
  }
}

extension Huirong_Fund_V1_Statement {
  init(_ statement: AccountStatement) {
    self.init()
    account = "accounts/\(statement.account.id)"
    from = .init(statement.from)
    to = .init(statement.to)
    currencyCode = statement.account.currency.code
    openingMinor = statement.opening
    closingMinor = statement.closing
    entries = statement.entries.map { entry in
      .with {
        $0.transfer = entry.transfer
        $0.businessDate = .init(entry.businessDate)
        $0.template = entry.template.code
        $0.reference = entry.reference
        $0.amountMinor = entry.amount
        $0.balanceMinor = entry.balance
      }
    }
  }
}

extension Huirong_Fund_V1_InclusionProof {
  init(_ proof: InclusionProof) {
    self.init()
    name = "transfers/\(proof.number)"
    number = proof.number
    hash = .init(proof.hash)
    treeSize = proof.treeSize
    path = proof.path.map { .init($0) }
    root = .init(proof.root)
  }
}

extension Huirong_Fund_V1_DayReport: OutcomeMessage {
  init(_ report: DayReport) {
    self.init()
    pool = "pools/\(report.pool)"
    businessDate = .init(report.businessDate)
    currencyCode = report.currency.code
    expiredGuarantees = report.expiredGuarantees
    expiredTransfers = report.expiredTransfers
    overdueBridgeLoans = report.overdueBridgeLoans
    lapsedBridgeLoans = report.lapsedBridgeLoans
    servedBridgeLoans = report.servedBridgeLoans
    trippedFacilities = report.trippedFacilities
    suspendedProgrammes = report.suspendedProgrammes
    accruedFeeMinor = report.accruedFee
    unearnedFeeMinor = report.unearnedFee
    guaranteesInForce = report.guaranteesInForce
    bridgeLoansOut = report.bridgeLoansOut
    ages = report.ages.map { age in
      .with {
        $0.fromDay = Int32(age.fromDay)
        $0.toDay = Int32(age.toDay ?? 0)
        $0.guarantees = age.guarantees
        $0.openMinor = age.open
      }
    }
    cashMinor = report.cash
    netAssetsMinor = report.netAssets
    liabilityMinor = report.liability
    lastTransfer = report.lastTransfer
    trialBalanceDifference = report.trialBalanceDifference
    lateRenewals = report.lateRenewals
    sources = Sources.day(report.pool)
    createTime = .init(report.stamp.created)
  }
}

extension Huirong_Fund_V1_SolvencyProjection {
  init(_ projection: SolvencyProjection) {
    self.init()
    pool = "pools/\(projection.pool)"
    currencyCode = projection.currency.code
    cashMinor = projection.cash
    lines = projection.lines.map { line in
      .with {
        $0.date = .init(line.date)
        $0.kind = .init(code: line.kind)
        $0.amountMinor = line.amount
        $0.cashMinor = line.cash
      }
    }
    lowestCashMinor = projection.lowestCash
    lowestOn = .init(projection.lowestOn)
    solvent = projection.isSolvent
    sources = [Sources.of("cash_minor", in: projection.pool, [ChartOfAccounts.cash])]
  }
}

extension GuaranteeTerms {
  init(_ wire: Huirong_Fund_V1_GuaranteeTerms) throws(DomainError) {
    self.init(
      facility: try Wire.facility(wire.facility), journey: wire.journey, borrower: wire.borrower,
      affiliates: wire.affiliates, size: try Wire.optionalCode(wire.borrowerSize, "borrower_size"),
      isAgricultural: wire.agricultural, lender: wire.lender,
      principal: try Wire.money(wire.hasPrincipal, wire.principal, "principal"),
      maturesOn: try Wire.date(wire.hasMaturesOn, wire.maturesOn, "matures_on"),
      expiresOn: try Wire.date(wire.hasExpiresOn, wire.expiresOn, "expires_on"))
    purpose = wire.purpose.isEmpty ? nil : wire.purpose
  }
}

extension Huirong_Fund_V1_GuaranteeApplication: OutcomeMessage {
  init(_ application: GuaranteeApplication) {
    self.init()
    name = application.name
    let asked = application.terms
    terms = .with {
      $0.facility = "facilities/\(asked.facility)"
      $0.journey = asked.journey
      $0.borrower = asked.borrower
      $0.affiliates = asked.affiliates
      if let size = asked.size { $0.borrowerSize = .init(code: size) }
      $0.agricultural = asked.isAgricultural
      $0.lender = application.lender
      $0.principal = .init(asked.principal, asked.currency)
      $0.maturesOn = .init(asked.maturesOn)
      $0.expiresOn = .init(asked.expiresOn)
      $0.purpose = asked.purpose ?? ""
    }
    state = .init(code: application.state)
    maker = application.maker.description
    approvers = application.approvers.map(\.description)
    guarantee = application.guarantee.isEmpty ? "" : "guarantees/\(application.guarantee)"
    remark = application.remark
    appliedOn = .init(application.appliedOn)
    createTime = .init(application.stamp.created)
    updateTime = .init(application.stamp.updated)
    etag = "\(application.stamp.revision)"
  }
}

extension BatchLoan {
  init(_ wire: Huirong_Fund_V1_BatchLoan) throws(DomainError) {
    self.init(
      loanNumber: wire.loanNumber, borrower: wire.borrower, affiliates: wire.affiliates,
      size: try Wire.optionalCode(wire.borrowerSize, "borrower_size"), isAgricultural: wire.agricultural,
      principal: wire.principalMinor, disbursedOn: try Wire.date(wire.hasDisbursedOn, wire.disbursedOn, "disbursed_on"),
      maturesOn: try Wire.date(wire.hasMaturesOn, wire.maturesOn, "matures_on"), lender: wire.lender)
    purpose = wire.purpose
  }
}

extension Huirong_Fund_V1_BatchGuaranteeResponse: OutcomeMessage {
  init(_ results: [BatchLoanResult]) {
    self.init()
    for result in results {
      self.results.append(
        .with {
          $0.loanNumber = result.loanNumber
          $0.guarantee = result.guarantee.isEmpty ? "" : "guarantees/\(result.guarantee)"
          $0.existed = result.existed
          $0.refusal = result.refusal?.rawValue ?? ""
          $0.explanation = result.explanation
          $0.feeMinor = result.fee
          $0.reguaranteeFeeMinor = result.reguaranteeFee
        })
      if result.refusal != nil {
        refused += 1
      } else if result.existed {
        existed += 1
      } else {
        guaranteed += 1
        principalMinor += result.principal
        feeMinor += result.fee
      }
    }
  }
}

extension Huirong_Fund_V1_FacilityReport {
  init(_ report: FacilityReport) throws(DomainError) {
    self.init()
    let terms = report.facility
    facility = terms.name
    from = .init(report.from)
    to = .init(report.to)
    currencyCode = terms.currency.code
    committedCount = report.committed.count
    committedMinor = report.committed.amount
    feeMinor = report.fees
    reguaranteeFeeMinor = report.reguaranteeFees
    releasedCount = report.released.count
    releasedMinor = report.released.amount
    paidClaimCount = report.paidClaims.count
    paidClaimMinor = report.paidClaims.amount
    inForceCount = report.inForce.count
    inForceMinor = report.inForce.amount
    composition = report.shares.map { .init($0) }
    breaker = .init(code: terms.breaker)
    citations = terms.citations.map { .init($0) }
    sources = Sources.report(terms)
    for year in report.years {
      let rate = try ClaimRate(year, basis: terms.claimRateBasis, releasedShare: terms.releasedShare)
      claimRates.append(
        .with {
          $0.year = Int32(clamping: year.year)
          $0.claimsPendingMinor = year.claimsPending
          $0.claimsPaidMinor = year.claimsPaid
          $0.denominatorMinor = rate.denominator
          if let value = rate.rate { $0.rate = .init(value) }
        })
    }
  }
}

extension Huirong_Fund_V1_CompositionShare {
  init(_ share: CompositionShare) {
    self.init()
    measure = share.measure
    amountMinor = share.amount
    totalMinor = share.total
    if let rate = share.share { self.share = .init(rate) }
    if let least = share.floor { floor = .init(least) }
    if let most = share.cap { cap = .init(most) }
    met = share.isMet
    if let rule = share.citation { citation = .init(rule) }
  }
}

extension Huirong_Fund_V1_BridgeQueueEntry {
  init(_ loan: BridgeLoan, position: Int, cumulative: Money) {
    self.init()
    self.position = Int64(position)
    bridgeLoan = loan.name
    amount = .init(loan.amount, loan.currency)
    self.cumulative = .init(cumulative)
    if let date = loan.details.queuedOn { queuedOn = .init(date) }
    priority = loan.details.hasPriority ?? false
  }
}

extension Huirong_Fund_V1_BridgeTurnover {
  init(_ turnover: BridgeTurnover) {
    self.init()
    let currency = turnover.programme.currency
    name = turnover.programme.name
    disbursedLoans = turnover.disbursed.count
    disbursed = .init(turnover.disbursed.amount, currency)
    repaidLoans = turnover.repaid.count
    repaid = .init(turnover.repaid.amount, currency)
    fees = .init(turnover.fees, currency)
    outstanding = .init(turnover.outstanding, currency)
    overdue = .init(turnover.overdue, currency)
    freeCash = .init(turnover.freeCash, currency)
    meanDaysMilli = turnover.meanDaysMilli
    sources = Sources.turnover(turnover.programme.pool)
  }
}
