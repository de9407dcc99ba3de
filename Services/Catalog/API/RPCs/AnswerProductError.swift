import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension CatalogService {
  package func answerProductError(
    request: ServerRequest<Huirong_Catalog_V1_AnswerProductErrorRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_ProductErrorReport> {
    try await edge.command(request, context, encode: Self.report) {
      message, call -> CommandReply<ProductErrorReport> in
      let state = try Reading.value(message.state.rawValue, as: ErrorReportState.self, "state")
      return try await repository.answerError(
        id: try ResourceName.id(of: message.name, in: ProductErrorReport.collection), etag: message.etag,
        answer: ProductErrorAnswer(
          state: state, text: message.answer, correctedVersion: Int(message.correctedVersion)),
        envelope: call.envelope, encode: call.encode)
    }
  }
}
