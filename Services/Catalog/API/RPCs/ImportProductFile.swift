import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension CatalogService {
  /// 3.5 MiB: what a message of 4 MiB leaves for the rest of the request.
  private static let fileBytes = 3_670_016

  package func importProductFile(
    request: ServerRequest<Huirong_Catalog_V1_ImportProductFileRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_ImportProductFileResponse> {
    let read = ReadRows()
    let encode: @Sendable (ImportReport) -> Huirong_Catalog_V1_ImportProductFileResponse = { report in
      Self.response(report, read.rows)
    }
    return try await edge.command(request, context, encode: encode) { message, call -> CommandReply<ImportReport> in
      let asOf = try Reading.day(message.hasAsOf, message.asOf, "as_of", now: call.now)
      var file = try Self.read(message)
      if message.format == .cdrJsonLines { file.holdBackEnded(before: asOf) }
      read.keep(file.rows)
      try Require.count(file.rows.count, minimum: 1, maximum: CatalogLimits.importRows, "content")
      let institutions = file.institutions
      if !institutions.isEmpty, call.caller.role != .operator {
        throw DomainError(.roleNotAllowed, "the operator enters files that name their institutions", field: "format")
      }
      return await settle(
        try await repository.importProducts(
          file.rows.map(\.row), institutions: institutions,
          goal: message.submit ? .submit(asOf) : .enter, envelope: call.envelope,
          encode: call.encode))
    }
  }

  private static func read(
    _ message: Huirong_Catalog_V1_ImportProductFileRequest
  ) throws(DomainError) -> ProductFile {
    guard message.content.count <= fileBytes else {
      throw DomainError(.batchTooLarge, "a file has at most \(fileBytes) bytes", field: "content")
    }
    switch message.format {
    case .csv: return try ProductFile.csv(message.content)
    case .jsonLines: return ProductFile.jsonLines(message.content)
    case .cdrJsonLines: return ProductFile.cdrLines(message.content)
    case .unspecified: throw DomainError(.requiredFieldMissing, "what the file is", field: "format")
    case .UNRECOGNIZED(let number): throw .invalid("format", "no such value: \(number)")
    }
  }

  private static func response(
    _ report: ImportReport, _ lines: [FileRow]
  ) -> Huirong_Catalog_V1_ImportProductFileResponse {
    var response = Huirong_Catalog_V1_ImportProductFileResponse()
    response.rows = zip(lines, report.results).map { line, result in
      .with {
        $0.line = Int32(clamping: line.line)
        $0.result = .init(result)
        $0.findings = line.findings.map { finding in
          .with {
            $0.field = finding.field
            $0.problem = finding.problem
            $0.value = finding.value
            $0.action = finding.action
          }
        }
      }
    }
    func count(_ outcome: ImportOutcome) -> Int32 { Int32(report.results.count { $0.outcome == outcome }) }
    response.created = count(.created)
    response.updated = count(.updated)
    response.unchanged = count(.unchanged)
    response.refused = count(.refused)
    response.findings = Int32(clamping: lines.reduce(0) { $0 + $1.findings.count })
    response.institutionsCreated = Int32(clamping: report.institutionsCreated)
    return response
  }
}
