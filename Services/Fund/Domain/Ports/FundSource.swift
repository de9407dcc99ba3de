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
  /// Principal of a programme's overdue loans.
  func overduePrincipal(programme: String) throws -> Int64
  func bookRecord(facility: String, loanNumber: String) throws -> BookRecord?
  func lenderTotals(facility: String, lender: String) throws -> BookTotals?
}
