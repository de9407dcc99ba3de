import EvaluationDomain
import Foundation
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension EvaluationService {
  package func adoptScheme(
    request: ServerRequest<Huirong_Evaluation_V1_AdoptSchemeRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_Scheme> {
    try await edge.command(request, context) { (stored: StoredScheme) in
      Huirong_Evaluation_V1_Scheme(stored)
    } _: { message, command in
      try Require.number(message.version, in: 1...1_000_000, "version")
      guard message.digest.count == 32 else { throw DomainError.invalid("digest", "32 bytes of SHA-256") }
      return try await commands.adoptScheme(
        id: try ResourceName.id(of: message.name, in: "schemes"), version: Int(message.version),
        digest: Hexadecimal.text(message.digest), envelope: command.envelope, encode: command.encode)
    }
  }
}
