import Crypto
import EvaluationDomain
import Foundation
import Kernel
package import Storage

/// The evaluation service's ports on a store. Each command loads, asks the domain, and persists in one transaction.
package final class EvaluationStore: EvaluationCommands, EvaluationQueries, FeedLedger {
  let store: Store
  /// Digest of the packs in force; part of every run's digest.
  let policyDigest: String

  package init(_ store: Store, policyDigest: String) {
    self.store = store
    self.policyDigest = policyDigest
  }
}

enum Digest {
  /// SHA-256 as lower-case hexadecimal.
  static func hex(_ text: String) -> String {
    SHA256.hash(data: Array(text.utf8)).map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}

enum Document {
  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  static func read<Value: Decodable>(_ text: String, as type: Value.Type = Value.self) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(text.utf8))
  }

  static func event(
    _ type: String, _ subject: String, _ actor: String, _ payload: [String: EventValue]
  ) throws -> NewEvent {
    NewEvent(type: type, subject: subject, actor: actor, payload: Array(try text(payload).utf8))
  }
}

/// A value of an event's flat payload.
enum EventValue: Encodable {
  case text(String)
  case number(Int64)

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .number(let number): try container.encode(number)
    }
  }
}
