import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Demand_V1_ReportTargetsRequest: PagedRequest {}

extension OutreachService {
  package func reportTargets(
    request: ServerRequest<Huirong_Demand_V1_ReportTargetsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_ReportTargetsResponse> {
    try await edge.unary(request, context) { message, call in
      try DemandScope.requireRegion(prefix: message.regionPrefix, field: "region_prefix", by: call.caller)
      let asOf = try BusinessDate.required(message.hasAsOf, message.asOf, "as_of")
      let page = try Page(message, method: call.method)
      let query = try CaseQuery(
        kind: .firstLoanTarget, state: "set", regionPrefix: message.regionPrefix, enterprise: nil, organisation: nil,
        parent: nil, descending: false, after: page.position, limit: page.size + 1, caller: call.caller)
      let (rows, next) = page.cut(try await repository.targets(query, asOf: asOf)) { String($0.position) }
      var content: [UInt8] = []
      if message.format != .unspecified {
        content = try Self.table(rows.map(\.item)).bytes(message.format, withHeader: page.cursor == nil)
      }
      let bytes = content
      return .with {
        $0.targets = rows.map(\.item.wire)
        $0.nextPageToken = next
        $0.content = .init(bytes)
      }
    }
  }
}

extension OutreachService {
  fileprivate static func table(_ targets: [TargetProgress]) -> TextTable {
    var table = TextTable([
      "target", "region", "from", "to", "chain", "channel", "firms", "reached", "progress_ppm",
    ])
    for target in targets {
      let fields = ["from", "to", "chain", "channel", "firms"].map { target.matter.fields[$0] ?? "" }
      table.rows.append(
        [target.matter.id, target.matter.region.text] + fields + [
          String(target.reached), target.progress.map { String($0.ppm) } ?? "",
        ])
    }
    return table
  }
}

extension TargetProgress {
  fileprivate var wire: Huirong_Demand_V1_TargetProgress {
    .with {
      $0.matter = matter.wire
      $0.reached = reached
      if let progress { $0.progress.ppm = progress.ppm }
    }
  }
}
