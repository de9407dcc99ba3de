import FundDomain
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_CompensationScheme: OutcomeMessage {
  init(_ view: SchemeView) {
    self.init()
    let (scheme, currency) = (view.scheme, view.scheme.currency)
    name = scheme.name
    pool = "pools/\(scheme.pool)"
    displayName = scheme.displayName
    product = scheme.product
    if let ratio = scheme.explicitRatio { explicitRatio = .init(ratio) }
    paysProvincialReward = scheme.paysProvincialReward
    if let cap = scheme.firmCap { firmCap = .init(cap, currency) }
    poolCap = .init(scheme.poolCap, currency)
    if let rate = scheme.stopLoss { stopLoss = .init(rate) }
    registrationDays = Int32(clamping: scheme.registrationDays ?? 0)
    registered = .init(scheme.registered, currency)
    paid = .init(view.paid, currency)
    citations = scheme.citations.map { .init($0) }
    sources = [
      Sources.of(
        "paid", in: scheme.pool,
        [ChartOfAccounts.compensation(of: scheme.id), ChartOfAccounts.reward(of: scheme.id)])
    ]
    createTime = .init(scheme.stamp.created)
    updateTime = .init(scheme.stamp.updated)
    etag = "\(scheme.stamp.revision)"
  }
}

extension Huirong_Fund_V1_CompensationWork {
  init(_ work: CompensationWork) {
    self.init()
    principalMinor = work.principal
    guaranteedMinor = work.guaranteed
    guarantees = (work.guarantees ?? []).map { part in
      .with {
        $0.guarantee = part.guarantee
        $0.evidence = part.evidence
        $0.borneMinor = part.borne
      }
    }
    beyondCapMinor = work.beyondCap
    eligibleMinor = work.eligible
    ratio = .init(work.ratio)
    compensationMinor = work.compensation
    rewardMinor = work.reward
    bankMinor = work.bank
    boundedBy = work.boundedBy.rawValue
  }
}

extension Huirong_Fund_V1_Cover: OutcomeMessage {
  init(_ cover: Cover) {
    self.init()
    let currency = cover.currency
    name = cover.name
    scheme = "compensationSchemes/\(cover.scheme)"
    bank = cover.bank
    borrower = cover.borrower
    loanNumber = cover.loanNumber
    contract = cover.contract ?? ""
    principal = .init(cover.principal, currency)
    disbursedOn = .init(cover.disbursedOn)
    maturesOn = .init(cover.maturesOn)
    if let date = cover.registeredOn { registeredOn = .init(date) }
    eligibility = cover.eligibility ?? ""
    unsecured = cover.isUnsecured ?? false
    state = .init(code: cover.state)
    if let work = cover.work { self.work = .init(work) }
    maker = cover.maker?.description ?? ""
    checker = cover.checker?.description ?? ""
    evidence = cover.evidence.map { .init($0) }
    if let date = cover.claimedOn { claimedOn = .init(date) }
    if let date = cover.paidOn { paidOn = .init(date) }
    recovered = .init(cover.recovered, currency)
    returned = .init(cover.returned, currency)
    citations = cover.citations.map { .init($0) }
    transfers = cover.transfers
    remark = cover.remark
    createTime = .init(cover.stamp.created)
    updateTime = .init(cover.stamp.updated)
    etag = "\(cover.stamp.revision)"
  }
}

extension Huirong_Fund_V1_SubsidyProgramme: OutcomeMessage {
  init(_ view: ProgrammeView) {
    self.init()
    let (programme, currency) = (view.programme, view.programme.currency)
    name = programme.name
    pool = "pools/\(programme.pool)"
    displayName = programme.displayName
    kind = .init(code: programme.subsidy)
    allocation = .init(code: programme.allocation)
    budget = .init(programme.budget, currency)
    reserved = .init(view.reserved, currency)
    paid = .init(view.paid, currency)
    if let rate = programme.explicitRate { explicitRate = .init(rate) }
    if let cap = programme.explicitCap { explicitCap = .init(cap, currency) }
    allocated = programme.isAllocated
    opensOn = .init(programme.opensOn)
    closesOn = .init(programme.closesOn)
    allocator = programme.allocator?.description ?? ""
    let account = [ChartOfAccounts.subsidy(of: programme.id)]
    sources = [
      Sources.of("paid", in: programme.pool, account),
      Sources.of("reserved", in: programme.pool, account, "pending debits"),
      Sources.of("budget", in: programme.pool, account, "bound"),
    ]
    createTime = .init(programme.stamp.created)
    updateTime = .init(programme.stamp.updated)
    etag = "\(programme.stamp.revision)"
  }
}

extension SubsidyFacts {
  init(_ wire: Huirong_Fund_V1_ApplySubsidyRequest.OneOf_Facts?) throws(DomainError) {
    switch wire {
    case .loan(let loan):
      do {
        self = .loan(try Loan(loan))
      } catch {
        throw error.within("loan")
      }
    case .listing(let listing):
      self = .listing(board: try Wire.code(listing.board, "listing.board"), stage: Int(listing.stage))
    case .reformCost(let cost): self = .reform(cost: try Money(cost, field: "reform_cost"))
    case .inclusiveIncrement(let increment): self = .increment(try Money(increment, field: "inclusive_increment"))
    case nil: throw DomainError(.requiredFieldMissing, "the facts are required", field: "facts")
    }
  }
}

extension SubsidyFacts.Loan {
  init(_ wire: Huirong_Fund_V1_SubsidisedLoan) throws(DomainError) {
    self.init(
      principal: try Wire.money(wire.hasPrincipal, wire.principal, "principal"),
      rate: try Wire.rate(wire.hasRate, wire.rate, "rate"),
      signedOn: try Wire.date(wire.hasSignedOn, wire.signedOn, "signed_on"),
      from: try Wire.date(wire.hasFrom, wire.from, "from"),
      repaidOn: wire.hasRepaidOn ? try BusinessDate(wire.repaidOn, field: "repaid_on") : nil,
      pledge: try Wire.optionalCode(wire.pledgeKind, "pledge_kind"), isFirstPledge: wire.firstPledge,
      hasProvincialSubsidy: wire.provincialSubsidy)
  }
}

extension Huirong_Fund_V1_SubsidyApplication: OutcomeMessage {
  init(_ application: SubsidyApplication) {
    self.init()
    let currency = application.currency
    name = application.name
    programme = "subsidyProgrammes/\(application.programme)"
    beneficiary = application.beneficiary
    state = .init(code: application.state)
    uncapped = .init(application.uncapped, currency)
    amount = .init(application.amount, currency)
    granted = .init(application.granted, currency)
    if let rate = application.rate { self.rate = .init(rate) }
    stage = Int32(clamping: application.stage)
    maker = application.maker.description
    checker = application.checker?.description ?? ""
    evidence = application.evidence.map { .init($0) }
    appliedOn = .init(application.appliedOn)
    if let date = application.paidOn { paidOn = .init(date) }
    citations = application.citations.map { .init($0) }
    transfers = application.transfers
    remark = application.remark
    createTime = .init(application.stamp.created)
    updateTime = .init(application.stamp.updated)
    etag = "\(application.stamp.revision)"
  }
}

extension Huirong_Fund_V1_SubsidyApplication {
  /// As institutions read it: what was paid, without the evidence and the officers.
  init(published application: SubsidyApplication) {
    self.init(application)
    evidence = []
    maker = ""
    checker = ""
  }
}

extension Huirong_Fund_V1_PublishedSubsidy {
  init(_ application: SubsidyApplication, _ subsidy: SubsidyKind) {
    self.init()
    self.application = application.name
    beneficiary = application.beneficiary
    kind = .init(code: subsidy)
    amount = .init(application.granted, application.currency)
    if let date = application.paidOn { paidOn = .init(date) }
    citations = application.citations.map { .init($0) }
  }
}

extension Huirong_Fund_V1_WhiteListEntry: OutcomeMessage {
  init(_ entry: WhiteListEntry) {
    self.init()
    bank = entry.bank
    firm = entry.firm
    regionCode = entry.regionCode
    listed = entry.isListed
    reason = entry.reason
    businessDate = .init(entry.businessDate)
    updateTime = .init(entry.stamp.updated)
  }
}

extension Huirong_Fund_V1_Renewal: OutcomeMessage {
  init(_ renewal: Renewal) {
    self.init()
    name = renewal.name
    bank = renewal.bank
    firm = renewal.firm
    regionCode = renewal.regionCode
    loanNumber = renewal.loanNumber
    amount = .init(renewal.amount, renewal.currency)
    maturesOn = .init(renewal.maturesOn)
    state = .init(code: renewal.state)
    appliedOn = .init(renewal.appliedOn)
    if let date = renewal.decideBy { decideBy = .init(date) }
    if let date = renewal.decidedOn { decidedOn = .init(date) }
    late = renewal.isLate
    staysNormal = renewal.staysNormal
    failedConditions = renewal.failedConditions
    remark = renewal.remark
    citations = renewal.citations.map { .init($0) }
    createTime = .init(renewal.stamp.created)
    updateTime = .init(renewal.stamp.updated)
    etag = "\(renewal.stamp.revision)"
  }
}

extension Huirong_Fund_V1_Deferral: OutcomeMessage {
  init(_ deferral: Deferral) {
    self.init()
    name = "deferrals/\(deferral.id)"
    bank = deferral.bank
    firm = deferral.firm
    loanNumber = deferral.loanNumber
    dueOn = .init(deferral.dueOn)
    deferredTo = .init(deferral.deferredTo)
    penaltyInterest = deferral.penaltyInterest
    citations = deferral.citations.map { .init($0) }
    createTime = .init(deferral.stamp.created)
  }
}

extension Huirong_Fund_V1_BankStatement: OutcomeMessage {
  init(_ statement: BankStatement) {
    self.init()
    name = "bankStatements/\(statement.id)"
    pool = "pools/\(statement.pool)"
    statementID = statement.statementID
    if let opening = statement.opening { self.opening = .init(opening, statement.currency) }
    if let closing = statement.closing { self.closing = .init(closing, statement.currency) }
    lines = statement.lines
    matched = statement.matched
    exceptions = statement.exceptions
    importedOn = .init(statement.importedOn)
    notBooked = statement.notBooked ?? 0
    createTime = .init(statement.stamp.created)
  }
}

extension Huirong_Fund_V1_StatementLine: OutcomeMessage {
  init(_ line: StatementLine) {
    self.init()
    name = line.name
    statement = "bankStatements/\(line.statement)"
    bookedOn = .init(line.bookedOn)
    amount = .init(line.amount, line.currency)
    reference = line.reference
    counterparty = line.counterparty
    state = .init(code: line.state)
    transfer = line.transfer
    receiptTransfer = line.receipt ?? 0
    explanation = line.explanation
    if let kind = line.resolution { resolution = .init(code: kind) }
    maker = line.maker?.description ?? ""
    checker = line.checker?.description ?? ""
    createTime = .init(line.stamp.created)
    updateTime = .init(line.stamp.updated)
    etag = "\(line.stamp.revision)"
  }
}

extension Huirong_Fund_V1_UnmatchedTransfer {
  init(_ movement: CashMovement, _ currency: Currency) {
    self.init()
    number = movement.number
    businessDate = .init(movement.businessDate)
    amount = .init(movement.amount, currency)
    reference = movement.reference
  }
}
