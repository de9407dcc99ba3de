package import Kernel

/// The kinds of resources that are kept as one record each. The numbers are stored: never give one a new meaning.
package enum RecordKind: Int64, Sendable, Hashable, CaseIterable {
  case accountLimitChange = 1
  case reversal = 2
  case periodClose = 3
  case dayReport = 4
  case guaranteeApplication = 5
  case compensationScheme = 6
  case cover = 7
  case schemeYear = 8
  case subsidyProgramme = 9
  case subsidyApplication = 10
  case whiteListEntry = 11
  case renewal = 12
  case deferral = 13
  case bankStatement = 14
  case statementLine = 15
  case cashMatch = 16
  case decision = 17
  case rejectedClaim = 18
  case statementHead = 19
}

/// A resource that is kept as one record: its body, and the few facts by which it is found. Amounts that must add up are
/// never summed over records: they stand on accounts.
package protocol FundRecord: Codable, Sendable, Hashable {
  static var kind: RecordKind { get }
  /// Unique among its kind; lists are in its order.
  var id: String { get }
  /// Id of the pool; empty for none.
  var pool: String { get }
  /// Id of the resource it belongs to; empty for none.
  var owner: String { get }
  /// Firm, bank or loan by which it is looked for; empty for none.
  var party: String { get }
  var stateCode: Int64 { get }
  /// Day by which it wants to be looked at; nil for never.
  var attentionOn: BusinessDate? { get }
}

extension FundRecord {
  package var pool: String { "" }
  package var owner: String { "" }
  package var party: String { "" }
  package var stateCode: Int64 { 0 }
  package var attentionOn: BusinessDate? { nil }
}

/// Which records of a kind somebody wants; nil wants all.
package struct RecordQuery: Sendable, Hashable {
  package var pool: String?
  package var owner: String?
  package var party: String?
  package var state: Int64?
  package var attentionBy: BusinessDate?
  /// Only ids after this one.
  package var after: String
  package var limit: Int

  package init(
    pool: String? = nil, owner: String? = nil, party: String? = nil, state: Int64? = nil,
    attentionBy: BusinessDate? = nil, after: String = "", limit: Int = .max
  ) {
    self.pool = pool
    self.owner = owner
    self.party = party
    self.state = state
    self.attentionBy = attentionBy
    self.after = after
    self.limit = limit
  }

  package func admits(_ record: some FundRecord) -> Bool {
    if let pool, record.pool != pool { return false }
    if let owner, record.owner != owner { return false }
    if let party, record.party != party { return false }
    if let state, record.stateCode != state { return false }
    if let attentionBy {
      guard let day = record.attentionOn, day <= attentionBy else { return false }
    }
    return record.id > after
  }
}

package struct RecordKey: Sendable, Hashable {
  package let kind: RecordKind
  package let id: String

  package init(_ kind: RecordKind, _ id: String) {
    self.kind = kind
    self.id = id
  }
}

/// When a record was made and last changed, and how often.
package struct RecordStamp: Sendable, Hashable, Codable {
  package let createTime: Int64
  package private(set) var updateTime: Int64
  package private(set) var revision: Int64

  package init(_ now: Instant) {
    createTime = now.microseconds
    updateTime = now.microseconds
    revision = 1
  }

  mutating func touch(_ now: Instant) {
    updateTime = now.microseconds
    revision += 1
  }

  package var created: Instant { Instant(microseconds: createTime) }
  package var updated: Instant { Instant(microseconds: updateTime) }
}

/// An id that sorts as its number does.
enum NumberedID {
  static func make(_ number: Int64) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 19 - digits.count)) + digits
  }
}
