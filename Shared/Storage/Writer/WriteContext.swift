/// What the writer carries through one commit group besides the connection: chain heads and the events to publish.
/// Both follow savepoints, so that an undone command leaves neither a gap nor a ghost.
final class WriteContext {
  let connection: SQLiteConnection
  private(set) var chains: [String: ChainRecord] = [:]
  private var dirtyChains: Set<String> = []
  private(set) var events: EventBatch
  private var committedChains: [String: ChainRecord] = [:]
  /// SQLite's count of commits by other connections, by which a change behind the writer's back is noticed.
  private var dataVersion: Int64 = -1

  init(_ connection: SQLiteConnection, eventBatchLimits: EventBatch.Limits) {
    self.connection = connection
    events = EventBatch(limits: eventBatchLimits)
  }

  // MARK: Group

  /// Opens the group's transaction.
  func begin() throws {
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

  // MARK: Savepoints

  func savepoint<R>(_ body: () throws -> R) throws -> R {
    let mark = try openSavepoint()
    do {
      let result = try body()
      try release()
      return result
    } catch {
      try undo(to: mark)
      throw error
    }
  }

  struct Mark {
    fileprivate let chains: [String: ChainRecord]
    fileprivate let dirtyChains: Set<String>
    fileprivate let events: EventBatch.Mark
  }

  func openSavepoint() throws -> Mark {
    // Outside a transaction a savepoint would open one of its own and its release would commit it.
    if connection.isInAutocommit { throw StorageError(.other, "the transaction has ended") }
    try connection.control("SAVEPOINT step")
    return Mark(chains: chains, dirtyChains: dirtyChains, events: events.mark)
  }

  func release() throws { try connection.control("RELEASE step") }

  func undo(to mark: Mark) throws {
    try rewind(to: mark)
    try release()
  }

  /// Undoes everything since the mark and keeps the savepoint open.
  func rewind(to mark: Mark) throws {
    if connection.isInAutocommit {
      throw StorageError(.other, "the engine ended the transaction on its own")
    }
    try connection.control("ROLLBACK TO step")
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
