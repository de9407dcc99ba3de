import Foundation
import FundDomain
import Storage

/// Events as the log keeps them: JSON with sorted keys.
enum EventCoding {
  static func encode(_ event: FundEvent) throws -> [UInt8] { Array(try JSONColumn.encoder().encode(event)) }

  static func decode(_ stored: StoredEvent) throws -> RecordedFundEvent {
    RecordedFundEvent(
      sequence: stored.sequence, commitTime: stored.commitTime, actor: stored.actor, hash: stored.hash,
      event: try JSONDecoder().decode(FundEvent.self, from: Data(stored.payload)))
  }
}
