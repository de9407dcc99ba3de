import EvaluationDomain
import Foundation
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension EvaluationService {
  package func exportRun(
    request: ServerRequest<Huirong_Evaluation_V1_ExportRunRequest>, context: ServerContext
  ) async throws -> StreamingServerResponse<Huirong_Evaluation_V1_ExportChunk> {
    try await edge.serverStream(request, context) { message, call, writer in
      let id = try ResourceName.id(of: message.name, in: "runs")
      let format = try ExportSeal.Format(message.format)
      if message.includeExplanations, format != .jsonLines {
        throw DomainError.invalid("include_explanations", "explanations are exported as JSON lines only")
      }
      let run = try await visibleRun(id, to: call.caller)
      let export = RunExport(
        run: run, evaluation: try await recomputed.evaluation(of: id), format: format,
        includesExplanations: message.includeExplanations)
      var file = ExportFile { bytes in
        var chunk = Huirong_Evaluation_V1_ExportChunk()
        chunk.data = bytes
        try await writer.write(chunk)
      }
      for piece in export.pieces { try await file.add(try piece()) }
      try await file.finish()
    }
  }
}

/// Collects text into pieces of at most 64 KiB.
struct ExportFile {
  private static let chunkBytes = 64 << 10
  private var pending = Data()
  private let send: (Data) async throws -> Void

  init(send: @escaping (Data) async throws -> Void) { self.send = send }

  mutating func add(_ text: String) async throws {
    pending.append(contentsOf: text.utf8)
    while pending.count >= Self.chunkBytes {
      let chunk = pending.prefix(Self.chunkBytes)
      pending = Data(pending.dropFirst(Self.chunkBytes))
      try await send(Data(chunk))
    }
  }

  mutating func finish() async throws {
    if !pending.isEmpty { try await send(pending) }
    pending = Data()
  }
}
