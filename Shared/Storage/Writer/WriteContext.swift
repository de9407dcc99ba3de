/// What the writer carries through one commit group besides the connection: chain heads and the events to publish.
/// Both follow the marks of commands, so that an undone command leaves neither a gap nor a ghost.
///
/// A group begins without savepoints: SQLite copies every page that is first touched inside one, which costs a fifth of a
/// small command, and nearly every command that fails does so before it writes. One that fails after it has written asks
/// for the group to be decided again, with savepoints (`ReplayNeeded`).
final class WriteContext {
  /// A command without a savepoint failed after it had written.
  struct ReplayNeeded: Error {}

  let connection: SQLiteConnection
  private(set) var chains: [String: ChainRecord] = [:]
  private var dirtyChains: Set<String> = []
  private(set) var events: EventBatch
  private var committedChains: [String: ChainRecord] = [:]
  /// SQLite's count of commits by other connections, by which a change behind the writer's back is noticed.
  private var dataVersion: Int64 = -1
  private var hasSavepoints = false

  init(_ connection: SQLiteConnection, eventBatchLimits: EventBatch.Limits) {
    self.connection = connection
    events = EventBatch(limits: eventBatchLimits)
  }

  // MARK: Group

  /// Opens the group's transaction.
  /// - Parameter withSavepoints: whether each command of the group gets one.
  func begin(withSavepoints: Bool) throws {
    hasSavepoints = withSavepoints
    try connection.control("BEGIN IMMEDIATE")
    let version = try connection.controlInteger("PRAGMA data_version")
    if version != dataVersion {
      dataVersion = version
      committedChains = [:]
    }
    chains = committedChains
    dirtyChains = []
    events.removeAll()
  }

  func commit() throws {
    if !dirtyChains.isEmpty {
      let session = WriteSession(self, now: nil)
      defer { session.isOpen = false }
      for name in dirtyChains.sorted() { try chains[name]?.save(name, in: session) }
    }
    try connection.control("COMMIT")
    committedChains = chains
  }

  /// Undoes the whole group.
  /// - Throws: when the transaction is still open afterwards.
  func rollback() throws {
    if !connection.isInAutocommit { try connection.control("ROLLBACK") }
    chains = committedChains
    dirtyChains = []
    events.removeAll()
  }

  // MARK: Undoing

  /// Where a command, or a step inside one, began.
  struct Mark {
    fileprivate let chains: [String: ChainRecord]
    fileprivate let dirtyChains: Set<String>
    fileprivate let events: EventBatch.Mark
    /// `nil` with a savepoint; without one what had been written when it began.
    fileprivate let writes: Int64?
  }

  /// A step that is undone when it throws while its command goes on; it always has a savepoint.
  func savepoint<R>(_ body: () throws -> R) throws -> R {
    let mark = try openSavepoint()
    do {
      let result = try body()
      try release(mark)
      return result
    } catch {
      try undo(to: mark)
      throw error
    }
  }

  /// Begins a command.
  func openCommand() throws -> Mark {
    if hasSavepoints { return try openSavepoint() }
    try requireTransaction()
    return mark(writes: connection.writes)
  }

  private func openSavepoint() throws -> Mark {
    try requireTransaction()
    try connection.control("SAVEPOINT step")
    return mark(writes: nil)
  }

  /// Outside a transaction a savepoint would open one of its own and its release would commit it.
  private func requireTransaction() throws {
    if connection.isInAutocommit { throw StorageError(.other, "the transaction has ended") }
  }

  private func mark(writes: Int64?) -> Mark {
    Mark(chains: chains, dirtyChains: dirtyChains, events: events.mark, writes: writes)
  }

  /// Keeps what was done since the mark.
  func release(_ mark: Mark) throws {
    if mark.writes == nil { try connection.control("RELEASE step") }
  }

  /// - Throws: `ReplayNeeded`.
  func undo(to mark: Mark) throws {
    try rewind(to: mark)
    try release(mark)
  }

  /// Undoes everything since the mark and keeps it open.
  /// - Throws: `ReplayNeeded`.
  func rewind(to mark: Mark) throws {
    if connection.isInAutocommit {
      throw StorageError(.other, "the engine ended the transaction on its own")
    }
    if let writes = mark.writes {
      if writes != connection.writes { throw ReplayNeeded() }
    } else {
      try connection.control("ROLLBACK TO step")
    }
    chains = mark.chains
    dirtyChains = mark.dirtyChains
    events.truncate(to: mark.events)
  }

  // MARK: Chains and events

  func chain(_ name: String, in session: ReadSession) throws -> ChainRecord {
    if let known = chains[name] { return known }
    let loaded = try ChainRecord.load(name, in: session)
    chains[name] = loaded
    return loaded
  }

  func setChain(_ name: String, _ record: ChainRecord) {
    chains[name] = record
    dirtyChains.insert(name)
  }

  func extendChain(_ name: String, _ content: [SQLValue], in session: ReadSession) throws -> ChainHead {
    let head = HashChain.next(after: try chain(name, in: session).head, content)
    try setHead(head, of: name, in: session)
    return head
  }

  func setHead(_ head: ChainHead, of name: String, in session: ReadSession) throws {
    guard session.isOpen else { throw StorageError(.misuse, "the session is used after its transaction ended") }
    var record = try chain(name, in: session)
    record.head = head
    setChain(name, record)
  }

  func appended(_ event: StoredEvent) { events.append(event) }
}
