import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Demand_V1_ExportCasesRequest: PagedRequest {}

extension OutreachService {
  package func exportCases(
    request: ServerRequest<Huirong_Demand_V1_ExportCasesRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_ExportCasesResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let query = try Self.query(message.filter, descending: false, page, call.caller)
      let (rows, next) = page.cut(try await repository.matters(query)) { String($0.position) }
      var table = TextTable(Self.header)
      for row in rows { table.rows.append(Self.row(row.item)) }
      let content = try table.bytes(message.format, withHeader: page.cursor == nil)
      return .with {
        $0.content = .init(content)
        $0.rows = Int32(truncatingIfNeeded: rows.count)
        $0.nextPageToken = next
      }
    }
  }

  private static let header = [
    "case", "kind", "state", "region", "title", "enterprise", "organisation", "demand", "parent", "fields", "opened_on",
    "opened_by", "due_on", "missed", "steps",
  ]

  /// The fields of all kinds stand in one column, `name=value` in the order of the kind's table, joined by semicolons.
  private static func row(_ matter: Case) -> [String] {
    let fields = CaseTable.rule(matter.kind).wire(matter.fields).map { "\($0.name)=\($0.value)" }
    return [
      matter.id, matter.kind.rawValue, matter.state, matter.region.text, matter.title, matter.enterprise,
      matter.organisation, matter.demand, matter.parent, fields.joined(separator: ";"),
      (try? matter.createdAt.shanghaiDate().description) ?? "", matter.openedBy, matter.dueOn?.description ?? "",
      String(matter.deadlines.count { $0.missedOn != nil }), String(matter.stepCount),
    ]
  }
}
