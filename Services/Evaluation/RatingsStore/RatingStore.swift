import EvaluationRatings
import Foundation
import Kernel
package import Storage

/// Scorecards and ratings on the evaluation process's store. Each command loads, asks the domain, and persists in one
/// transaction.
package final class RatingStore: RatingCommands, RatingQueries {
  let store: Store

  package init(_ store: Store) { self.store = store }
}

enum RatingDocument {
  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  static func read<Value: Decodable>(_ text: String, as type: Value.Type = Value.self) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(text.utf8))
  }
}

/// Types of the events that ratings append to the process's log. One log has one chain: whoever follows it for another
/// service passes over these, and `WatchRatings` passes over all others.
enum RatingEventType {
  static let graded = "rating.graded"
  static let outcome = "rating.outcome-recorded"

  static func scorecard(_ state: StoredScorecard.State) -> String {
    switch state {
    case .draft: "rating.scorecard-created"
    case .adopted: "rating.scorecard-adopted"
    case .retired: "rating.scorecard-retired"
    }
  }

  static func state(of type: String) -> StoredScorecard.State? {
    [.draft, .adopted, .retired].first { scorecard($0) == type }
  }
}

/// What an event's payload says. It names and proves; a firm's figures and grade stay in the tables, where a caller's
/// region limits who reads them.
struct RatingEventPayload: Codable {
  var digest: String
  var id: String
  var version: Int?

  func event(_ type: String, _ subject: String, _ actor: String) throws -> NewEvent {
    NewEvent(type: type, subject: subject, actor: actor, payload: Array(try RatingDocument.text(self).utf8))
  }
}
