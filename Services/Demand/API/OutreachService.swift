package import DemandDomain
package import GRPCCore
import Kernel
import PlainRPC
package import Protos
package import RPCEdge
import SwiftProtobuf

/// Cases on the wire.
package struct OutreachService: Huirong_Demand_V1_OutreachService.ServiceProtocol {
  let edge: Edge
  let repository: any CaseRepository
  /// Codes of the early pilot that the operator has checked by hand.
  let legacyCodes: Set<String>

  package init(edge: Edge, repository: any CaseRepository, legacyCodes: Set<String>) {
    self.edge = edge
    self.repository = repository
    self.legacyCodes = legacyCodes
  }

  package func openCase(
    request: ServerRequest<Huirong_Demand_V1_OpenCaseRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Case> {
    try await edge.command(request, context, encode: Self.wire) { message, command in
      try Require.set(message.hasMatter, "matter")
      let open = try OpenCase(message.matter, id: Self.newID(command.call))
      return try await repository.open(open, envelope: command.envelope, encode: command.encode)
    }
  }

  package func actOnCase(
    request: ServerRequest<Huirong_Demand_V1_ActOnCaseRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Case> {
    try await edge.command(request, context, encode: Self.wire) { message, command in
      var evidence: [Evidence] = []
      for (index, item) in message.evidence.enumerated() {
        evidence.append(try Evidence(item, field: "evidence[\(index)]"))
      }
      let act = try ActOnCase(
        id: Self.id(message.name), action: message.action, fields: Self.fields(message.fields, "fields"),
        evidence: evidence, reason: message.reason)
      return try await repository.act(act, envelope: command.envelope, encode: command.encode)
    }
  }

  package func getCase(
    request: ServerRequest<Huirong_Demand_V1_GetCaseRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Case> {
    try await edge.unary(request, context) { message, call in
      let matter = try await repository.matter(try Self.id(message.name))
      try CaseScope.require(matter, by: call.caller)
      return matter.wire
    }
  }

  package func arrangeDuty(
    request: ServerRequest<Huirong_Demand_V1_ArrangeDutyRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Case> {
    try await edge.command(request, context, encode: Self.wire) { message, command in
      let arrange = try ArrangeDuty(
        id: Self.newID(command.call), region: RegionCode(message.regionCode), year: Int(message.year),
        month: Int(message.month), banks: message.banks)
      return try await repository.arrange(arrange, envelope: command.envelope, encode: command.encode)
    }
  }
}

extension OutreachService {
  @Sendable
  private static func wire(_ matter: Case) -> Huirong_Demand_V1_Case { matter.wire }

  static func newID(_ call: CallInfo) -> String {
    Identifier.make(at: call.now, random: .random(in: .min ... .max), .random(in: .min ... .max))
  }

  static func id(_ name: String, field: String = "name") throws(DomainError) -> String {
    try ResourceName.id(of: name, in: "cases", field: field)
  }

  static func fields(
    _ wire: [Huirong_Demand_V1_CaseField], _ path: String
  ) throws(DomainError) -> [String: String] {
    guard wire.count <= Case.maximumFields else {
      throw DomainError(.batchTooLarge, "at most \(Case.maximumFields) fields", field: path)
    }
    var fields: [String: String] = [:]
    for field in wire {
      guard fields.updateValue(field.value, forKey: field.name) == nil else {
        throw DomainError.invalid("\(path).\(field.name.prefix(64))", "stands twice")
      }
    }
    return fields
  }
}

extension OpenCase {
  init(_ wire: Huirong_Demand_V1_Case, id: String) throws(DomainError) {
    func link(_ name: String, _ collection: String, _ field: String) throws(DomainError) -> String {
      name.isEmpty ? "" : try ResourceName.id(of: name, in: collection, field: "matter.\(field)")
    }
    try self.init(
      id: id, kind: CaseKind(wire.kind, "matter.kind"),
      region: RegionCode(wire.regionCode, field: "matter.region_code"),
      title: wire.title, enterprise: link(wire.enterprise, "enterprises", "enterprise"),
      organisation: wire.organisation, demand: link(wire.demand, "demands", "demand"),
      parent: link(wire.parent, "cases", "parent"), fields: OutreachService.fields(wire.fields, "matter.fields"),
      clientID: wire.clientID)
  }
}

extension Case {
  var wire: Huirong_Demand_V1_Case {
    .with {
      $0.name = "cases/\(id)"
      $0.kind = kind.wire
      $0.state = state
      $0.regionCode = region.text
      $0.title = title
      $0.enterprise = enterprise.isEmpty ? "" : "enterprises/\(enterprise)"
      $0.organisation = organisation
      $0.demand = demand.isEmpty ? "" : "demands/\(demand)"
      $0.parent = parent.isEmpty ? "" : "cases/\(parent)"
      $0.fields = CaseTable.rule(kind).wire(fields)
      $0.openedWith = openedWith.map(CaseTable.rule(kind).wire) ?? []
      if let dueOn { $0.dueOn = dueOn.wire }
      $0.steps = steps.map { $0.wire(of: kind) }
      $0.stepCount = stepCount
      $0.deadlines = deadlines.map(\.wire)
      $0.openedBy = openedBy
      $0.clientID = clientID
      $0.createTime = Google_Protobuf_Timestamp(createdAt)
      $0.updateTime = Google_Protobuf_Timestamp(updatedAt)
      $0.etag = String(revision)
    }
  }
}

extension CaseRule {
  /// Values in the order of the kind's table.
  func wire(_ values: [String: String]) -> [Huirong_Demand_V1_CaseField] {
    fields.compactMap { field in
      values[field.name].map { value in
        .with {
          $0.name = field.name
          $0.value = value
        }
      }
    }
  }
}

extension CaseDeadline {
  var wire: Huirong_Demand_V1_CaseDeadline {
    .with {
      $0.startedOn = startedOn.wire
      $0.dueOn = dueOn.wire
      if let metOn { $0.metOn = metOn.wire }
      if let missedOn { $0.missedOn = missedOn.wire }
    }
  }
}

extension CaseStep {
  func wire(of kind: CaseKind) -> Huirong_Demand_V1_CaseStep {
    .with {
      $0.fields = CaseTable.rule(kind).wire(fields)
      $0.action = action
      $0.fromState = from
      $0.toState = to
      $0.actor = actor
      $0.role = role.rawValue
      $0.reason = reason
      $0.evidence = evidence.map(\.wire)
      $0.time = Google_Protobuf_Timestamp(at)
    }
  }
}
