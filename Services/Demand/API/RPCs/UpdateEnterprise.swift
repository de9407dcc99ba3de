import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension DemandService {
  package func updateEnterprise(
    request: ServerRequest<Huirong_Demand_V1_UpdateEnterpriseRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Enterprise> {
    try await edge.command(request, context, encode: Self.wire) { message, command in
      try Require.set(message.hasEnterprise, "enterprise")
      let update = try UpdateEnterprise(
        id: Self.enterpriseID(message.enterprise.name, field: "enterprise.name"),
        change: Self.change(message.enterprise, mask: message), revision: Self.revision(message.etag),
        reason: message.reason)
      return try await repository.update(update, envelope: command.envelope, encode: command.encode)
    }
  }

  private static func change(
    _ wire: Huirong_Demand_V1_Enterprise, mask message: Huirong_Demand_V1_UpdateEnterpriseRequest
  ) throws(DomainError) -> UpdateEnterprise.Change {
    let mask = try UpdateMask(message.updateMask, updatable: UpdateEnterprise.Field.allCases.map(\.rawValue))
    var change = UpdateEnterprise.Change()
    do {
      for field in UpdateEnterprise.Field.allCases where mask.contains(field.rawValue) {
        try take(field, of: wire, into: &change)
      }
    } catch {
      throw error.within("enterprise")
    }
    return change
  }

  private static func take(
    _ field: UpdateEnterprise.Field, of wire: Huirong_Demand_V1_Enterprise, into change: inout UpdateEnterprise.Change
  ) throws(DomainError) {
    switch field {
    case .displayName: change.displayName = wire.displayName
    case .region: change.region = try RegionCode(wire.regionCode)
    case .industry: change.industry = try IndustryCode(wire.industryCode)
    case .sizeInputs: change.sizeInputs = .some(wire.hasSizeInputs ? try SizeInputs(wire.sizeInputs) : nil)
    case .tags: change.tags = try EnterpriseTag.list(wire.tags)
    case .grade: change.grade = .some(try PlatformGrade.optional(wire.platformGrade, "platform_grade"))
    case .firstLoan: change.firstLoan = wire.firstLoan
    case .consents: change.consents = try Consent.list(wire.consents)
    case .chain: change.chain = wire.chain
    case .park: change.park = wire.park
    case .affiliates: change.affiliates = try EnterpriseTies.affiliates(wire)
    case .firstLoanEvidence: change.firstLoanEvidence = .some(try EnterpriseTies.firstLoanEvidence(wire))
    case .gradeReceipt: change.gradeReceipt = .some(try EnterpriseTies.gradeReceipt(wire))
    }
  }

  private static func revision(_ etag: String) throws(DomainError) -> Int64? {
    if etag.isEmpty { return nil }
    guard let revision = Int64(etag) else {
      throw DomainError(.etagMismatch, "\"\(etag.prefix(32))\" is no etag of this service", field: "etag")
    }
    return revision
  }
}
