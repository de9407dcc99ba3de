import FundDomain
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf

/// Reads Protocol Buffers in canonical form: numbers in as few bytes as they need, tags of one byte.
struct CanonicalCursor {
  let bytes: UnsafeRawBufferPointer
  private(set) var position: Int
  let end: Int

  init(_ bytes: UnsafeRawBufferPointer) { self.init(bytes, 0..<bytes.count) }

  init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  var isAtEnd: Bool { position == end }

  mutating func takeTag() -> UInt8? {
    guard position < end else { return nil }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func takeTag(_ tag: UInt8) -> Bool {
    guard position < end, bytes[position] == tag else { return false }
    position += 1
    return true
  }

  mutating func takeNumber() -> UInt64? {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < end, shift < 64 {
      let byte = bytes[position]
      position += 1
      if shift == 63 && byte > 1 { return nil }
      value |= UInt64(byte & 127) << shift
      if byte < 128 { return byte == 0 && shift > 0 ? nil : value }
      shift += 7
    }
    return nil
  }

  mutating func takeBytes() -> Range<Int>? {
    guard let count = takeNumber(), count <= UInt64(end - position) else { return nil }
    defer { position += Int(count) }
    return position..<position + Int(count)
  }
}

/// Reads a batch into drafts. Whatever it does not expect ends it without an answer: another reader says what is wrong.
struct TransferBatchReader {
  private let bytes: UnsafeRawBufferPointer
  private var cursor: CanonicalCursor
  /// Account ids by where their names were met last.
  private var accounts: [(name: Range<Int>, id: String)?]
  private var template: (name: Range<Int>, value: PostingTemplate?)?
  private var day: (bytes: Range<Int>, value: BusinessDate)?

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    cursor = CanonicalCursor(bytes)
    accounts = Array(repeating: nil, count: bytes.count < 4096 ? 4 : 256)
  }

  mutating func read() -> [TransferDraft]? {
    if cursor.takeTag(0x0A) {
      guard let key = cursor.takeBytes(), !key.isEmpty else { return nil }
      guard bytes[key].allSatisfy({ $0 < 128 }) else { return nil }
    }
    var drafts: [TransferDraft] = []
    drafts.reserveCapacity(min(Ledger.maximumBatch, bytes.count / 64 + 1))
    while !cursor.isAtEnd {
      guard cursor.takeTag(0x12), let range = cursor.takeBytes(), let draft = draft(range) else { return nil }
      drafts.append(draft)
    }
    return (1...Ledger.maximumBatch).contains(drafts.count) ? drafts : nil
  }

  /// The fields of a `TransferRequest`, those of a length as where they lie.
  private struct Fields {
    var id: Range<Int>?
    var linked = false
    var phase: UInt64 = 0
    var template: Range<Int>?
    var legs: [LegDraft] = []
    var date: Range<Int>?
    var expiresOn: Range<Int>?
    var pendingID: Range<Int>?
    var postAmount: UInt64 = 0
    var reference: Range<Int>?
  }

  private mutating func draft(_ range: Range<Int>) -> TransferDraft? {
    guard let fields = fields(range), let idRange = fields.id, let id = transferID(idRange),
      let dateRange = fields.date, let date = date(dateRange), let reference = text(fields.reference, most: 96),
      let action = action(fields)
    else { return nil }
    return TransferDraft(id: id, linked: fields.linked, action, on: date, reference: reference)
  }

  private mutating func fields(_ range: Range<Int>) -> Fields? {
    var fields = Fields()
    var cursor = CanonicalCursor(bytes, range)
    var last: UInt8 = 0
    while let tag = cursor.takeTag() {
      guard tag > last || tag == 0x2A && last == 0x2A else { return nil }
      last = tag
      switch tag {
      case 0x0A: fields.id = cursor.takeBytes()
      case 0x10:
        guard cursor.takeNumber() == 1 else { return nil }
        fields.linked = true
      case 0x18:
        guard let phase = cursor.takeNumber(), phase != 0 else { return nil }
        fields.phase = phase
      case 0x22:
        guard let template = cursor.takeBytes(), !template.isEmpty else { return nil }
        fields.template = template
      case 0x2A:
        guard let range = cursor.takeBytes(), let leg = leg(range) else { return nil }
        if fields.legs.isEmpty { fields.legs.reserveCapacity(2) }
        fields.legs.append(leg)
      case 0x32:
        guard let range = cursor.takeBytes() else { return nil }
        fields.date = range
      case 0x3A:
        guard let range = cursor.takeBytes() else { return nil }
        fields.expiresOn = range
      case 0x42:
        guard let range = cursor.takeBytes() else { return nil }
        fields.pendingID = range
      case 0x48:
        guard let amount = cursor.takeNumber(), amount != 0 else { return nil }
        fields.postAmount = amount
      case 0x52:
        guard let range = cursor.takeBytes(), !range.isEmpty else { return nil }
        fields.reference = range
      default: return nil
      }
    }
    return fields
  }

  private mutating func action(_ fields: Fields) -> TransferDraft.Action? {
    switch fields.phase {
    case UInt64(Huirong_Fund_V1_TransferPhase.single.rawValue):
      guard fields.pendingID == nil, fields.postAmount == 0, fields.expiresOn == nil else { return nil }
      guard let template = postingTemplate(fields.template) else { return nil }
      return .single(template, fields.legs)
    case UInt64(Huirong_Fund_V1_TransferPhase.pending.rawValue):
      guard fields.pendingID == nil, fields.postAmount == 0, let range = fields.expiresOn, let last = date(range),
        let template = postingTemplate(fields.template)
      else { return nil }
      return .pending(template, fields.legs, expiresOn: last)
    case UInt64(Huirong_Fund_V1_TransferPhase.postPending.rawValue):
      guard let pending = pendingReference(fields) else { return nil }
      return .post(pending, amount: fields.postAmount == 0 ? nil : Int64(bitPattern: fields.postAmount))
    case UInt64(Huirong_Fund_V1_TransferPhase.voidPending.rawValue):
      guard fields.postAmount == 0, let pending = pendingReference(fields) else { return nil }
      return .void(pending)
    default: return nil
    }
  }

  private func pendingReference(_ fields: Fields) -> TransferDraft.PendingReference? {
    // A template says nothing here, but may stand there.
    guard fields.legs.isEmpty, fields.expiresOn == nil, fields.template == nil, let range = fields.pendingID,
      let id = transferID(range)
    else { return nil }
    return .id(id)
  }

  private func transferID(_ range: Range<Int>) -> TransferID? { TransferID(ulid: bytes, range) }

  private func text(_ range: Range<Int>?, most: Int) -> String? {
    guard let range else { return "" }
    guard range.count <= most else { return nil }
    return String(validating: bytes[range], as: UTF8.self)
  }

  private mutating func postingTemplate(_ range: Range<Int>?) -> PostingTemplate?? {
    guard let range else { return .some(nil) }
    if let template, isSame(template.name, range) { return .some(template.value) }
    guard let code = text(range, most: 64) else { return nil }
    let value = PostingTemplate(code: code)
    template = (range, value)
    return .some(value)
  }

  private mutating func date(_ range: Range<Int>) -> BusinessDate? {
    if let day, isSame(day.bytes, range) { return day.value }
    var cursor = CanonicalCursor(bytes, range)
    var numbers: [Int32] = []
    for tag: UInt8 in [0x08, 0x10, 0x18] {
      guard cursor.takeTag(tag), let number = cursor.takeNumber(), number != 0, let value = Int32(exactly: number)
      else { return nil }
      numbers.append(value)
    }
    guard cursor.isAtEnd else { return nil }
    let wire = Huirong_Common_V1_Date.with { ($0.year, $0.month, $0.day) = (numbers[0], numbers[1], numbers[2]) }
    guard let value = try? BusinessDate(wire, field: "date") else { return nil }
    day = (range, value)
    return value
  }

  private mutating func leg(_ range: Range<Int>) -> LegDraft? {
    var cursor = CanonicalCursor(bytes, range)
    guard cursor.takeTag(0x0A), let name = cursor.takeBytes(), name.count > 8, let account = account(name),
      cursor.takeTag(0x10), let amount = cursor.takeNumber(), amount != 0, cursor.isAtEnd
    else { return nil }
    return LegDraft(account, Int64(bitPattern: amount))
  }

  private mutating func account(_ name: Range<Int>) -> String? {
    let end = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: name.upperBound - 8, as: UInt64.self))
    let mixed = (end ^ UInt64(name.count)) &* 0x9E37_79B9_7F4A_7C15
    let slot = Int(mixed >> 56) & (accounts.count - 1)
    if let known = accounts[slot], isSame(known.name, name) { return known.id }
    guard let id = accountID(name) else { return nil }
    accounts[slot] = (name, id)
    return id
  }

  /// The id in `accounts/{pool}.{code}`, by the rules of `Wire.account`.
  private func accountID(_ name: Range<Int>) -> String? {
    let id = bytes[name].dropFirst(Self.collection.count)
    guard bytes[name].starts(with: Self.collection), (3...ResourceName.maximumIDLength).contains(id.count),
      let dot = id.firstIndex(of: UInt8(ascii: ".")), dot > id.startIndex, dot < id.endIndex - 1,
      id.allSatisfy({ Self.isIDCharacter[Int($0)] })
    else { return nil }
    return String(decoding: id, as: UTF8.self)
  }

  private static let collection = Array("accounts/".utf8)
  private static let isIDCharacter = (0..<256).map { ResourceName.isID(String(UnicodeScalar(UInt8($0)))) }

  private func isSame(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
    left.count == right.count && bytes[left].elementsEqual(bytes[right])
  }
}
