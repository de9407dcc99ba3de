import GRPCCore
import SwiftProtobuf

/// How a handler ended, encoded, ready for END.
struct CallOutcome: Sendable {
  var head = EndHead()
  /// The response of a unary call.
  var message: [UInt8]?
  /// An error that is not for the caller's eyes, for the log.
  var hidden: String?

  /// Metadata key under which GRPCCore carries a serialised google.rpc.Status.
  static let detailsKey = "grpc-status-details-bin"
  /// All that a caller learns of an error that is not an `RPCError`.
  static let unknownMessage = "unknown error"

  /// - Parameter encoded: what takes the place of the response's message.
  init<Response: SwiftProtobuf.Message>(_ response: ServerResponse<Response>, encoded: [UInt8]?) {
    switch response.accepted {
    case .failure(let error): self.init(error)
    case .success(let contents):
      guard let bytes: [UInt8] = try? encoded ?? contents.message.serializedBytes() else {
        self.init(RPCError(code: .internalError, message: "the response cannot be encoded"))
        return
      }
      self.init(trailing: contents.metadata)
      message = bytes
      if !contents.trailingMetadata.isEmpty { head.metadata.add(contentsOf: contents.trailingMetadata) }
    }
  }

  init(trailing: Metadata) { head.metadata = trailing }

  init(_ error: RPCError) {
    head = EndHead(code: error.code, message: error.message, metadata: error.metadata)
    if let details = error.metadata[binaryValues: Self.detailsKey].first(where: { _ in true }) {
      head.details = details
      head.metadata.removeAllValues(forKey: Self.detailsKey)
    }
  }

  init(_ error: any Error) {
    switch error {
    case let error as RPCError: self.init(error)
    case let error as any RPCErrorConvertible: self.init(RPCError(error))
    case is CancellationError: self.init(RPCError(code: .cancelled, message: "the call was cancelled"))
    default:
      self.init(RPCError(code: .unknown, message: Self.unknownMessage))
      hidden = "\(error)"
    }
  }
}

extension RPCError {
  static let undecodableRequest = RPCError(
    code: .invalidArgument, message: "the request message cannot be decoded")
}
