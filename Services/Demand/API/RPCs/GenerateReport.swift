import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension OutreachService {
  package func generateReport(
    request: ServerRequest<Huirong_Demand_V1_GenerateReportRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_CaseReport> {
    try await edge.command(request, context, encode: Self.report) { message, command in
      let generate = try GenerateReport(
        id: Self.newID(command.call),
        subject: message.subject.isEmpty ? "" : Self.id(message.subject, field: "subject"),
        region: message.regionCode.isEmpty ? nil : RegionCode(message.regionCode), period: message.period)
      return try await repository.generate(generate, envelope: command.envelope, encode: command.encode)
    }
  }

  package func getReport(
    request: ServerRequest<Huirong_Demand_V1_GetReportRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_CaseReport> {
    try await edge.unary(request, context) { message, call in
      let report = try await repository.generated(try Self.id(message.name))
      try CaseScope.require(report.matter, by: call.caller)
      var wire = Self.report(report)
      if message.format != .unspecified { wire.content = .init(try Self.table(report).bytes(message.format)) }
      return wire
    }
  }

  @Sendable
  private static func report(_ report: GeneratedReport) -> Huirong_Demand_V1_CaseReport {
    .with {
      $0.matter = report.matter.wire
      $0.lines = report.lines.map { line in
        .with {
          $0.kind = line.kind.wire
          $0.action = line.action
          $0.count = line.count
          $0.cases = line.cases
          $0.firms = line.firms
        }
      }
    }
  }

  private static func table(_ report: GeneratedReport) -> TextTable {
    var table = TextTable(["period", "kind", "action", "count", "cases", "firms"])
    let period = report.matter.fields["period"] ?? ""
    for line in report.lines {
      table.rows.append(
        [period, line.kind.rawValue, line.action] + [line.count, line.cases, line.firms].map { String($0) })
    }
    return table
  }
}
