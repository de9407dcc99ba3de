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

/// Entries of a chain that follow one another, linked over one buffer: what a batch of many small entries is hashed with.
package struct ChainRun {
  package private(set) var sequence: Int64
  private var encoding = CanonicalEncoding(previous: [], sequence: 0, content: [])
  private var digest: SHA256.Digest?
  private let start: ChainHead

  package init(after head: ChainHead) {
    start = head
    sequence = head.sequence
  }

  /// The last entry so far.
  package var head: ChainHead {
    ChainHead(sequence: sequence, hash: digest.map { $0.withUnsafeBytes { Array($0) } } ?? start.hash)
  }

  /// - Parameter count: values that `content` appends.
  package mutating func add(count: Int, _ content: (inout CanonicalEncoding) -> Void) {
    sequence += 1
    if let digest {
      digest.withUnsafeBytes { encoding.restart(previous: $0, sequence: sequence, count: count) }
    } else {
      start.hash.withUnsafeBytes { encoding.restart(previous: $0, sequence: sequence, count: count) }
    }
    content(&encoding)
    var hasher = SHA256()
    encoding.bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) }
    digest = hasher.finalize()
  }
}

/// Rows that stand for several entries of a chain each, beside the table that has a row an entry. Every entry is either in
/// the one or in the other.
public struct PackedChain: Sendable {
  /// One entry of a packed row.
  public struct Entry: Sendable {
    public let content: [SQLValue]
    /// The hash that is stored for it; `nil` when it only follows from the entry before. The last one of a row has one.
    public let hash: [UInt8]?

    public init(content: [SQLValue], hash: [UInt8]?) {
      self.content = content
      self.hash = hash
    }
  }

  public let table: String
  /// The column with the sequence of a row's first entry, by which it is found.
  public let firstColumn: String
  public let columns: [String]
  /// The entries of a row whose columns are `columns` in their order.
  public let entries: @Sendable (Row) throws -> [Entry]

  public init(
    table: String, firstColumn: String, columns: [String], entries: @escaping @Sendable (Row) throws -> [Entry]
  ) {
    self.table = table
    self.firstColumn = firstColumn
    self.columns = columns
    self.entries = entries
  }

  var rowSQL: String {
    "SELECT \(columns.joined(separator: ", ")) FROM \(table) WHERE \(firstColumn) = ?"
  }
}

/// Where a chain's rows live, for verification. The hash covers `contentColumns` in their order; rows are numbered from
/// 1 without a gap.
public struct ChainTable: Sendable {
  /// The name under which `WriteSession.extendChain` built it.
  public let chain: String
  public let table: String
  public let sequenceColumn: String
  public let hashColumn: String
  public let contentColumns: [String]
  /// Rows of another table that stand for several entries each.
  public let packed: PackedChain?

  public init(
    chain: String, table: String, sequenceColumn: String = "sequence", hashColumn: String = "hash",
    contentColumns: [String], packed: PackedChain? = nil
  ) {
    self.chain = chain
    self.table = table
    self.sequenceColumn = sequenceColumn
    self.hashColumn = hashColumn
    self.contentColumns = contentColumns
    self.packed = packed
  }

  var pageSQL: String {
    let columns = ([sequenceColumn, hashColumn] + contentColumns).joined(separator: ", ")
    return """
      SELECT \(columns) FROM \(table) WHERE \(sequenceColumn) > ? AND \(sequenceColumn) <= ? \
      ORDER BY \(sequenceColumn) LIMIT ?
      """
  }
}
