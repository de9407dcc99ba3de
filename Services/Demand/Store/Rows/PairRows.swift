import DemandDomain
import Kernel
import Storage

/// The index of neighbouring characters over purposes and notes: for each pair and each block of 256 demands the places of
/// those that have it. A block is written once, with its last demand; the demands after the last full block are few enough
/// to be looked at themselves.
enum PairRows {
  static let blockSize: Int64 = 256

  static func block(of number: Int64) -> Int64 { (number - 1) / blockSize }

  /// Numbers up to this one are in the index, when the last demand is `last`.
  static func settled(last: Int64) -> Int64 { last / blockSize * blockSize }

  // MARK: Writing

  /// Writes the block that a new demand completes.
  static func submitted(_ number: Int64, _ session: WriteSession) throws {
    guard number % blockSize == 0 else { return }
    var members: [UInt64: String] = [:]
    try session.scan(
      """
      SELECT number, purpose, CASE WHEN instr(handling, '"notes"') > 0 THEN handling END FROM demands
      WHERE number > ? AND number <= ? ORDER BY number
      """,
      [.integer(number - blockSize), .integer(number)]
    ) { row in
      let place = place(of: try row.int64(0))
      let texts = try [row.text(1)] + notes(row.optionalText(2))
      for pair in Bigrams.packed(texts) {
        members[pair, default: ""] += place
      }
      return true
    }
    for (pair, places) in members.map({ (Bigrams.text(of: $0.key), $0.value) }).sorted(by: { $0.0 < $1.0 }) {
      try write(pair, block(of: number), places, session)
    }
  }

  /// Adds a note's pairs, unless the demand's block is not written yet.
  static func noted(_ text: String, on number: Int64, _ session: WriteSession) throws {
    guard number <= settled(last: try DemandRows.last(session)) else { return }
    let (block, place) = (block(of: number), place(of: number))
    for pair in Bigrams.of(text) {
      let places = try members(pair, block, session) ?? ""
      if !numbers(places, in: block).contains(number) { try write(pair, block, places + place, session) }
    }
  }

  private static func write(_ pair: String, _ block: Int64, _ members: String, _ session: WriteSession) throws {
    try session.execute(
      """
      INSERT INTO demand_pairs (pair, block, members) VALUES (?, ?, ?)
      ON CONFLICT (pair, block) DO UPDATE SET members = excluded.members
      """, [.text(pair), .integer(block), .text(members)])
  }

  private static func notes(_ handling: String?) throws -> [String] {
    guard let handling else { return [] }
    return try JSONParser.parse(handling).items("notes").map { try $0.text("text") }
  }

  // MARK: Reading

  /// Demands after a number that have every pair, in order: the next few blocks that hold any.
  /// - Returns: their numbers, and the number up to which all were found.
  static func find(
    _ pairs: [String], after: Int64, settled: Int64, _ session: ReadSession
  ) throws -> (numbers: [Int64], upTo: Int64) {
    guard let first = pairs.first else { return ([], settled) }
    let blocks = try session.query(
      "SELECT block, members FROM demand_pairs WHERE pair = ? AND block >= ? AND block < ? ORDER BY block LIMIT ?",
      [.text(first), .integer(after / blockSize), .integer(settled / blockSize), .integer(Int64(blocksRead))]
    ) { (block: try $0.int64(0), members: try $0.text(1)) }
    var found: [Int64] = []
    for (block, members) in blocks {
      var common = numbers(members, in: block)
      for pair in pairs.dropFirst() where !common.isEmpty {
        common.formIntersection(numbers(try self.members(pair, block, session) ?? "", in: block))
      }
      found += common.filter { $0 > after }.sorted()
    }
    guard let last = blocks.last, blocks.count == blocksRead else { return (found, settled) }
    return (found, (last.block + 1) * blockSize)
  }

  private static let blocksRead = 8

  private static func members(_ pair: String, _ block: Int64, _ session: ReadSession) throws -> String? {
    try session.first(
      "SELECT members FROM demand_pairs WHERE pair = ? AND block = ?", [.text(pair), .integer(block)]
    ) { try $0.text(0) }
  }

  // MARK: Places in a block

  private static let digits = Array("0123456789abcdef".unicodeScalars)

  private static func place(of number: Int64) -> String {
    let place = Int((number - 1) % blockSize)
    var text = String.UnicodeScalarView()
    text.append(digits[place >> 4])
    text.append(digits[place & 15])
    return String(text)
  }

  private static func numbers(_ members: String, in block: Int64) -> Set<Int64> {
    var numbers: Set<Int64> = []
    var high: Int64?
    for byte in members.utf8 {
      let digit = Int64(byte < 0x60 ? byte &- 0x30 : byte &- 0x57)
      if let left = high {
        numbers.insert(block * blockSize + left * 16 + digit + 1)
        high = nil
      } else {
        high = digit
      }
    }
    return numbers
  }
}
