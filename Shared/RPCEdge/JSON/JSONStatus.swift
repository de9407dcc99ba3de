package import Foundation
package import GRPCCore
package import PlainRPC
import SwiftProtobuf
package import WireProtos

/// A failed call as JSON, in the shape that HTTP APIs of gRPC services use: `{"error": {"code", "status", "message",
/// "details"}}` with the HTTP status that belongs to the gRPC status.
package enum JSONStatus {
  /// The HTTP status of a gRPC status code, as google.rpc.Code documents it.
  package static func httpStatus(of code: RPCError.Code) -> Int {
    switch code {
    case .cancelled: 499
    case .invalidArgument, .failedPrecondition, .outOfRange: 400
    case .deadlineExceeded: 504
    case .notFound: 404
    case .alreadyExists, .aborted: 409
    case .permissionDenied: 403
    case .unauthenticated: 401
    case .resourceExhausted: 429
    case .unimplemented: 501
    case .unavailable: 503
    default: 500
    }
  }

  /// `INVALID_ARGUMENT` and so on.
  package static func name(of code: RPCError.Code) -> String {
    switch code {
    case .cancelled: "CANCELLED"
    case .unknown: "UNKNOWN"
    case .invalidArgument: "INVALID_ARGUMENT"
    case .deadlineExceeded: "DEADLINE_EXCEEDED"
    case .notFound: "NOT_FOUND"
    case .alreadyExists: "ALREADY_EXISTS"
    case .permissionDenied: "PERMISSION_DENIED"
    case .resourceExhausted: "RESOURCE_EXHAUSTED"
    case .failedPrecondition: "FAILED_PRECONDITION"
    case .aborted: "ABORTED"
    case .outOfRange: "OUT_OF_RANGE"
    case .unimplemented: "UNIMPLEMENTED"
    case .internalError: "INTERNAL"
    case .unavailable: "UNAVAILABLE"
    case .dataLoss: "DATA_LOSS"
    case .unauthenticated: "UNAUTHENTICATED"
    default: "UNKNOWN"
    }
  }

  package static func json(code: RPCError.Code, message: String, details: Google_Rpc_Status?) -> Data {
    var fields = [
      #""code":\#(httpStatus(of: code))"#, #""status":"\#(name(of: code))""#, #""message":\#(quoted(message))"#,
    ]
    let printed = (details?.details ?? []).compactMap(printedDetail)
    if !printed.isEmpty { fields.append(#""details":[\#(printed.joined(separator: ","))]"#) }
    return Data(#"{"error":{\#(fields.joined(separator: ","))}}"#.utf8)
  }

  /// Details of a type that is not ours are left out rather than printed as bytes that nobody reads.
  private static func printedDetail(_ detail: Google_Protobuf_Any) -> String? {
    _ = registered
    return try? detail.jsonString()
  }

  private static let registered: Bool = [
    Google_Protobuf_Any.register(messageType: Google_Rpc_ErrorInfo.self),
    Google_Protobuf_Any.register(messageType: Google_Rpc_BadRequest.self),
    Google_Protobuf_Any.register(messageType: Google_Rpc_LocalizedMessage.self),
  ].allSatisfy(\.self)

  private static func quoted(_ text: String) -> String {
    let data = (try? JSONEncoder().encode(text)) ?? Data(#""""#.utf8)
    return String(decoding: data, as: UTF8.self)
  }
}
