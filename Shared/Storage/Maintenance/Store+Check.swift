import Kernel

/// What a full check of a store found.
public struct CheckReport: Sendable, Hashable {
  /// Lines of SQLite's integrity check; empty when it found nothing.
  public var integrityProblems: [String]
  /// Rows whose foreign key points nowhere, as `table rowid → parent`.
  public var foreignKeyProblems: [String]
  public var chains: [ChainReport]
  /// The writer's `synchronous` setting as read back now; 2 is FULL. `nil` for a store open for reading only.
  public var synchronous: Int64?

  public var isSound: Bool {
    integrityProblems.isEmpty && foreignKeyProblems.isEmpty && chains.allSatisfy(\.isIntact)
      && (synchronous == nil || synchronous == 2)
  }
}

extension Store {
  /// Checks the file's structure, its foreign keys, the event log's hash chain and the given ones, and the durability
  /// setting. Reads the whole file; writers go on meanwhile.
  /// - Throws: what reading throws; what is wrong with the data is in the report.
  public func check(_ tables: [ChainTable] = []) async throws -> CheckReport {
    let problems = try await read { session in
      (
        integrity: try session.connection.controlColumn("PRAGMA integrity_check").filter { $0 != "ok" },
        foreignKeys: try session.query(
          "SELECT \"table\", coalesce(rowid, 0), parent FROM pragma_foreign_key_check ORDER BY 1, 2"
        ) { row in "\(try row.text(0)) \(try row.int64(1)) → \(try row.text(2))" }
      )
    }
    var chains: [ChainReport] = []
    for table in [EventLog.table] + tables { chains.append(try await verifyChain(table)) }
    return CheckReport(
      integrityProblems: problems.integrity, foreignKeyProblems: problems.foreignKeys, chains: chains,
      synchronous: try await writerSynchronous())
  }

  /// Checks every retained event against its predecessor and its content.
  public func verifyEvents() async throws -> ChainReport { try await verifyChain(EventLog.table) }

  /// Checks a chain from its first retained row to its recorded head: every hash, no gap, no row missing at the end.
  ///
  /// It reads in pages, each on a snapshot of its own, so that a long chain does not hold back checkpoints; rows appended
  /// meanwhile are left for the next time.
  public func verifyChain(_ table: ChainTable) async throws -> ChainReport {
    let record = try await read { try ChainRecord.load(table.chain, in: $0) }
    var progress = ChainProgress(table: table, record: record)
    while progress.firstBad == nil && progress.last.sequence < record.head.sequence {
      let before = progress
      progress = try await read { session in
        var after = before
        try after.readPage(in: session)
        return after
      }
    }
    return progress.report(against: record.head)
  }

  private func writerSynchronous() async throws -> Int64? {
    if parts.configuration.access == .readOnly { return nil }
    return try await write { try $0.connection.controlInteger("PRAGMA synchronous") }
  }
}

/// How far a verification has come.
private struct ChainProgress: Sendable {
  static let pageRows: Int64 = 1000
  static let pagePackedRows = 8

  let table: ChainTable
  let end: Int64
  var last: ChainHead
  var entries: Int64 = 0
  var firstBad: Int64?

  init(table: ChainTable, record: ChainRecord) {
    self.table = table
    end = record.head.sequence
    last = record.anchor
  }

  /// Rows as far as they go, then the packed rows that follow them.
  mutating func readPage(in session: ReadSession) throws {
    let before = last.sequence
    try readRows(in: session)
    if let packed = table.packed, firstBad == nil {
      for _ in 0..<Self.pagePackedRows where last.sequence < end && firstBad == nil {
        guard try readPacked(packed, in: session) else { break }
      }
    }
    if firstBad == nil && last.sequence == before { firstBad = before + 1 }
  }

  private mutating func readRows(in session: ReadSession) throws {
    var state = self
    try session.scan(table.pageSQL, [.integer(last.sequence), .integer(end), .integer(Self.pageRows)]) { row in
      let sequence = try row.int64(0)
      // Between two rows there may be packed ones; without any, the missing row is found to be missing.
      if sequence != state.last.sequence + 1 && table.packed != nil { return false }
      let content = try (0..<table.contentColumns.count).map { try row.value($0 + 2) }
      let expected = HashChain.next(after: state.last, content)
      let found = ChainHead(sequence: sequence, hash: try row.blob(1))
      if found != expected {
        // A missing row shows as its successor: the first bad sequence is the one that should have come.
        state.firstBad = expected.sequence
        return false
      }
      state.last = found
      state.entries += 1
      return true
    }
    self = state
  }

  /// The packed row that starts with the next entry. Which of its entries was changed cannot be told beyond the last stored
  /// hash that still fits: the one after that is named.
  /// - Returns: false when there is none.
  private mutating func readPacked(_ packed: PackedChain, in session: ReadSession) throws -> Bool {
    guard
      let entries = try session.first(packed.rowSQL, [.integer(last.sequence + 1)], { try packed.entries($0) }),
      !entries.isEmpty
    else { return false }
    var head = last
    for entry in entries {
      head = HashChain.next(after: head, entry.content)
      guard let stored = entry.hash else { continue }
      if stored != head.hash { break }
      self.entries += head.sequence - last.sequence
      last = head
    }
    if head != last { firstBad = last.sequence + 1 }
    return true
  }

  func report(against head: ChainHead) -> ChainReport {
    var bad = firstBad
    if bad == nil && last != head { bad = last.sequence }
    return ChainReport(chain: table.chain, entries: entries, firstBadSequence: bad, head: last)
  }
}
