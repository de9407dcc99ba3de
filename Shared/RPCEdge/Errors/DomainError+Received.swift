package import GRPCCore
package import Kernel
internal import SwiftProtobuf
package import WireProtos

extension DomainError {
  /// The error that a service of the suite answered, as its caller sees it; `nil` when the status carries no `ErrorInfo`
  /// of this suite.
  package init?(received status: Google_Rpc_Status) {
    var info: Google_Rpc_ErrorInfo?
    var field: String?
    for detail in status.details {
      if detail.isA(Google_Rpc_ErrorInfo.self) {
        info = try? Google_Rpc_ErrorInfo(unpackingAny: detail)
      } else if detail.isA(Google_Rpc_BadRequest.self) {
        field = (try? Google_Rpc_BadRequest(unpackingAny: detail))?.fieldViolations.first?.field
      }
    }
    guard let info, info.domain == ErrorStatus.domain, let reason = ErrorReason(rawValue: info.reason) else {
      return nil
    }
    self.init(reason, status.message, field: field, metadata: info.metadata)
  }

  /// The same from an `RPCError` of either wire.
  package init?(received error: RPCError) {
    guard let bytes = error.metadata[binaryValues: ErrorStatus.detailsKey].first(where: { _ in true }),
      let status = try? Google_Rpc_Status(serializedBytes: bytes)
    else { return nil }
    self.init(received: status)
  }
}
