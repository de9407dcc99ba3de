package import Kernel

/// Applies for a guarantee, the maker's step.
package struct ApplyGuarantee: FundCommand {
  /// Id of the application, made by the edge.
  package var id: String
  package var terms: GuaranteeTerms
  package var businessDate: BusinessDate

  package init(id: String, terms: GuaranteeTerms, businessDate: BusinessDate) {
    self.id = id
    self.terms = terms
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> GuaranteeApplication {
    let facility = try fund.facility(terms.facility)
    let reservation = terms.reservation(id: id, on: businessDate)
    let lender = try reservation.requireApplicable(to: facility)
    try context.requireInstitution(lender)
    let application = GuaranteeApplication(
      id: id, pool: facility.pool, terms: terms, lender: lender, maker: context.officer, appliedOn: businessDate,
      state: .submitted, approvers: [], guarantee: "", remark: "", stamp: RecordStamp(context.now))
    fund.save(application)
    fund.emit(
      .applicationSubmitted, application.name, pool: application.pool, state: "submitted", party: terms.borrower,
      amount: Money(terms.principal, terms.currency), on: businessDate)
    return application
  }
}

/// Approves an application. Two officers must, neither of them the maker, nor one of the lender; with the second the
/// contract is made and the guarantee reserved.
package struct ApproveGuaranteeApplication: FundCommand {
  package var application: String
  package var businessDate: BusinessDate

  package init(application: String, businessDate: BusinessDate) {
    self.application = application
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> GuaranteeApplication {
    var application = try fund.record(
      GuaranteeApplication.self, application, in: "guaranteeApplications")
    try application.requireOpen()
    let hands = [application.maker] + application.approvers
    try context.requireAnother(than: hands, for: .guaranteeContract, beneficiary: application.lender)
    if businessDate < application.appliedOn {
      throw DomainError.invalid(
        "business_date", "\(businessDate) lies before the application of \(application.appliedOn)")
    }
    application.approvers.append(context.officer)
    if application.approvers.count < 2 {
      application.state = .firstApproved
    } else {
      try fund.control(
        .guaranteeContract,
        ControlledCase(
          subject: application.name, pool: application.pool, hands: hands, beneficiary: application.lender,
          terms: DecisionTerms(amount: Money(application.terms.principal, application.terms.currency)),
          date: businessDate), context)
      var reservation = application.terms.reservation(id: application.id, on: businessDate)
      reservation.isContracted = true
      _ = try reservation.decide(fund, context)
      application.guarantee = application.id
      application.state = .contracted
    }
    application.stamp.touch(context.now)
    fund.save(application)
    fund.emit(
      .applicationApproved, application.name, pool: application.pool,
      state: application.state == .contracted ? "contracted" : "first_approved", party: application.terms.borrower,
      amount: Money(application.terms.principal, application.terms.currency), on: businessDate)
    return application
  }
}

/// Declines an application.
package struct DeclineGuaranteeApplication: FundCommand {
  package var application: String
  package var reason: String
  package var businessDate: BusinessDate

  package init(application: String, reason: String, businessDate: BusinessDate) {
    self.application = application
    self.reason = reason
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> GuaranteeApplication {
    try Field.text(reason, "reason", 1...FundLimits.reasonLength)
    var application = try fund.record(GuaranteeApplication.self, application, in: "guaranteeApplications")
    try application.requireOpen()
    application.state = .declined
    application.remark = reason
    application.stamp.touch(context.now)
    fund.save(application)
    fund.emit(
      .applicationDeclined, application.name, pool: application.pool, state: "declined",
      party: application.terms.borrower, on: businessDate)
    return application
  }
}
