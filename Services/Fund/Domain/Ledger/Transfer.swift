package import Kernel

/// A client's id of a transfer: the 128 bits of a ULID. Sorting by time, they are appended to their index.
package struct TransferID: Sendable, Hashable, Comparable {
  package let high: UInt64
  package let low: UInt64

  package static func < (left: TransferID, right: TransferID) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  private static let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
  private static let valueOf: [UInt8] = {
    var table = [UInt8](repeating: 255, count: 256)
    for (value, digit) in digits.enumerated() { table[Int(digit)] = UInt8(value) }
    return table
  }()

  /// - Throws: `INVALID_ARGUMENT` unless the text is a ULID: 26 upper-case Crockford digits, the first at most 7.
  package init(_ text: String, field: String) throws(DomainError) {
    var bits: UInt128 = 0
    var count = 0
    for byte in text.utf8 {
      let value = Self.valueOf[Int(byte)]
      guard value != 255, count < 26, count > 0 || value < 8 else {
        count = 0
        break
      }
      bits = bits << 5 | UInt128(value)
      count += 1
    }
    guard count == 26 else {
      throw .invalid(field, "\"\(text.prefix(32))\" is not a ULID of 26 upper-case characters")
    }
    high = UInt64(truncatingIfNeeded: bits >> 64)
    low = UInt64(truncatingIfNeeded: bits)
  }

  /// The ULID that lies there; nil unless it is one. What a batch of thousands is read by.
  package init?(ulid bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
    guard range.count == 26, range.lowerBound >= 0, range.upperBound <= bytes.count else { return nil }
    // 130 bits: 65 in either half, of which the first two are zero.
    var (first, second, wrong): (UInt64, UInt64, UInt8) = (0, 0, 0)
    Self.valueOf.withUnsafeBufferPointer { valueOf in
      for place in range.lowerBound..<range.lowerBound + 13 {
        let value = valueOf[Int(bytes[place])]
        wrong |= value
        first = first << 5 | UInt64(value)
      }
      for place in range.lowerBound + 14..<range.upperBound {
        let value = valueOf[Int(bytes[place])]
        wrong |= value
        second = second << 5 | UInt64(value)
      }
    }
    let middle = Self.valueOf[Int(bytes[range.lowerBound + 13])]
    guard (wrong | middle) & 128 == 0, Self.valueOf[Int(bytes[range.lowerBound])] < 8 else { return nil }
    high = first << 1 | UInt64(middle) >> 4
    low = UInt64(middle) << 60 | second
  }

  package var text: String {
    var rest = UInt128(high) << 64 | UInt128(low)
    var characters = [UInt8](repeating: 0, count: 26)
    for index in stride(from: 25, through: 0, by: -1) {
      characters[index] = Self.digits[Int(rest & 31)]
      rest >>= 5
    }
    return String(decoding: characters, as: UTF8.self)
  }
}

/// What a transfer does to the totals.
package enum TransferPhase: Int64, Sendable, Hashable, CaseIterable {
  case single = 1
  case pending = 2
  case postPending = 3
  case voidPending = 4
  case expirePending = 5

  /// Whether the transfer changes posted totals, and with them the balances of its business date.
  package var posts: Bool { self == .single || self == .postPending }
}

/// What became of a pending transfer. Legal steps: open → posted | voided | expired.
package enum PendingState: Int64, Sendable, Hashable, CaseIterable {
  case open = 1
  case posted = 2
  case voided = 3
  case expired = 4
}

/// One leg of a recorded transfer: positive debits, negative credits.
package struct Leg: Sendable, Hashable {
  /// The account's number.
  package let account: Int64
  package let amount: Int64

  package init(account: Int64, amount: Int64) {
    self.account = account
    self.amount = amount
  }
}

/// One leg as somebody asks for it.
package struct LegDraft: Sendable, Hashable {
  /// `{pool}.{code}`
  package var account: String
  package var amount: Int64

  package init(_ account: String, _ amount: Int64) {
    self.account = account
    self.amount = amount
  }
}

/// A transfer to make.
package struct TransferDraft: Sendable, Hashable {
  package var id: TransferID?
  /// This and the next one succeed or fail together.
  package var linked: Bool
  package var action: Action
  package var businessDate: BusinessDate
  /// The resource it is made for; empty for none.
  package var reference: String

  package enum Action: Sendable, Hashable {
    case single(PostingTemplate?, [LegDraft])
    case pending(PostingTemplate?, [LegDraft], expiresOn: BusinessDate?)
    /// `amount` nil posts all of it.
    case post(PendingReference, amount: Int64?)
    case void(PendingReference)
    case expire(PendingReference)
    /// What the client asked for makes no sense and is answered with that status.
    case refused(TransferStatus)
  }

  package enum PendingReference: Sendable, Hashable {
    case number(Int64)
    case id(TransferID)
  }

  package init(
    id: TransferID? = nil, linked: Bool = false, _ action: Action, on businessDate: BusinessDate, reference: String = ""
  ) {
    self.id = id
    self.linked = linked
    self.action = action
    self.businessDate = businessDate
    self.reference = reference
  }
}

/// A transfer as recorded; it never changes.
package struct Transfer: Sendable, Hashable {
  /// Position in the ledger, 1 for the first; gapless over all pools.
  package let number: Int64
  package let id: TransferID?
  package let pool: String
  package let phase: TransferPhase
  package let template: PostingTemplate
  package let legs: [Leg]
  /// Sum of the debits.
  package let amount: Int64
  package let businessDate: BusinessDate
  /// Last day on which a pending transfer may be posted.
  package let expiresOn: BusinessDate?
  /// The pending transfer that this one posts, voids or expires; 0 otherwise.
  package let pendingNumber: Int64
  package let reference: String

  package init(
    number: Int64, id: TransferID?, pool: String, phase: TransferPhase, template: PostingTemplate, legs: [Leg],
    amount: Int64, businessDate: BusinessDate, expiresOn: BusinessDate?, pendingNumber: Int64, reference: String
  ) {
    self.number = number
    self.id = id
    self.pool = pool
    self.phase = phase
    self.template = template
    self.legs = legs
    self.amount = amount
    self.businessDate = businessDate
    self.expiresOn = expiresOn
    self.pendingNumber = pendingNumber
    self.reference = reference
  }
}

/// A pending transfer and what became of it.
package struct PendingTransfer: Sendable, Hashable {
  package let transfer: Transfer
  package var state: PendingState

  package init(transfer: Transfer, state: PendingState) {
    self.transfer = transfer
    self.state = state
  }
}
