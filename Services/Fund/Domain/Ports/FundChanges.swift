/// Everything a command changed besides the ledger, for the store to persist. Values are the state after the command.
package struct FundChanges: Sendable {
  package var pools: [String: Pool] = [:]
  package var facilities: [String: Facility] = [:]
  package var facilityYears: [FacilityYearKey: FacilityYear] = [:]
  package var guarantees: [String: Guarantee] = [:]
  package var bridgeProgrammes: [String: BridgeProgramme] = [:]
  package var bridgeLoans: [String: BridgeLoan] = [:]
  package var bookRecords: [BookRecord] = []
  package var bookRefusals: [BookRecord] = []
  package var lenderTotals: [LenderKey: BookTotals] = [:]
  package var records: [RecordKey: any FundRecord] = [:]
  package var events: [FundEvent] = []
}

package struct FacilityYearKey: Sendable, Hashable {
  package let facility: String
  package let year: Int
}

package struct LenderKey: Sendable, Hashable {
  package let facility: String
  package let lender: String

  package init(facility: String, lender: String) {
    self.facility = facility
    self.lender = lender
  }
}
