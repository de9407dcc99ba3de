public import GRPCCore
import SwiftProtobuf
public import WireProtos

/// How a call failed, as the caller sees it. Thrown by every call of `PlainClient`.
public struct PlainStatus: Error, Sendable, Hashable {
  /// Canonical gRPC code.
  public var code: RPCError.Code
  public var message: String
  /// The server's `google.rpc.Status` with its details (`ErrorInfo`, `BadRequest`, `LocalizedMessage`).
  public var details: Google_Rpc_Status?
  /// Trailing metadata.
  public var metadata: Metadata

  public init(code: RPCError.Code, message: String, details: Google_Rpc_Status? = nil, metadata: Metadata = [:]) {
    self.code = code
    self.message = message
    self.details = details
    self.metadata = metadata
  }
}

extension PlainStatus: CustomStringConvertible {
  public var description: String { "\(code): \(message)" }
}
