import Foundation
import GRPCCore
import HTTPTypes
import Hummingbird
import Kernel
import Logging
import NIOCore
import PlainRPC
import RPCEdge
import WireProtos

/// Responses of the HTTP face: JSON, whatever happens.
enum JSONReply {
  static func ok(_ json: Data, status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: json)))
  }

  /// Runs a handler and turns whatever it throws into the error body that belongs to it.
  static func guarded(_ logger: Logger, _ body: () async throws -> Response) async -> Response {
    do {
      return try await body()
    } catch let status as PlainStatus {
      return error(code: status.code, message: status.message, details: status.details)
    } catch let domain as DomainError {
      let status = domain.googleStatus
      return error(code: domain.reason.kind.code, message: status.message, details: status)
    } catch let http as HTTPError {
      let code: RPCError.Code = http.status == .contentTooLarge ? .resourceExhausted : .invalidArgument
      return error(code: code, message: http.body ?? "bad request", details: nil)
    } catch {
      logger.error("unexpected error", metadata: ["cause": "\(String(reflecting: error))"])
      return self.error(code: .internalError, message: "internal error", details: nil)
    }
  }

  private static func error(code: RPCError.Code, message: String, details: Google_Rpc_Status?) -> Response {
    let body = JSONStatus.json(code: code, message: message, details: details)
    return ok(body, status: HTTPResponse.Status(code: JSONStatus.httpStatus(of: code)))
  }
}
