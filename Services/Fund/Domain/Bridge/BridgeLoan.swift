package import Kernel
import Policy

/// Terms under which a pool gives bridge loans.
package struct BridgeProgramme: Sendable, Hashable {
  package let id: String
  package let pool: String
  package let currency: Currency
  package let displayName: String
  /// Product of the policy packs that states the parameters.
  package let product: String
  package let explicitDailyFee: Rate?
  package let explicitMaximumDays: Int?
  package let createTime: Instant
  package var isSuspended: Bool
  package var terms = BridgeProgrammeTerms()
  package var updateTime: Instant
  package var revision: Int64

  package init(
    id: String, pool: String, currency: Currency, displayName: String, product: String, explicitDailyFee: Rate?,
    explicitMaximumDays: Int?, createTime: Instant, isSuspended: Bool = false, updateTime: Instant, revision: Int64 = 1
  ) {
    self.id = id
    self.pool = pool
    self.currency = currency
    self.displayName = displayName
    self.product = product
    self.explicitDailyFee = explicitDailyFee
    self.explicitMaximumDays = explicitMaximumDays
    self.createTime = createTime
    self.isSuspended = isSuspended
    self.updateTime = updateTime
    self.revision = revision
  }

  package var name: String { "bridgeProgrammes/\(id)" }
}

/// What a programme's own terms and its officers add to the packs.
package struct BridgeProgrammeTerms: Sendable, Hashable, Codable {
  /// Banks whose customers get no new loans, in the order of their ids.
  package var suspendedBanks: [String] = []
  /// Daily penalty on principal after the due day; nil for none. No document states one.
  package var penaltyPPM: Int64?

  package init(suspendedBanks: [String] = [], penaltyPPM: Int64? = nil) {
    self.suspendedBanks = suspendedBanks
    self.penaltyPPM = penaltyPPM
  }
}

/// Who borrows; caps differ by kind.
package enum BridgeBorrowerKind: Int64, Sendable, Hashable, CaseIterable, Codable {
  case company = 1
  case legalRepresentative = 2
  case soleTrader = 3

  var attribute: BorrowerKind {
    switch self {
    case .company: .company
    case .legalRepresentative: .legalRepresentative
    case .soleTrader: .soleTrader
    }
  }
}

/// The platform's grade of a firm, A best.
package enum PlatformGrade: Int64, Sendable, Hashable, CaseIterable, Codable {
  case a = 1
  case b, c, d, e

  /// The grade on the packs' scale. The scale ends with D: for every "at least" rule E is no better.
  func attribute() throws(DomainError) -> Grade {
    switch self {
    case .a: try Grade("A")
    case .b: try Grade("B")
    case .c: try Grade("C")
    case .d, .e: try Grade("D")
    }
  }
}

/// Where a bridge loan stands.
package enum BridgeLoanState: Int64, Sendable, Hashable, CaseIterable, Codable {
  case applied = 1
  case renewalCommitted = 2
  case approved = 3
  case disbursed = 4
  case closed = 5
  case overdue = 6
  case declined = 7
  case queued = 8

  /// The legal steps, all of them.
  ///
  /// | from             | to                         |
  /// |------------------|----------------------------|
  /// | applied          | renewalCommitted, declined |
  /// | renewalCommitted | approved, queued, declined |
  /// | queued           | approved, declined         |
  /// | approved         | disbursed, declined        |
  /// | disbursed        | closed, overdue            |
  /// | overdue          | closed, disbursed (extended) |
  package var next: Set<BridgeLoanState> {
    switch self {
    case .applied: [.renewalCommitted, .declined]
    case .renewalCommitted: [.approved, .queued, .declined]
    case .queued: [.approved, .declined]
    case .approved: [.disbursed, .declined]
    case .disbursed: [.closed, .overdue]
    case .overdue: [.closed, .disbursed]
    case .closed, .declined: []
    }
  }
}

/// A bank's promise to renew the expiring loan.
package struct RenewalCommitment: Sendable, Hashable {
  package var amount: Int64
  package var expiresOn: BusinessDate
  package var condition: String
  package var signedBy: Officer

  package init(amount: Int64, expiresOn: BusinessDate, condition: String, signedBy: Officer) {
    self.amount = amount
    self.expiresOn = expiresOn
    self.condition = condition
    self.signedBy = signedBy
  }
}

/// What happened to a bridge loan besides its states.
package struct BridgeDetails: Sendable, Hashable, Codable {
  /// What the expiring loan was used for.
  package var purpose = ""
  package var ownFundsEvidence: [Evidence] = []
  /// For the days after the due day, minor units; set at repayment.
  package var penalty: Int64 = 0
  package var extensions = 0
  /// When it was approved without money, microseconds; loans are served in this order.
  package var queuedAt: Int64?
  package var queuedOn: BusinessDate?
  /// Who paid it out.
  package var payer: Officer?
  /// Whether the expiring loan was put to the use it was given for; nil before somebody looked.
  package var useCheck: LoanUseCheck?
  /// What the bank did when the time came; nil before it said so.
  package var renewal: BridgeRenewal?
  /// Business date of the latest step that an officer or a bank took; nil in rows of before it was kept.
  package var steppedOn: BusinessDate?
  /// Whether the packs give the borrower priority by its grade; nil before the approval.
  package var hasPriority: Bool?

  package init() {}
}

/// What became of a promised renewal. The numbers are those of the wire.
package enum RenewalOutcome: Int64, Sendable, Hashable, CaseIterable, Codable {
  case renewed = 1
  case refused = 2
}

/// The bank's word on the renewal, kept as it was given.
package struct BridgeRenewal: Sendable, Hashable, Codable {
  package let outcome: RenewalOutcome
  /// The bank's reference of the new loan; empty when refused.
  package let newLoan: String
  /// Principal of the new loan, minor units; nil when refused.
  package let amount: Int64?
  package let renewedOn: BusinessDate?
  package let reason: String
  package let evidence: [Evidence]
  package let recordedBy: Officer
  package let recordedOn: BusinessDate
}

/// What a look at the use of the expiring loan found. The numbers are those of the wire.
package enum LoanUseFinding: Int64, Sendable, Hashable, CaseIterable, Codable {
  case notDiverted = 1
  /// 挪用
  case diverted = 2
}

/// Whether the expiring loan was put to the use it was given for.
package struct LoanUseCheck: Sendable, Hashable, Codable {
  package let finding: LoanUseFinding
  package let note: String
  package let evidence: [Evidence]
  package let checkedBy: Officer
  package let checkedOn: BusinessDate
}

/// A bridge loan, minor units of its pool's currency.
package struct BridgeLoan: Sendable, Hashable {
  package let id: String
  package let programme: String
  package let pool: String
  package let currency: Currency
  package let journey: String
  package let borrower: String
  package let borrowerKind: BridgeBorrowerKind
  /// Nil for a borrower that is no firm, or of unknown scale.
  package let borrowerSize: BorrowerSize?
  package let grade: PlatformGrade?
  package let bank: String
  package let existingLoan: String
  package let loanAccount: String
  package let amount: Int64
  package let existingLoanAmount: Int64
  package let ownFunds: Int64
  package let renewalDate: BusinessDate
  package let appliedOn: BusinessDate
  package let maker: Officer
  package let createTime: Instant
  package var state: BridgeLoanState = .applied
  package var commitment: RenewalCommitment?
  package var checker: Officer?
  package var disbursedOn: BusinessDate?
  package var dueOn: BusinessDate?
  package var repaidOn: BusinessDate?
  package var fee: Int64 = 0
  package var feeLines: [BridgeFee.Line] = []
  package var remark = ""
  package var details = BridgeDetails()
  package var citations: [Citation]
  package var transfers: [Int64] = []
  package var updateTime: Instant
  package var revision: Int64 = 1

  package init(
    id: String, programme: String, pool: String, currency: Currency, journey: String, borrower: String,
    borrowerKind: BridgeBorrowerKind, borrowerSize: BorrowerSize?, grade: PlatformGrade?, bank: String,
    existingLoan: String, loanAccount: String,
    amount: Int64, existingLoanAmount: Int64, ownFunds: Int64, renewalDate: BusinessDate, appliedOn: BusinessDate,
    maker: Officer, createTime: Instant, citations: [Citation]
  ) {
    self.id = id
    self.programme = programme
    self.pool = pool
    self.currency = currency
    self.journey = journey
    self.borrower = borrower
    self.borrowerKind = borrowerKind
    self.borrowerSize = borrowerSize
    self.grade = grade
    self.bank = bank
    self.existingLoan = existingLoan
    self.loanAccount = loanAccount
    self.amount = amount
    self.existingLoanAmount = existingLoanAmount
    self.ownFunds = ownFunds
    self.renewalDate = renewalDate
    self.appliedOn = appliedOn
    self.maker = maker
    self.createTime = createTime
    self.citations = citations
    updateTime = createTime
  }

  package var name: String { "bridgeLoans/\(id)" }

  /// The order of the queue: those with priority first, then first come, first served.
  package static func isServedBefore(_ one: BridgeLoan, _ other: BridgeLoan) -> Bool {
    func place(_ loan: BridgeLoan) -> (Int, Int64, String) {
      (loan.details.hasPriority == true ? 0 : 1, loan.details.queuedAt ?? 0, loan.id)
    }
    return place(one) < place(other)
  }

  /// Everybody who took a step before the approval.
  var hands: [Officer] { [maker, details.useCheck?.checkedBy, commitment?.signedBy].compactMap { $0 } }

  /// Steps of a loan are dated in their order; rules are read as of a step's date, so an earlier one would choose them.
  /// - Throws: `INVALID_ARGUMENT` when it is dated before the step that it follows.
  mutating func requireOrder(_ date: BusinessDate) throws(DomainError) {
    let latest = [details.steppedOn, disbursedOn, details.queuedOn, appliedOn].compactMap { $0 }.max() ?? appliedOn
    if date < latest {
      throw .invalid("business_date", "\(date) lies before \(latest), the day of the step it follows")
    }
    details.steppedOn = date
  }

  func money(_ minorUnits: Int64) -> Money { Money(minorUnits, currency) }

  /// What the packs may ask about the borrower. Natural persons and sole traders have no scale.
  func attributes() throws(DomainError) -> PolicyAttributes {
    let size: SizeBand? = borrowerSize?.attribute ?? (borrowerKind == .company ? nil : .notAFirm)
    return PolicyAttributes(size: size, grade: try grade?.attribute(), borrowerKind: borrowerKind.attribute)
  }

  /// - Throws: `STATE_CONFLICT` naming both states.
  mutating func step(to next: BridgeLoanState, at now: Instant) throws(DomainError) {
    guard state.next.contains(next) else {
      throw DomainError(
        .stateConflict, "\(name) is \(state) and cannot become \(next)",
        metadata: ["resource": name, "state": "\(state)", "wanted": "\(next)"])
    }
    state = next
    updateTime = now
    revision += 1
  }
}
