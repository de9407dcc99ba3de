import Foundation
package import FundDomain
import Kernel
import Storage

/// Events as the log keeps them: JSON with sorted keys, what `JSONEncoder` makes of `FundEvent`.
package enum EventCoding {
  package static func encode(_ event: FundEvent) throws -> [UInt8] {
    // A book has a row an event; writing those by hand takes a third off an import.
    if case .bookRow(let facts) = event.facts { return bookRow(event, facts) }
    return try encodeAny(event)
  }

  package static func encodeAny(_ event: FundEvent) throws -> [UInt8] {
    Array(try JSONColumn.encoder().encode(event))
  }

  static func decode(_ stored: StoredEvent) throws -> RecordedFundEvent {
    RecordedFundEvent(
      sequence: stored.sequence, commitTime: stored.commitTime, actor: stored.actor, hash: stored.hash,
      event: try JSONDecoder().decode(FundEvent.self, from: Data(stored.payload)))
  }

  private static func bookRow(_ event: FundEvent, _ facts: BookRowFacts) -> [UInt8] {
    var text = JSONText()
    text.member("businessDate", event.businessDate.description)
    text.open("facts")
    text.open("bookRow")
    text.open("_0")
    if let day = facts.approvedOn { text.member("approvedOn", day.description) }
    text.member("chargedOff", facts.chargedOff)
    if let day = facts.chargedOffOn { text.member("chargedOffOn", day.description) }
    text.member("currency", facts.currency.code)
    text.member("disbursed", facts.disbursed)
    if let day = facts.disbursedOn { text.member("disbursedOn", day.description) }
    text.member("disposition", facts.disposition.rawValue)
    text.member("facility", facts.facility)
    text.member("grossApproval", facts.grossApproval)
    text.member("guaranteed", facts.guaranteed)
    text.member("lender", facts.lender)
    text.member("loanNumber", facts.loanNumber)
    text.member("outcome", facts.outcome.rawValue)
    text.member("paid", facts.paid)
    text.member("termMonths", Int64(facts.termMonths))
    text.close()
    text.close()
    text.close()
    text.member("kind", event.kind.rawValue)
    text.member("pool", event.pool)
    text.member("subject", event.subject)
    return text.finish()
  }
}

/// A JSON object written member by member.
private struct JSONText {
  private var bytes: [UInt8] = [UInt8(ascii: "{")]
  private var isFirst = true

  init() { bytes.reserveCapacity(512) }

  mutating func member(_ name: String, _ value: String) {
    key(name)
    string(value)
  }

  mutating func member(_ name: String, _ value: Int64) {
    key(name)
    bytes.append(contentsOf: "\(value)".utf8)
  }

  mutating func open(_ name: String) {
    key(name)
    bytes.append(UInt8(ascii: "{"))
    isFirst = true
  }

  mutating func close() {
    bytes.append(UInt8(ascii: "}"))
    isFirst = false
  }

  func finish() -> [UInt8] { bytes + [UInt8(ascii: "}")] }

  private mutating func key(_ name: String) {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
    string(name)
    bytes.append(UInt8(ascii: ":"))
  }

  private mutating func string(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0x08: bytes += Array("\\b".utf8)
      case 0x09: bytes += Array("\\t".utf8)
      case 0x0A: bytes += Array("\\n".utf8)
      case 0x0C: bytes += Array("\\f".utf8)
      case 0x0D: bytes += Array("\\r".utf8)
      case 0..<0x20:
        bytes += Array("\\u00".utf8) + [Self.hex[Int(byte >> 4)], Self.hex[Int(byte & 15)]]
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static let hex = Array("0123456789abcdef".utf8)
}
