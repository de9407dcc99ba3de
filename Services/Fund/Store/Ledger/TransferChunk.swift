import FundDomain
import Kernel
import Storage

/// Many transfers of one batch in one row of `fund_chunk`: those that were posted directly, under an id of the client's,
/// and whose ids lie together. A row and an index entry a transfer is what most of a batch's time went into.
///
/// The transfers keep their numbers, their hashes and everything else that they would have as rows. Of the hashes every
/// 128th and the last are stored, the others follow from those. Stretches of ids of different rows never overlap, so that
/// one look finds the row that could hold an id.
enum TransferChunk {
  /// Fewer are cheaper as rows.
  static let least = 16
  /// Transfers for which one hash is stored.
  static let hashStep = 128

  static func fits(_ transfers: [Transfer]) -> Bool {
    transfers.count >= least && transfers.allSatisfy { $0.phase == .single && $0.id != nil }
  }

  // MARK: Writing

  static let insert = """
    INSERT INTO fund_chunk (first, last, recorded_at, least_id, greatest_id, hashes, body, ids)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    """

  /// The first row whose ids do not all lie before an id.
  static let following = "SELECT least_id FROM fund_chunk WHERE greatest_id >= ? ORDER BY greatest_id LIMIT 1"

  /// A row on its way into the table.
  struct Builder {
    private(set) var hashes: [UInt8] = []
    private(set) var body: [UInt8] = []
    private(set) var ids: [UInt8] = []
    private var legs: [UInt8] = []
    private var day: Int64 = 0

    init(count: Int) {
      body.reserveCapacity(count * 20)
      ids.reserveCapacity(count * 16)
      hashes.reserveCapacity((count / TransferChunk.hashStep + 1) * 32)
    }

    mutating func add(_ transfer: Transfer, at now: Instant, to run: inout ChainRun) {
      legs.removeAll(keepingCapacity: true)
      Packed.append(transfer.legs, to: &legs)
      let id = transfer.id.map { (high: $0.high.bigEndian, low: $0.low.bigEndian) } ?? (0, 0)
      withUnsafeBytes(of: id) { ids.append(contentsOf: $0) }
      let dayNumber = Int64(transfer.businessDate.dayNumber)
      Packed.append(UInt64(transfer.template.rawValue), to: &body)
      Packed.append(Packed.zigzag(dayNumber - day), to: &body)
      Packed.append(UInt64(legs.count), to: &body)
      body.append(contentsOf: legs)
      Packed.append(UInt64(transfer.reference.utf8.count), to: &body)
      body.append(contentsOf: transfer.reference.utf8)
      day = dayNumber
      // As `LedgerRows.content` has it.
      run.add(count: 10) { content in
        withUnsafeBytes(of: id) { content.append(blob: $0) }
        content.append(integer: TransferPhase.single.rawValue)
        content.append(integer: transfer.template.rawValue)
        legs.withUnsafeBytes { content.append(blob: $0) }
        content.append(integer: transfer.amount)
        content.append(integer: dayNumber)
        content.appendNull()
        content.appendNull()
        content.append(text: transfer.reference)
        content.append(integer: now.microseconds)
      }
    }

    mutating func keep(_ hash: [UInt8]) { hashes += hash }
  }

  // MARK: Reading

  static let columns = "first, last, recorded_at, hashes, body, ids"
  /// Without what only a whole transfer needs.
  static let movementColumns = "first, last, recorded_at, x'', body, x''"

  /// The columns of `columns`, and where reading them has come to.
  final class Reader {
    let first: Int64
    let last: Int64
    let recordedAt: Instant
    private let hashes: [UInt8]
    private let body: [UInt8]
    private let ids: [UInt8]
    private var position = 0
    private var next: Int64
    private var day: Int64 = 0
    private var current: Item?

    init(_ row: Row) throws {
      first = try row.int64(0)
      last = try row.int64(1)
      recordedAt = try row.instant(2)
      hashes = try row.blob(3)
      body = try row.blob(4)
      ids = try row.blob(5)
      next = first
    }

    var isWhole: Bool { !ids.isEmpty }

    /// One transfer, its parts still packed.
    struct Item {
      let number: Int64
      let template: Int64
      let day: Int64
      let legs: Range<Int>
      let reference: Range<Int>
    }

    func item(_ number: Int64) throws -> Item {
      if let current, current.number == number { return current }
      if number < next {
        position = 0
        next = first
        day = 0
      }
      while true {
        let item = try read()
        if item.number == number {
          current = item
          return item
        }
      }
    }

    private func read() throws -> Item {
      let template = Int64(clamping: try Packed.number(body, &position))
      day += Packed.unzigzag(try Packed.number(body, &position))
      let legs = try bytes()
      let item = Item(number: next, template: template, day: day, legs: legs, reference: try bytes())
      next += 1
      return item
    }

    private func bytes() throws -> Range<Int> {
      let count = try Packed.number(body, &position)
      guard count <= UInt64(body.count - position) else { throw Packed.damaged("a chunk of transfers ends too early") }
      defer { position += Int(count) }
      return position..<position + Int(count)
    }

    /// What the transfer does to the account.
    func amount(_ number: Int64, on account: Int64) throws -> Int64 {
      try Packed.amount(in: body, try item(number).legs, of: account)
    }

    func forEachLegs(_ visit: ([Leg]) throws -> Void) throws {
      for number in first...last { try visit(try Packed.legs(Array(body[try item(number).legs]))) }
    }

    func id(_ number: Int64) throws -> TransferID {
      let start = Int(number - first) * 16
      guard start >= 0, start + 16 <= ids.count else { throw Packed.damaged("transfer \(number) has no id") }
      return try Packed.id(Array(ids[start..<start + 16]))
    }

    /// The number of the transfer with that id.
    func number(of id: TransferID) -> Int64? {
      let wanted = Packed.id(id)
      return ids.withUnsafeBytes { ids in
        for start in stride(from: 0, to: ids.count - 15, by: 16)
        where ids[start + 15] == wanted[15] && ids[start..<start + 16].elementsEqual(wanted) {
          return first + Int64(start / 16)
        }
        return nil
      }
    }

    func forEachID(_ visit: (TransferID) -> Void) throws {
      for number in first...last { visit(try id(number)) }
    }

    /// - Parameter pool: the pool of an account, by its number.
    func transfer(_ number: Int64, pool: (Int64) throws -> String) throws -> Transfer {
      let item = try item(number)
      let legs = try Packed.legs(Array(body[item.legs]))
      guard let firstLeg = legs.first, let template = PostingTemplate(rawValue: item.template),
        let day = Int32(exactly: item.day)
      else { throw Packed.damaged("transfer \(number)") }
      return Transfer(
        number: number, id: try id(number), pool: try pool(firstLeg.account), phase: .single, template: template,
        legs: legs, amount: legs.reduce(0) { $0 &+ max(0, $1.amount) }, businessDate: try BusinessDate(dayNumber: day),
        expiresOn: nil, pendingNumber: 0, reference: String(decoding: body[item.reference], as: UTF8.self))
    }

    /// The stored hash of a transfer.
    func storedHash(_ number: Int64) throws -> [UInt8]? {
      let index = Int(number - first)
      let place: Int
      if number == last {
        place = hashes.count - 32
      } else if (index + 1).isMultiple(of: TransferChunk.hashStep) {
        place = (index + 1) / TransferChunk.hashStep * 32 - 32
      } else {
        return nil
      }
      guard place >= 0, place + 32 <= hashes.count else { throw Packed.damaged("transfer \(number) has no hash") }
      return Array(hashes[place..<place + 32])
    }

    /// The hashes of some transfers in a row, by their numbers.
    /// - Parameter before: the hash of the transfer before the first one of the chunk.
    func hashes(_ numbers: ClosedRange<Int64>, before: () throws -> [UInt8]) throws -> [[UInt8]] {
      let step = Int64(TransferChunk.hashStep)
      let start = first + (numbers.lowerBound - first) / step * step
      let known = start == first ? try before() : try storedHash(start - 1) ?? []
      var head = ChainHead(sequence: start - 1, hash: known)
      var found: [[UInt8]] = []
      for number in start...numbers.upperBound {
        head = HashChain.next(
          after: head, LedgerRows.content(try transfer(number) { _ in "" }, at: recordedAt))
        if number >= numbers.lowerBound { found.append(head.hash) }
      }
      return found
    }
  }
}
