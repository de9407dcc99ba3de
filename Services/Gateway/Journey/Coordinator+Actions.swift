import GRPCCore
package import PlainRPC
package import Protos
import SwiftProtobuf

/// What people do through the gateway: each is the demand service's own RPC under the caller's identity and key, followed
/// by the steps that it makes due.
extension JourneyCoordinator {
  package func submit(
    _ request: Huirong_Demand_V1_SubmitDemandRequest, options: PlainCallOptions
  ) async throws -> Journey {
    let demand = try await clients.demand.submitDemand(request, options: options)
    return try await advance(demand.name)
  }

  package func claim(_ request: Huirong_Demand_V1_ClaimDemandRequest, options: PlainCallOptions) async throws -> Journey
  {
    try await advance(clients.demand.claimDemand(request, options: options).name)
  }

  package func offer(_ request: Huirong_Demand_V1_OfferDemandRequest, options: PlainCallOptions) async throws -> Journey
  {
    try await advance(clients.demand.offerDemand(request, options: options).name)
  }

  /// Reserves the guarantee that the offer needs, then signs: a contract is never signed on a guarantee that the fund
  /// refuses. When the signature is refused, the reservation goes back at once; when the gateway dies in between, the
  /// caller's retry finds it, and decline, withdrawal or expiry give it back.
  package func sign(_ request: Huirong_Demand_V1_SignDemandRequest, options: PlainCallOptions) async throws -> Journey {
    let demand = try await clients.demand.getDemand(.with { $0.name = request.name }, options: options)
    var reserved: Huirong_Fund_V1_Guarantee?
    if demand.state == .offered, demand.offer.guaranteeNeeded {
      reserved = try await reserve(demand, contract: request.contract)
    }
    do {
      return try await advance(clients.demand.signDemand(request, options: options).name)
    } catch let refusal as PlainStatus {
      if let reserved, !refusal.isTransient { try await void(reserved.name, demand, "the signature was refused") }
      throw refusal
    }
  }

  package func disburse(
    _ request: Huirong_Demand_V1_RecordDisbursementRequest, options: PlainCallOptions
  ) async throws -> Journey {
    try await advance(clients.demand.recordDisbursement(request, options: options).name)
  }

  package func close(_ request: Huirong_Demand_V1_CloseDemandRequest, options: PlainCallOptions) async throws -> Journey
  {
    try await advance(clients.demand.closeDemand(request, options: options).name)
  }

  package func decline(
    _ request: Huirong_Demand_V1_DeclineDemandRequest, options: PlainCallOptions
  ) async throws -> Journey {
    try await advance(clients.demand.declineDemand(request, options: options).name)
  }

  package func withdraw(
    _ request: Huirong_Demand_V1_WithdrawDemandRequest, options: PlainCallOptions
  ) async throws -> Journey {
    try await advance(clients.demand.withdrawDemand(request, options: options).name)
  }

  package func expire(_ request: Huirong_Demand_V1_ExpireDemandRequest, options: PlainCallOptions) async throws
    -> Journey
  {
    try await advance(clients.demand.expireDemand(request, options: options).name)
  }

  package func reassess(
    _ request: Huirong_Demand_V1_ReassessDemandRequest, options: PlainCallOptions
  ) async throws -> Journey {
    try await advance(clients.demand.reassessDemand(request, options: options).name)
  }
}

extension PlainStatus {
  /// Whether the call may have taken effect, or may yet: nothing may be undone on the strength of it.
  var isTransient: Bool {
    switch code {
    case .unavailable, .deadlineExceeded, .cancelled, .unknown, .internalError, .aborted: true
    default: false
    }
  }
}
