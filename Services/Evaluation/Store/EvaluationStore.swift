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
  let view: FactView
  let documents = IndicatorDocuments()

  /// - Parameter keptFacts: most values kept in memory, at about 16 bytes each.
  package init(_ store: Store, policyDigest: String, keptFacts: Int = FactView.defaultCapacity) {
    self.store = store
    self.policyDigest = policyDigest
    view = FactView(capacity: keptFacts)
  }

  /// Values kept in memory at the moment.
  package var keptFacts: Int { view.count }

  /// SHA-256 as lower-case hexadecimal: what runs are named by.
  @Sendable package static func digest(_ bytes: [UInt8]) -> String { Digest.hex(bytes) }
}

enum Digest {
  /// SHA-256 as lower-case hexadecimal.
  static func hex(_ text: String) -> String { hex(Array(text.utf8)) }

  @Sendable static func hex(_ bytes: [UInt8]) -> String { Hex.text(Array(SHA256.hash(data: bytes))) }
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
