package import Kernel

/// Where an application stands. Legal steps: submitted → firstApproved → contracted; the first two → declined.
package enum GuaranteeApplicationState: Int64, Sendable, Hashable, CaseIterable, Codable {
  case submitted = 1
  case firstApproved = 2
  case contracted = 3
  case declined = 4
}

/// What a guarantee is asked for.
package struct GuaranteeTerms: Sendable, Hashable, Codable {
  package var facility: String
  package var journey: String
  package var borrower: String
  package var affiliates: [String]
  /// Code of `BorrowerSize`; nil for none.
  package var sizeCode: Int64?
  package var isAgricultural: Bool
  package var lender: String
  package var principal: Int64
  package var currency: Currency
  package var maturesOn: BusinessDate
  package var expiresOn: BusinessDate
  /// What the loan is for; nil where it was not given.
  package var purpose: String?

  package init(
    facility: String, journey: String, borrower: String, affiliates: [String], size: BorrowerSize?,
    isAgricultural: Bool, lender: String, principal: Money, maturesOn: BusinessDate, expiresOn: BusinessDate
  ) {
    self.facility = facility
    self.journey = journey
    self.borrower = borrower
    self.affiliates = affiliates
    sizeCode = size?.rawValue
    self.isAgricultural = isAgricultural
    self.lender = lender
    self.principal = principal.minorUnits
    currency = principal.currency
    self.maturesOn = maturesOn
    self.expiresOn = expiresOn
  }

  package var size: BorrowerSize? { sizeCode.flatMap(BorrowerSize.init) }

  func reservation(id: String, on date: BusinessDate) -> ReserveGuarantee {
    var reservation = ReserveGuarantee(
      id: id, facility: facility, journey: journey, borrower: borrower, affiliates: affiliates, borrowerSize: size,
      isAgricultural: isAgricultural, lender: lender, principal: Money(principal, currency), maturesOn: maturesOn,
      expiresOn: expiresOn, businessDate: date)
    reservation.purpose = purpose ?? ""
    return reservation
  }
}

/// An application for a guarantee.
package struct GuaranteeApplication: FundRecord {
  package static let kind = RecordKind.guaranteeApplication
  package let id: String
  package let pool: String
  package let terms: GuaranteeTerms
  /// The facility's bank when the terms name none.
  package let lender: String
  package let maker: Officer
  package let appliedOn: BusinessDate
  package var state: GuaranteeApplicationState
  package var approvers: [Officer]
  /// Id of the guarantee; empty before it is contracted.
  package var guarantee: String
  package var remark: String
  package var stamp: RecordStamp

  package var owner: String { terms.facility }
  package var party: String { terms.borrower }
  package var stateCode: Int64 { state.rawValue }
  package var name: String { "guaranteeApplications/\(id)" }

  /// - Throws: `STATE_CONFLICT` unless it is still open.
  func requireOpen() throws(DomainError) {
    guard state == .submitted || state == .firstApproved else {
      throw DomainError(.stateConflict, "\(name) is \(state)", metadata: ["resource": name, "state": "\(state)"])
    }
  }
}
