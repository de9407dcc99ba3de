package import DemandDomain
package import GRPCCore
import Kernel
import PlainRPC
package import Protos
package import RPCEdge
import SwiftProtobuf

extension Huirong_Demand_V1_ListCasesRequest: PagedRequest {}

/// Cases on the wire.
package struct OutreachService: Huirong_Demand_V1_OutreachService.ServiceProtocol {
  let edge: Edge
  let repository: any CaseRepository

  /// Most visits of one batch.
  static let maximumVisits = 200

  package init(edge: Edge, repository: any CaseRepository) {
    self.edge = edge
    self.repository = repository
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

  private static let filterFields: FilterFields = [
    "kind": .enumeration(CaseKind.allCases.map { $0.rawValue.uppercased() }), "state": .text, "region_code": .text,
    "enterprise": .text, "organisation": .text, "parent": .text,
  ]

  package func listCases(
    request: ServerRequest<Huirong_Demand_V1_ListCasesRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_ListCasesResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let filter = try ListFilter(message.filter, Self.filterFields)
      let query = try CaseQuery(
        kind: filter.word("kind"), state: filter.text("state"), regionPrefix: filter.region("region_code"),
        enterprise: filter.id("enterprise", in: "enterprises"), organisation: filter.text("organisation"),
        parent: filter.id("parent", in: "cases"), descending: ListFilter.isDescending(message.orderBy),
        after: page.position, limit: page.size + 1, caller: call.caller)
      let (rows, next) = page.cut(try await repository.matters(query)) { String($0.position) }
      return .with {
        $0.cases = rows.map(\.item.wire)
        $0.nextPageToken = next
      }
    }
  }

  package func syncVisits(
    request: ServerRequest<Huirong_Demand_V1_SyncVisitsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_SyncVisitsResponse> {
    try await edge.command(request, context, encode: Self.synced(request.message.visits.map(\.clientID))) {
      message, command in
      try Require.count(message.visits.count, minimum: 1, maximum: Self.maximumVisits, "visits")
      let visits = message.visits.enumerated().map { index, visit in
        (
          clientID: visit.clientID,
          Result { () throws(DomainError) in try Self.visit(visit, index: index, command.call) }
        )
      }
      return try await repository.sync(visits, envelope: command.envelope, encode: command.encode)
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

  package func reportCases(
    request: ServerRequest<Huirong_Demand_V1_ReportCasesRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_ReportCasesResponse> {
    try await edge.unary(request, context) { message, call in
      try DemandScope.requireRegion(prefix: message.regionPrefix, field: "region_prefix", by: call.caller)
      let report = try await repository.report(
        try CaseReportQuery(
          prefix: message.regionPrefix, from: .required(message.hasFromDate, message.fromDate, "from_date"),
          to: .required(message.hasToDate, message.toDate, "to_date"),
          asOf: .required(message.hasAsOf, message.asOf, "as_of")))
      return .with {
        $0.counts = report.counts.map { count in
          .with {
            $0.kind = count.kind.wire
            $0.state = count.state
            $0.count = count.count
            $0.overdue = count.overdue
          }
        }
        $0.firmsVisited = report.firmsVisited
        $0.eventSignedMinorUnits = report.eventSigned
        $0.eventInPlaceMinorUnits = report.eventInPlace
        $0.asOfSequence = report.sequence
      }
    }
  }
}

extension OutreachService {
  @Sendable
  private static func wire(_ matter: Case) -> Huirong_Demand_V1_Case { matter.wire }

  private static func newID(_ call: CallInfo) -> String {
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

  private static func visit(
    _ wire: Huirong_Demand_V1_Case, index: Int, _ call: CallInfo
  ) throws(DomainError) -> OpenCase {
    guard !wire.clientID.isEmpty else {
      throw DomainError(.requiredFieldMissing, "a synchronised visit has a client_id", field: "matter.client_id")
    }
    guard wire.kind == .visit else { throw DomainError.invalid("matter.kind", "only visits are synchronised") }
    return try OpenCase(wire, id: newID(call))
  }

  private static func synced(
    _ clientIDs: [String]
  ) -> @Sendable ([SyncedVisit]) throws -> Huirong_Demand_V1_SyncVisitsResponse {
    { visits in
      .with { response in
        for (index, visit) in visits.enumerated() {
          var result = Huirong_Demand_V1_SyncedVisit()
          result.clientID = clientIDs[index]
          switch visit {
          case .stored(let id):
            result.name = "cases/\(id)"
            response.stored += 1
          case .known(let id):
            result.name = "cases/\(id)"
            response.known += 1
          case .refused(let error):
            result.reason = error.reason.rawValue
            result.field = error.field.map { "visits[\(index)].\($0)" } ?? ""
            result.message = error.message
            response.refused += 1
          }
          response.visits.append(result)
        }
      }
    }
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
      $0.fields = CaseTable.rule(kind).fields.compactMap { field in
        fields[field.name].map { value in
          .with {
            $0.name = field.name
            $0.value = value
          }
        }
      }
      if let dueOn { $0.dueOn = dueOn.wire }
      $0.steps = steps.map(\.wire)
      $0.openedBy = openedBy
      $0.clientID = clientID
      $0.createTime = Google_Protobuf_Timestamp(createdAt)
      $0.updateTime = Google_Protobuf_Timestamp(updatedAt)
      $0.etag = String(revision)
    }
  }
}

extension CaseStep {
  var wire: Huirong_Demand_V1_CaseStep {
    .with {
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
