import GRPCCore
import Kernel
package import PlainRPC
package import Protos
import SwiftProtobuf

extension JourneyCoordinator {
  /// Reserves the guarantee for a contract, or returns the reservation that is already there.
  package func reserve(
    _ demand: Huirong_Demand_V1_Demand, contract: Huirong_Demand_V1_Contract
  ) async throws -> Huirong_Fund_V1_Guarantee {
    var signed = demand
    signed.contract = contract
    let existing = try await guarantees(of: demand)
    if let held = existing.first(where: { $0.state == .reserved && JourneyPlan.covers($0, signed) }) { return held }
    var request = try await reservation(signed)
    let body: [UInt8] = try request.serializedBytes()
    request.requestID = StepKey.make(demand.name, "reserve", basis: body.map { String($0) }.joined(separator: " "))
    return try await clients.fund.reserveGuarantee(request, options: clients.own())
  }

  private func reservation(
    _ demand: Huirong_Demand_V1_Demand
  ) async throws -> Huirong_Fund_V1_ReserveGuaranteeRequest {
    let signedOn = try BusinessDate(demand.contract.signedOn)
    let lastDraw =
      demand.contract.hasDrawBy
      ? try BusinessDate(demand.contract.drawBy) : try signedOn.adding(days: settings.reservationDays)
    let maturity = try signedOn.adding(months: Int(demand.offer.tenorMonths))
    let facility = try await facility(for: demand)
    return .with {
      $0.facility = facility
      $0.journey = demand.name
      $0.borrower = String(demand.enterprise.drop { $0 != "/" }.dropFirst())
      $0.borrowerSize = demand.profile.sizeBand
      $0.agricultural = demand.profile.tags.contains("涉农")
      $0.lender = demand.claimedInstitution
      $0.principal = demand.contract.amount
      $0.purpose = demand.purpose
      $0.maturesOn = maturity.proto
      $0.expiresOn = lastDraw.proto
      $0.businessDate = signedOn.proto
    }
  }

  /// The facility agreed with the lending bank; failing that, one open to every bank. Among several, the first by name
  /// that takes new business in the contract's currency.
  /// - Throws: `PlainStatus` FAILED_PRECONDITION when the fund has none.
  private func facility(for demand: Huirong_Demand_V1_Demand) async throws -> String {
    var general: String?
    var token = ""
    repeat {
      let page = try await clients.fund.listFacilities(
        .with {
          $0.pageSize = 1000
          $0.pageToken = token
        }, options: clients.own())
      for facility in page.facilities
      where facility.breaker != .tripped && facility.limit.currencyCode == demand.contract.amount.currencyCode {
        if facility.bank == demand.claimedInstitution { return facility.name }
        if facility.bank == "*", general == nil { general = facility.name }
      }
      token = page.nextPageToken
    } while !token.isEmpty
    guard let general else {
      throw PlainStatus(
        code: .failedPrecondition,
        message:
          "the fund has no facility open to \(demand.claimedInstitution) in \(demand.contract.amount.currencyCode)")
    }
    return general
  }

  /// Brings the guarantee into force on the day of the first payment.
  func commit(_ guarantee: String, _ demand: Huirong_Demand_V1_Demand) async throws {
    guard let first = demand.disbursements.first else { return }
    _ = try await clients.fund.commitGuarantee(
      .with {
        $0.requestID = StepKey.make(demand.name, "commit", basis: guarantee)
        $0.name = guarantee
        // A contract closed short of its amount leaves the fund liable for what was really paid out.
        if demand.state == .closed, demand.disbursed.minorUnits < demand.contract.amount.minorUnits {
          $0.disbursedPrincipal = demand.disbursed
        }
        $0.businessDate = first.paidOn
        if first.hasEvidence { $0.evidence = [first.evidence] }
      }, options: clients.own())
  }

  /// Gives the reserved capacity back.
  package func void(_ guarantee: String, _ demand: Huirong_Demand_V1_Demand, _ reason: String) async throws {
    let today = try today()
    _ = try await clients.fund.voidGuarantee(
      .with {
        $0.requestID = StepKey.make(demand.name, "void", basis: guarantee, today.description)
        $0.name = guarantee
        $0.reason = reason
        $0.businessDate = today.proto
      }, options: clients.own())
  }
}

extension BusinessDate {
  init(_ date: Huirong_Common_V1_Date) throws(DomainError) {
    try self.init(year: Int(date.year), month: Int(date.month), day: Int(date.day))
  }

  var proto: Huirong_Common_V1_Date {
    .with {
      $0.year = Int32(year)
      $0.month = Int32(month)
      $0.day = Int32(day)
    }
  }
}
