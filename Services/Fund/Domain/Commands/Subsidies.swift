package import Kernel

/// A programme as callers see it: its terms and what its account says.
package struct ProgrammeView: Sendable, Hashable {
  package let programme: SubsidyProgramme
  /// Minor units.
  package let reserved: Int64
  package let paid: Int64

  package init(programme: SubsidyProgramme, account: Account?) {
    self.programme = programme
    reserved = account?.balances.debitsPending ?? 0
    paid = account?.balances.posted(on: .debit) ?? 0
  }
}

/// Opens a programme. Its budget bounds its account.
package struct CreateSubsidyProgramme: FundCommand {
  package static let idLength = 18

  package var id: String
  package var pool: String
  package var displayName: String
  package var kind: SubsidyKind
  package var allocation: SubsidyAllocation
  package var budget: Money
  package var explicitRate: Rate?
  package var explicitCap: Money?
  package var opensOn: BusinessDate
  package var closesOn: BusinessDate

  package init(
    id: String, pool: String, displayName: String, kind: SubsidyKind, allocation: SubsidyAllocation, budget: Money,
    explicitRate: Rate?, explicitCap: Money?, opensOn: BusinessDate, closesOn: BusinessDate
  ) {
    self.id = id
    self.pool = pool
    self.displayName = displayName
    self.kind = kind
    self.allocation = allocation
    self.budget = budget
    self.explicitRate = explicitRate
    self.explicitCap = explicitCap
    self.opensOn = opensOn
    self.closesOn = closesOn
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> ProgrammeView {
    try Field.id(id, "programme_id", Self.idLength)
    try Field.text(displayName, "display_name", 1...FundLimits.displayNameLength)
    if closesOn < opensOn { throw DomainError.invalid("closes_on", "\(closesOn) lies before \(opensOn)") }
    try fund.requireNew(SubsidyProgramme.self, id, in: "subsidyProgrammes")
    let pool = try fund.pool(pool)
    try Field.positive(budget, "budget", in: pool.currency)
    if let explicitCap { try Field.positive(explicitCap, "explicit_cap", in: pool.currency) }
    try requireExplicit()
    let programme = SubsidyProgramme(
      id: id, pool: pool.id, currency: pool.currency, displayName: displayName, subsidy: kind, allocation: allocation,
      budget: budget.minorUnits, explicitRate: explicitRate, explicitCap: explicitCap?.minorUnits, opensOn: opensOn,
      closesOn: closesOn, isAllocated: false, stamp: RecordStamp(context.now))
    let account = try fund.ledger.open(
      ChartOfAccounts.ofProgramme(id), pool: pool.id, currency: pool.currency, bound: budget.minorUnits,
      at: context.now)
    fund.save(programme)
    fund.emit(.subsidyOpened, programme.name, pool: pool.id, state: "open", amount: budget, on: opensOn)
    return ProgrammeView(programme: programme, account: account)
  }

  /// No document states the rate of a plain loan-interest subsidy: it is given. For the others it is the packs'.
  private func requireExplicit() throws(DomainError) {
    guard kind == .loanInterest else {
      if explicitRate != nil || explicitCap != nil {
        throw .invalid("explicit_rate", "only a loan-interest programme has a rate or cap of its own")
      }
      return
    }
    guard let explicitRate else {
      throw DomainError(
        .policyNotStated, "no policy pack states the rate of a loan-interest subsidy; give explicit_rate",
        field: "explicit_rate")
    }
    guard (1...Rate.one.ppm).contains(explicitRate.ppm) else {
      throw .invalid("explicit_rate", "between 1 and \(Rate.one.ppm) ppm")
    }
  }
}

/// Ends a pro-rata programme: what was applied for is cut to the budget, largest remainder, the earliest application
/// first among equals.
package struct AllocateSubsidies: FundCommand {
  package static let maximumApplications = 100_000

  package var programme: String
  package var businessDate: BusinessDate

  package init(programme: String, businessDate: BusinessDate) {
    self.programme = programme
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> ProgrammeView {
    var programme = try fund.record(SubsidyProgramme.self, programme, in: "subsidyProgrammes")
    guard programme.allocation == .proRata, !programme.isAllocated else {
      throw DomainError(
        .stateConflict,
        "\(programme.name) is \(programme.isAllocated ? "allocated already" : "first come, first served")",
        metadata: ["resource": programme.name])
    }
    if businessDate <= programme.closesOn {
      throw DomainError.invalid("business_date", "applications are open through \(programme.closesOn)")
    }
    let applications = try fund.records(
      SubsidyApplication.self, RecordQuery(owner: programme.id, state: SubsidyState.applied.rawValue))
    let wanted = applications.reduce(Int128(0)) { $0 + Int128($1.amount) }
    let parts =
      wanted <= Int128(programme.budget)
      ? applications.map(\.amount) : try Allocation.split(programme.budget, weights: applications.map(\.amount))
    for (recorded, part) in zip(applications, parts) {
      var application = recorded
      application.granted = part
      application.stamp.touch(context.now)
      if part > 0 { try fund.reserve(part, for: &application, on: businessDate) }
      fund.save(application)
    }
    programme.isAllocated = true
    programme.allocator = context.officer
    programme.stamp.touch(context.now)
    fund.save(programme)
    fund.emit(
      .subsidyAllocated, programme.name, pool: programme.pool, state: "allocated",
      amount: Money(Int64(clamping: min(wanted, Int128(programme.budget))), programme.currency), on: businessDate)
    return ProgrammeView(programme: programme, account: try fund.account(of: programme))
  }
}

/// Pays an application: another officer than who applied and who shared the budget out.
package struct PaySubsidy: FundCommand {
  package var application: String
  package var businessDate: BusinessDate

  package init(application: String, businessDate: BusinessDate) {
    self.application = application
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> SubsidyApplication {
    var application = try fund.openApplication(application)
    let programme = try fund.record(SubsidyProgramme.self, application.programme, in: "subsidyProgrammes")
    try fund.control(
      .subsidyPayment,
      ControlledCase(
        subject: application.name, pool: application.pool,
        hands: [application.maker, programme.allocator].compactMap { $0 }, beneficiary: application.beneficiary,
        terms: DecisionTerms(amount: application.money(application.granted)), date: businessDate), context)
    guard let reservation = application.transfers.first else {
      throw DomainError(
        .stateConflict, "\(application.name) has no money reserved: its programme is not allocated, or it got nothing",
        metadata: ["resource": application.name])
    }
    if businessDate < application.appliedOn {
      throw DomainError.invalid(
        "business_date", "\(businessDate) lies before the application of \(application.appliedOn)")
    }
    let postings = Postings(pool: application.pool, reference: application.name, on: businessDate)
    application.transfers.append(try fund.ledger.post(postings.post(reservation)).number)
    application.state = .paid
    application.checker = context.officer
    application.paidOn = businessDate
    application.stamp.touch(context.now)
    fund.save(application)
    fund.emit(
      .subsidyPaid, application.name, pool: application.pool, state: "paid", party: application.beneficiary,
      amount: application.money(application.granted), on: businessDate)
    return application
  }
}

/// Turns an application down; money reserved for it is free again.
package struct RejectSubsidy: FundCommand {
  package var application: String
  package var reason: String
  package var businessDate: BusinessDate

  package init(application: String, reason: String, businessDate: BusinessDate) {
    self.application = application
    self.reason = reason
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> SubsidyApplication {
    try Field.text(reason, "reason", 1...FundLimits.reasonLength)
    var application = try fund.openApplication(application)
    if let reservation = application.transfers.first {
      let postings = Postings(pool: application.pool, reference: application.name, on: businessDate)
      application.transfers.append(try fund.ledger.post(postings.void(reservation)).number)
    }
    application.state = .rejected
    application.granted = 0
    application.checker = context.officer
    application.remark = reason
    application.stamp.touch(context.now)
    fund.save(application)
    fund.emit(
      .subsidyRejected, application.name, pool: application.pool, state: "rejected", party: application.beneficiary,
      on: businessDate)
    return application
  }
}

extension FundTransaction {
  func openApplication(_ id: String) throws -> SubsidyApplication {
    let application = try record(SubsidyApplication.self, id, in: "subsidyApplications")
    guard application.state == .applied else {
      throw DomainError(
        .stateConflict, "\(application.name) is \(application.state)",
        metadata: ["resource": application.name, "state": "\(application.state)"])
    }
    return application
  }

  func account(of programme: SubsidyProgramme) throws -> Account? {
    try ledger.account(id: AccountID.make(pool: programme.pool, code: ChartOfAccounts.subsidy(of: programme.id)))
  }

  /// Money set aside for an application; the last day of the calendar is "until it is decided".
  func reserve(_ amount: Int64, for application: inout SubsidyApplication, on date: BusinessDate) throws {
    let transfer = try ledger.post(
      Postings(pool: application.pool, reference: application.name, on: date)
        .pending(
          .subsidyPayout, debit: ChartOfAccounts.subsidy(of: application.programme), credit: ChartOfAccounts.cash,
          amount, expiresOn: try BusinessDate(year: BusinessDate.acceptedYears.upperBound, month: 12, day: 31)))
    application.transfers.append(transfer.number)
  }
}
