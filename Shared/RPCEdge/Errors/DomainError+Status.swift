package import GRPCCore
package import Kernel
internal import SwiftProtobuf
package import WireProtos

/// How a `DomainError` looks on both wires.
package enum ErrorStatus {
  /// `ErrorInfo.domain` of every error of the suite.
  package static let domain = "huirong"
  /// Metadata key under which gRPC carries a serialised `google.rpc.Status`.
  package static let detailsKey = "grpc-status-details-bin"
  /// Locale of `LocalizedMessage`.
  package static let locale = "zh-CN"
  /// Longest message that leaves a process, in UTF-8 bytes: gRPC carries it percent-encoded in a header.
  static let maximumMessageBytes = 1024
}

extension DomainError {
  /// Exactly one `ErrorInfo`, a `BadRequest` when a field is to blame, a `LocalizedMessage` in zh-CN.
  package var googleStatus: Google_Rpc_Status {
    var info = Google_Rpc_ErrorInfo()
    info.reason = reason.rawValue
    info.domain = ErrorStatus.domain
    info.metadata = metadata
    var localized = Google_Rpc_LocalizedMessage()
    localized.locale = ErrorStatus.locale
    localized.message = reason.texts.chinese
    var status = Google_Rpc_Status()
    status.code = Int32(reason.kind.code.rawValue)
    status.message = boundedMessage
    status.details = [packed(info)]
    if let field {
      var violation = Google_Rpc_BadRequest.FieldViolation()
      violation.field = field
      violation.description_p = boundedMessage
      violation.reason = reason.rawValue
      var badRequest = Google_Rpc_BadRequest()
      badRequest.fieldViolations = [violation]
      status.details.append(packed(badRequest))
    }
    status.details.append(packed(localized))
    return status
  }

  /// The error as a handler throws it: both wires carry its details in `grpc-status-details-bin`.
  package var rpcError: RPCError {
    let status = googleStatus
    var metadata = Metadata()
    // Serialising messages without required fields cannot fail; were it to, the code and the text still go out.
    if let bytes: [UInt8] = try? status.serializedBytes() {
      metadata.addBinary(bytes, forKey: ErrorStatus.detailsKey)
    }
    return RPCError(code: reason.kind.code, message: status.message, metadata: metadata)
  }

  private var boundedMessage: String {
    guard message.utf8.count > ErrorStatus.maximumMessageBytes else { return message }
    var bounded = ""
    for character in message {
      if bounded.utf8.count + character.utf8.count > ErrorStatus.maximumMessageBytes - 3 { break }
      bounded.append(character)
    }
    return bounded + "…"
  }

  private func packed(_ message: some Message) -> Google_Protobuf_Any {
    (try? Google_Protobuf_Any(message: message)) ?? Google_Protobuf_Any()
  }
}

extension RPCError {
  var carriesDetails: Bool { metadata[ErrorStatus.detailsKey].contains { _ in true } }
}

extension Edge {
  func rpcError(for error: DomainError) -> RPCError { error.rpcError }
}
