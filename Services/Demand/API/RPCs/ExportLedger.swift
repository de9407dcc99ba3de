import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Demand_V1_ExportLedgerRequest: PagedRequest {}

extension DemandService {
  package func exportLedger(
    request: ServerRequest<Huirong_Demand_V1_ExportLedgerRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_ExportLedgerResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let query = try Self.query(message.filter, descending: false, page, call.caller)
      let (rows, next) = try await rows(query, page)
      var table = TextTable(Self.ledgerHeader)
      for row in rows { table.rows.append(Self.ledgerRow(try DemandScope.view(row.item, for: call.caller))) }
      let content = try table.bytes(message.format, withHeader: page.cursor == nil)
      return .with {
        $0.content = .init(content)
        $0.rows = Int32(truncatingIfNeeded: rows.count)
        $0.nextPageToken = next
      }
    }
  }

  /// 台账 in the order in which it is read: who, what, where it stands, what came of it.
  private static let ledgerHeader = [
    "demand", "enterprise", "name", "region", "channel", "level", "state", "instrument", "currency", "amount_minor",
    "tenor_months", "purpose", "verdict", "claimed_by", "signed_minor", "disbursed_minor", "closed_by", "created_on",
  ]

  private static func ledgerRow(_ demand: Demand) -> [String] {
    [
      demand.id, demand.enterprise, demand.profile.displayName, demand.region.text, demand.channel.rawValue,
      demand.handling.level.rawValue, demand.state.rawValue, demand.instrument.rawValue, demand.amount.currency.code,
      String(demand.amount.minorUnits), String(demand.tenorMonths), demand.purpose,
      demand.assessment?.verdict.rawValue ?? "", demand.claim?.institution ?? "",
      demand.signedByAll.map { String($0.minorUnits) } ?? "", String(demand.disbursedByAll.minorUnits),
      demand.closeOut?.closedBy ?? "", (try? demand.createdAt.shanghaiDate().description) ?? "",
    ]
  }
}
