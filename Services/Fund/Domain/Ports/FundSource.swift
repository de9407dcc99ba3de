package import Kernel

/// What a decision may ask about the fund's recorded state. The store answers inside the command's transaction, tests
/// answer from memory; either way the state does not move while a decision is being made.
package protocol FundSource: LedgerSource {
  func pool(_ id: String) throws -> Pool?
  /// Every account of a pool.
  func accounts(ofPool id: String) throws -> [Account]
  func facility(_ id: String) throws -> Facility?
  func facilityYear(_ facility: String, _ year: Int) throws -> FacilityYear?
  func guarantee(_ id: String) throws -> Guarantee?
  /// Guarantees of any of the borrowers that bear liability now or were reserved on or after the day.
  func guarantees(ofBorrowers keys: [String], reservedSince day: BusinessDate) throws -> [Guarantee]
  /// Reserved guarantees of the pool whose last day is that day or earlier, in the order of their ids.
  func lapsedReservations(pool: String, lastDay: BusinessDate) throws -> [Guarantee]
  /// Open pending transfers of the pool whose last day is that day or earlier, in the order of their numbers.
  func lapsedPendings(pool: String, lastDay: BusinessDate) throws -> [PendingTransfer]
  func bridgeProgramme(_ id: String) throws -> BridgeProgramme?
  func bridgeLoan(_ id: String) throws -> BridgeLoan?
  /// Bridge loans of the pool that are approved or disbursed, in the order of their ids.
  func openBridgeLoans(pool: String) throws -> [BridgeLoan]
  /// Principal of a programme's overdue loans by bank; banks without any are left out.
  func overduePrincipal(programme: String) throws -> [String: Int64]
  /// Debits and credits posted on the account, by value date up to that day.
  func postedTotals(account number: Int64, through day: BusinessDate) throws -> [(debits: Int64, credits: Int64)]
  /// Facilities of the pool, in the order of their ids.
  func facilities(ofPool id: String) throws -> [Facility]
  /// Years in which the facility had business, oldest first.
  func facilityYears(_ facility: String) throws -> [FacilityYear]
  /// Fees of every guarantee of the pool that is in force or claimed under, in no order.
  func forEachFeeInForce(pool: String, _ body: (FeeInForce) throws -> Void) throws
  /// What is open of every paid claim of the pool.
  func forEachOpenClaim(pool: String, _ body: (OpenClaim) throws -> Void) throws
  /// Liability in force or reserved that matures up to that day, by facility and day, earliest first.
  func maturingLiability(pool: String, through day: BusinessDate) throws -> [MaturingLiability]
  /// Σ of what the pool will pay for the claims that are submitted and not decided.
  func pendingClaimPayout(pool: String) throws -> Int64
  /// Bridge loans of the pool that are approved, paid out or overdue.
  func forEachBridgeExposure(pool: String, _ body: (BridgeExposure) throws -> Void) throws
  /// Bridge loans of the pool that wait for money, first come first.
  func queuedBridgeLoans(pool: String) throws -> [BridgeLoan]
  func bridgeProgrammes(ofPool id: String) throws -> [BridgeProgramme]
  /// Movements of the pool's cash between the days that belong to no statement line, in the order of their numbers.
  func unmatchedCash(pool: String, from: BusinessDate, through day: BusinessDate) throws -> [CashMovement]
  func record<R: FundRecord>(_ type: R.Type, _ id: String) throws -> R?
  /// In the order of the ids.
  func records<R: FundRecord>(_ type: R.Type, _ query: RecordQuery) throws -> [R]
  func bookRecord(facility: String, loanNumber: String) throws -> BookRecord?
  func lenderTotals(facility: String, lender: String) throws -> BookTotals?
}

/// The fee of a guarantee in force, minor units.
package struct FeeInForce: Sendable, Hashable {
  /// Guarantee fee less re-guarantee fee.
  package let net: Int64
  package let from: BusinessDate
  package let to: BusinessDate

  package init(net: Int64, from: BusinessDate, to: BusinessDate) {
    self.net = net
    self.from = from
    self.to = to
  }
}

/// The pool's own part of a paid claim that has not come back, minor units.
package struct OpenClaim: Sendable, Hashable {
  package let paidOn: BusinessDate
  package let open: Int64

  package init(paidOn: BusinessDate, open: Int64) {
    self.paidOn = paidOn
    self.open = open
  }
}

package struct MaturingLiability: Sendable, Hashable {
  package let facility: String
  package let maturesOn: BusinessDate
  package let liability: Int64
  /// Whether it is reserved and not in force yet.
  package let isReserved: Bool

  package init(facility: String, maturesOn: BusinessDate, liability: Int64, isReserved: Bool) {
    self.facility = facility
    self.maturesOn = maturesOn
    self.liability = liability
    self.isReserved = isReserved
  }
}

/// What day end and projection need of a bridge loan.
package struct BridgeExposure: Sendable, Hashable {
  package let id: String
  package let programme: String
  package let state: BridgeLoanState
  package let kind: BridgeBorrowerKind
  package let size: BorrowerSize?
  package let grade: PlatformGrade?
  package let amount: Int64
  package let disbursedOn: BusinessDate?
  package let dueOn: BusinessDate?
  package let commitmentEndsOn: BusinessDate?

  package init(
    id: String, programme: String, state: BridgeLoanState, kind: BridgeBorrowerKind, size: BorrowerSize?,
    grade: PlatformGrade?, amount: Int64, disbursedOn: BusinessDate?, dueOn: BusinessDate?,
    commitmentEndsOn: BusinessDate?
  ) {
    self.id = id
    self.programme = programme
    self.state = state
    self.kind = kind
    self.size = size
    self.grade = grade
    self.amount = amount
    self.disbursedOn = disbursedOn
    self.dueOn = dueOn
    self.commitmentEndsOn = commitmentEndsOn
  }
}
