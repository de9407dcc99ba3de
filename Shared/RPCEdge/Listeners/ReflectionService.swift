internal import Foundation
package import GRPCCore
internal import Kernel
package import Protos
internal import SwiftProtobuf
internal import Synchronization

/// The standard `grpc.reflection.v1.ServerReflection`, so that grpcurl and its like need no schema files. It asks for no
/// credentials: the schema is public. Tools from before 2023 know it only under its older name, `v1alpha`, with the same
/// messages; `ReflectionAlias` answers them.
package final class ReflectionService: Grpc_Reflection_V1_ServerReflection.ServiceProtocol {
  private let services: [String]
  private let drain: DrainSignal
  /// Built at the first question: most processes are never asked, and the index takes memory.
  private let index = Mutex<SchemaIndex?>(nil)

  /// - Parameter services: full names of the services that the listener serves.
  package init(services: [String], drain: DrainSignal) {
    self.services = services.sorted()
    self.drain = drain
  }

  package func serverReflectionInfo(
    request: StreamingServerRequest<Grpc_Reflection_V1_ServerReflectionRequest>, context: ServerContext
  ) async throws -> StreamingServerResponse<Grpc_Reflection_V1_ServerReflectionResponse> {
    let messages = request.messages
    let cancellation = context.cancellation
    return StreamingServerResponse { writer in
      do {
        let index = try self.schema()
        try await StreamScope.run(cancellation, self.drain) {
          for try await message in messages { try await writer.write(self.answer(message, index)) }
        }
        return [:]
      } catch let error as RPCError {
        throw error
      } catch {
        throw (error as? DomainError)?.rpcError ?? DomainError(.cancelled, "the call was cancelled").rpcError
      }
    }
  }

  private func schema() throws -> SchemaIndex {
    try index.withLock { index in
      if let index { return index }
      let built = try SchemaIndex.bundled()
      index = built
      return built
    }
  }

  private func answer(
    _ request: Grpc_Reflection_V1_ServerReflectionRequest, _ index: SchemaIndex
  ) -> Grpc_Reflection_V1_ServerReflectionResponse {
    var response = Grpc_Reflection_V1_ServerReflectionResponse()
    response.validHost = request.host
    response.originalRequest = request
    switch request.messageRequest {
    case .listServices:
      response.listServicesResponse.service = services.map { name in .with { $0.name = name } }
    case .fileByFilename(let name):
      fill(&response, index.files(named: name), "file \(name)")
    case .fileContainingSymbol(let symbol):
      fill(&response, index.files(declaring: symbol), "symbol \(symbol)")
    case .allExtensionNumbersOfType(let type) where index.declares(message: type):
      // The suite's schema is proto3 and declares no extensions.
      response.allExtensionNumbersResponse.baseTypeName = type
    case .allExtensionNumbersOfType(let type):
      fill(&response, nil, "type \(type)")
    case .fileContainingExtension(let named):
      fill(&response, nil, "extension \(named.extensionNumber) of \(named.containingType)")
    case nil:
      response.errorResponse.errorCode = Int32(RPCError.Code.invalidArgument.rawValue)
      response.errorResponse.errorMessage = "message_request is required"
    }
    return response
  }

  private func fill(
    _ response: inout Grpc_Reflection_V1_ServerReflectionResponse, _ files: [Data]?, _ what: String
  ) {
    guard let files else {
      response.errorResponse.errorCode = Int32(RPCError.Code.notFound.rawValue)
      response.errorResponse.errorMessage = "\(what.prefix(256)) is not in this server's schema"
      return
    }
    response.fileDescriptorResponse.fileDescriptorProto = files
  }
}
