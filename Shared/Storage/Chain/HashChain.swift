import Crypto

/// The end of a chain so far.
public struct ChainHead: Sendable, Hashable {
  /// Sequence of the last entry; 0 before the first.
  public let sequence: Int64
  /// SHA-256 of the last entry, 32 bytes; zeros before the first.
  public let hash: [UInt8]

  public init(sequence: Int64, hash: [UInt8]) {
    self.sequence = sequence
    self.hash = hash
  }

  public static let genesis = ChainHead(sequence: 0, hash: [UInt8](repeating: 0, count: 32))
}

/// What checking a chain found.
public struct ChainReport: Sendable, Hashable {
  public let chain: String
  /// Entries that fit, counted from the first retained one.
  public let entries: Int64
  /// The first entry that does not follow from its predecessor and its content, or is missing; `nil` when intact.
  public let firstBadSequence: Int64?
  /// The last entry that fits.
  public let head: ChainHead

  public var isIntact: Bool { firstBadSequence == nil }

  public init(chain: String, entries: Int64, firstBadSequence: Int64?, head: ChainHead) {
    self.chain = chain
    self.entries = entries
    self.firstBadSequence = firstBadSequence
    self.head = head
  }
}

/// Append-only tables whose every row commits to all rows before it: changing, removing or inserting one breaks the
/// hash of every later row.
public enum HashChain {
  /// The hash of the entry that follows `head`: SHA-256 over the previous hash, the sequence and the content.
  public static func next(after head: ChainHead, _ content: [SQLValue]) -> ChainHead {
    let sequence = head.sequence + 1
    let encoding = CanonicalEncoding(previous: head.hash, sequence: sequence, content: content)
    var hasher = SHA256()
    encoding.bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) }
    return ChainHead(sequence: sequence, hash: hasher.finalize().withUnsafeBytes { Array($0) })
  }

  /// SHA-256 of some bytes.
  static func digest(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    var hasher = SHA256()
    Array(bytes).withUnsafeBytes { hasher.update(bufferPointer: $0) }
    return hasher.finalize().withUnsafeBytes { Array($0) }
  }
}

/// Where a chain's rows live, for verification. The hash covers `contentColumns` in their order; rows are numbered from
/// 1 without a gap.
public struct ChainTable: Sendable, Hashable {
  /// The name under which `WriteSession.extendChain` built it.
  public let chain: String
  public let table: String
  public let sequenceColumn: String
  public let hashColumn: String
  public let contentColumns: [String]

  public init(
    chain: String, table: String, sequenceColumn: String = "sequence", hashColumn: String = "hash",
    contentColumns: [String]
  ) {
    self.chain = chain
    self.table = table
    self.sequenceColumn = sequenceColumn
    self.hashColumn = hashColumn
    self.contentColumns = contentColumns
  }

  var pageSQL: String {
    let columns = ([sequenceColumn, hashColumn] + contentColumns).joined(separator: ", ")
    return """
      SELECT \(columns) FROM \(table) WHERE \(sequenceColumn) > ? AND \(sequenceColumn) <= ? \
      ORDER BY \(sequenceColumn) LIMIT ?
      """
  }
}
