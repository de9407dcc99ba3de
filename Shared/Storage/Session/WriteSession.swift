public import Kernel

/// One command's place in a commit group: what it does is kept when the closure returns and undone when it throws.
///
/// Several commands share a group and hence a COMMIT, but never see each other's failures. Transaction control is the
/// store's: BEGIN, COMMIT, SAVEPOINT, PRAGMA, ATTACH and their like are refused here.
public final class WriteSession: ReadSession {
  let context: WriteContext
  /// When the edge accepted the call, if the caller said so; the default commit time of events.
  public let now: Instant?

  init(_ context: WriteContext, now: Instant?) {
    self.context = context
    self.now = now
    super.init(context.connection)
  }

  override var isWritable: Bool { true }

  /// Runs one statement.
  /// - Returns: rows inserted, changed or deleted by it.
  /// - Throws: `StorageError`.
  @discardableResult
  public func execute(_ sql: String, _ arguments: [SQLValue] = []) throws -> Int {
    try connection.execute(sql, arguments, in: self)
  }

  /// Undoes what `body` did when it throws, while the command itself goes on.
  ///
  /// For a step that may fail without failing the command, such as one line of an import.
  public func savepoint<R>(_ body: () throws -> R) throws -> R {
    try context.savepoint(body)
  }

  public override func chainHead(_ name: String) throws -> ChainHead {
    try context.chain(name, in: self).head
  }

  /// Computes and records the next link of the chain `name`. The caller inserts the row that belongs to it in the same
  /// command, with the returned sequence and hash.
  /// - Parameter content: the columns the hash covers, in the order in which `ChainTable.contentColumns` names them.
  public func extendChain(_ name: String, _ content: [SQLValue]) throws -> ChainHead {
    try context.extendChain(name, content, in: self)
  }

  /// Computes and records many links of the chain `name` at once. The caller inserts what belongs to them in the same
  /// command.
  package func extendChain(_ name: String, _ add: (inout ChainRun) throws -> Void) throws -> ChainHead {
    var run = ChainRun(after: try context.chain(name, in: self).head)
    try add(&run)
    try context.setHead(run.head, of: name, in: self)
    return run.head
  }
}
