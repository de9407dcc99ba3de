import FundDomain
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_BridgeProgramme: OutcomeMessage {
  init(_ programme: BridgeProgramme) {
    self.init()
    name = programme.name
    pool = "pools/\(programme.pool)"
    displayName = programme.displayName
    product = programme.product
    if let fee = programme.explicitDailyFee { explicitDailyFee = .init(fee) }
    explicitMaximumDays = Int32(programme.explicitMaximumDays ?? 0)
    suspended = programme.isSuspended
    createTime = .init(programme.createTime)
    updateTime = .init(programme.updateTime)
    etag = "\(programme.revision)"
    suspendedBanks = programme.terms.suspendedBanks
    if let ppm = programme.terms.penaltyPPM { penaltyRate = .init(Rate(ppm: ppm)) }
  }
}

extension Huirong_Fund_V1_BridgeLoan: OutcomeMessage {
  init(_ loan: BridgeLoan) {
    self.init()
    let currency = loan.currency
    name = loan.name
    programme = "bridgeProgrammes/\(loan.programme)"
    pool = "pools/\(loan.pool)"
    state = .init(code: loan.state)
    journey = loan.journey
    borrower = loan.borrower
    borrowerKind = .init(code: loan.borrowerKind)
    if let size = loan.borrowerSize { borrowerSize = .init(code: size) }
    if let grade = loan.grade { self.grade = .init(code: grade) }
    bank = loan.bank
    existingLoan = loan.existingLoan
    loanAccount = loan.loanAccount
    amount = .init(loan.amount, currency)
    existingLoanAmount = .init(loan.existingLoanAmount, currency)
    ownFunds = .init(loan.ownFunds, currency)
    renewalDate = .init(loan.renewalDate)
    if let commitment = loan.commitment {
      self.commitment = .with {
        $0.amount = .init(commitment.amount, currency)
        $0.expiresOn = .init(commitment.expiresOn)
        $0.condition = commitment.condition
        $0.signedBy = commitment.signedBy.description
      }
    }
    maker = loan.maker.description
    checker = loan.checker?.description ?? ""
    if let date = loan.disbursedOn { disbursedOn = .init(date) }
    if let date = loan.dueOn { dueOn = .init(date) }
    if let date = loan.repaidOn { repaidOn = .init(date) }
    fee = .init(loan.fee, currency)
    feeLines = loan.feeLines.map { line in
      .with {
        $0.fromDay = Int32(line.fromDay)
        $0.toDay = Int32(line.toDay)
        $0.dailyRate = .init(Rate(ppm: line.dailyPPM))
        $0.fee = .init(line.fee, currency)
      }
    }
    citations = loan.citations.map { .init($0) }
    transfers = loan.transfers
    remark = loan.remark
    createTime = .init(loan.createTime)
    updateTime = .init(loan.updateTime)
    etag = "\(loan.revision)"
    purpose = loan.details.purpose
    ownFundsEvidence = loan.details.ownFundsEvidence.map { .init($0) }
    penalty = .init(loan.details.penalty, currency)
    extensions = Int32(clamping: loan.details.extensions)
    payer = loan.details.payer?.description ?? ""
    if let renewal = loan.details.renewal { self.renewal = .init(renewal, currency) }
    if let check = loan.details.useCheck { useCheck = .init(check) }
  }
}

extension Huirong_Fund_V1_BridgeRenewal {
  init(_ renewal: BridgeRenewal, _ currency: Currency) {
    self.init()
    outcome = .init(code: renewal.outcome)
    newLoan = renewal.newLoan
    if let amount = renewal.amount { self.amount = .init(amount, currency) }
    if let date = renewal.renewedOn { renewedOn = .init(date) }
    reason = renewal.reason
    evidence = renewal.evidence.map { .init($0) }
    recordedBy = renewal.recordedBy.description
    recordedOn = .init(renewal.recordedOn)
  }
}

extension Huirong_Fund_V1_LoanUseCheck {
  init(_ check: LoanUseCheck) {
    self.init()
    finding = .init(code: check.finding)
    note = check.note
    evidence = check.evidence.map { .init($0) }
    checkedBy = check.checkedBy.description
    checkedOn = .init(check.checkedOn)
  }
}
