import Foundation
import Kernel

/// What was answered to a caller's request id: one row of `storage_request`.
struct RequestRecord {
  enum Answer {
    case outcome([UInt8])
    case rejection(DomainError)
  }

  let method: String
  let requestHash: [UInt8]
  let answer: Answer

  static func find(_ envelope: CommandEnvelope, in session: ReadSession) throws -> RequestRecord? {
    try session.first(
      "SELECT method, request_hash, outcome, rejection FROM storage_request WHERE organisation = ? AND request_id = ?",
      [.text(envelope.caller.organisation), .text(envelope.requestID)]
    ) { row in
      let answer: Answer =
        if let outcome = try row.optionalBlob(2) {
          .outcome(outcome)
        } else {
          .rejection(try JSONDecoder().decode(DomainError.self, from: Data(try row.text(3).utf8)))
        }
      return RequestRecord(method: try row.text(0), requestHash: try row.blob(1), answer: answer)
    }
  }

  static func insert(_ envelope: CommandEnvelope, _ answer: Answer, in session: WriteSession) throws {
    let columns: (outcome: SQLValue, rejection: SQLValue) =
      switch answer {
      case .outcome(let bytes): (.blob(bytes), .null)
      case .rejection(let error): (.null, .text(try json(error)))
      }
    try session.execute(
      """
      INSERT INTO storage_request (organisation, request_id, method, request_hash, outcome, rejection, create_time_micros)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """,
      [
        .text(envelope.caller.organisation), .text(envelope.requestID), .text(envelope.method),
        .blob(envelope.requestHash), columns.outcome, columns.rejection, .integer(envelope.now.microseconds),
      ])
  }

  /// The frozen outcome, if the request is the one that was answered.
  /// - Throws: the frozen rejection; `REQUEST_ID_REUSED` when the key was used for something else.
  func outcome(for envelope: CommandEnvelope) throws -> [UInt8] {
    if method != envelope.method { throw reused(envelope, "method", "it was used for \(method)") }
    if requestHash != envelope.requestHash {
      throw reused(envelope, "body", "it was used for a request of this method with another body")
    }
    switch answer {
    case .outcome(let bytes): return bytes
    case .rejection(let error): throw error
    }
  }

  private func reused(_ envelope: CommandEnvelope, _ what: String, _ explanation: String) -> DomainError {
    DomainError(
      .requestIDReused,
      "request_id \"\(envelope.requestID)\" is already taken and the \(what) differs: \(explanation)",
      field: "request_id",
      metadata: [
        "request_id": envelope.requestID, "differs": what, "method": envelope.method, "first_method": method,
      ])
  }

  private static func json(_ error: DomainError) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(error), as: UTF8.self)
  }
}

extension ErrorReason {
  /// Whether a rejection for this reason is an answer worth repeating. What failed for want of a resource, of time or of
  /// credentials is not: the same request may succeed next time.
  var isDecision: Bool {
    switch kind {
    case .malformed, .forbidden, .notFound, .alreadyExists, .precondition, .conflict, .outOfRange: true
    case .unauthenticated, .exhausted, .deadline, .cancelled, .unavailable, .unimplemented, .internal, .dataLoss: false
    }
  }
}
