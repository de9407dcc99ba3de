package import Kernel
import Policy

/// A disbursed loan of a batch.
package struct BatchLoan: Sendable, Hashable {
  package var loanNumber: String
  package var borrower: String
  package var affiliates: [String]
  package var size: BorrowerSize?
  package var isAgricultural: Bool
  package var principal: Int64
  package var disbursedOn: BusinessDate
  package var maturesOn: BusinessDate
  package var lender: String
  /// What the loan is for; empty where it was not given.
  package var purpose = ""

  package init(
    loanNumber: String, borrower: String, affiliates: [String], size: BorrowerSize?, isAgricultural: Bool,
    principal: Int64, disbursedOn: BusinessDate, maturesOn: BusinessDate, lender: String
  ) {
    self.loanNumber = loanNumber
    self.borrower = borrower
    self.affiliates = affiliates
    self.size = size
    self.isAgricultural = isAgricultural
    self.principal = principal
    self.disbursedOn = disbursedOn
    self.maturesOn = maturesOn
    self.lender = lender
  }
}

/// What became of a loan of a batch.
package struct BatchLoanResult: Sendable, Hashable {
  package let loanNumber: String
  /// Id of the guarantee; empty when refused.
  package var guarantee = ""
  package var existed = false
  package var refusal: ErrorReason?
  package var explanation = ""
  package var principal: Int64 = 0
  package var fee: Int64 = 0
  package var reguaranteeFee: Int64 = 0
}

/// Registers disbursed loans under a facility (总对总): each is guaranteed from its disbursement on and charged, or refused
/// with its reason. None stops the others, and a loan sent again is recognised by its number.
package struct BatchGuarantee: FundCommand {
  package static let maximumLoans = 8192
  package static let loanNumberLength = 40

  package var facility: String
  package var loans: [BatchLoan]
  package var businessDate: BusinessDate

  package init(facility: String, loans: [BatchLoan], businessDate: BusinessDate) {
    self.facility = facility
    self.loans = loans
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> [BatchLoanResult] {
    guard (1...Self.maximumLoans).contains(loans.count) else {
      throw DomainError(
        .batchTooLarge, "a batch holds 1 to \(Self.maximumLoans) loans, not \(loans.count)", field: "loans")
    }
    let facility = try fund.facility(facility)
    let window = try window(facility, try fund.pool(facility.pool), context)
    return try loans.map { loan in try guarantee(loan, facility, window, fund, context) }
  }

  /// Loans are reported soon after they are paid out, before anybody knows how they turn out.
  private func window(
    _ facility: Facility, _ pool: Pool, _ context: DecisionContext
  ) throws -> RegistrationWindow {
    var reading = PolicyReading(
      context.policy,
      scope: PolicyScope(
        region: pool.regionCode, product: facility.product,
        attributes: PolicyAttributes(relendingScope: facility.relendingScope)), on: businessDate)
    return RegistrationWindow(try reading("guarantee.registration.cap", as: .days), context.policy)
  }

  private func guarantee(
    _ loan: BatchLoan, _ facility: Facility, _ window: RegistrationWindow, _ fund: FundTransaction,
    _ context: DecisionContext
  ) throws -> BatchLoanResult {
    var result = BatchLoanResult(loanNumber: loan.loanNumber)
    do {
      try Field.id(loan.loanNumber, "loan_number", Self.loanNumberLength)
      let id = "\(facility.id)~\(loan.loanNumber)"
      if let existing = try fund.guaranteeIfAny(id) {
        try requireSame(existing, loan)
        result.guarantee = id
        result.existed = true
        return result
      }
      try requireFresh(loan, window)
      let reservation = try reservation(of: loan, id: id, facility)
      _ = try reservation.decide(fund, context)
    } catch let error as DomainError {
      result.refusal = error.reason
      result.explanation = error.message
      return result
    }
    // What a commitment could refuse has been checked: an error from here on is a fault and undoes the batch.
    let guarantee = try CommitGuarantee(
      guarantee: "\(facility.id)~\(loan.loanNumber)", disbursed: nil, businessDate: loan.disbursedOn, evidence: []
    ).decide(fund, context)
    result.guarantee = guarantee.id
    result.principal = guarantee.principal
    result.fee = guarantee.fee
    result.reguaranteeFee = guarantee.reguaranteeFee
    return result
  }

  private func requireSame(_ existing: Guarantee, _ loan: BatchLoan) throws(DomainError) {
    guard existing.borrower == loan.borrower, existing.inForceFrom == loan.disbursedOn,
      existing.principal == loan.principal || existing.state != .inForce
    else {
      throw DomainError(.resourceExists, "the loan number is taken by a loan that differs", field: "loan_number")
    }
  }

  private func reservation(of loan: BatchLoan, id: String, _ facility: Facility) throws -> ReserveGuarantee {
    var reservation = ReserveGuarantee(
      id: id, facility: facility.id, journey: loan.loanNumber, borrower: loan.borrower, affiliates: loan.affiliates,
      borrowerSize: loan.size, isAgricultural: loan.isAgricultural, lender: loan.lender,
      principal: Money(loan.principal, facility.currency), maturesOn: loan.maturesOn, expiresOn: loan.disbursedOn,
      businessDate: loan.disbursedOn)
    reservation.purpose = loan.purpose
    return reservation
  }

  /// A loan that is over, or older than the window, is no new business.
  private func requireFresh(_ loan: BatchLoan, _ window: RegistrationWindow) throws(DomainError) {
    if loan.disbursedOn > businessDate {
      throw .invalid("disbursed_on", "\(loan.disbursedOn) lies after the batch of \(businessDate)")
    }
    if loan.maturesOn <= businessDate {
      throw .invalid("matures_on", "the loan matured on \(loan.maturesOn), the batch is of \(businessDate)")
    }
    try window.require(loan.disbursedOn, registeredOn: businessDate)
  }
}
