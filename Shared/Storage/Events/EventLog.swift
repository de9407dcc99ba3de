public import Kernel

/// The table behind `append`, `events` and `watch`.
enum EventLog {
  static let table = ChainTable(
    chain: Store.eventChain, table: "storage_event",
    contentColumns: ["commit_time_micros", "type", "subject", "actor", "payload"])

  /// Entries after `sequence`, at most `limit` of them and not much more than `maximumWeight` bytes, at least one.
  static func page(
    after sequence: Int64, limit: Int, maximumWeight: Int, in session: ReadSession
  ) throws -> [StoredEvent] {
    var events: [StoredEvent] = []
    var weight = 0
    try session.scan(
      """
      SELECT sequence, commit_time_micros, type, subject, actor, payload, hash FROM storage_event
      WHERE sequence > ? ORDER BY sequence LIMIT ?
      """, [.integer(sequence), .integer(Int64(limit))]
    ) { row in
      let event = StoredEvent(
        sequence: try row.int64(0), commitTime: Instant(microseconds: try row.int64(1)), type: try row.text(2),
        subject: try row.text(3), actor: try row.text(4), payload: try row.blob(5), hash: try row.blob(6))
      events.append(event)
      weight += event.weight
      return weight < maximumWeight
    }
    return events
  }

  /// - Throws: `SEQUENCE_NOT_AVAILABLE` when entries right after `sequence` are no longer kept.
  static func requireRetained(_ sequence: Int64, anchor: Int64) throws(DomainError) {
    if sequence < 0 {
      throw .invalid("after_sequence", "a sequence is 0 (from the start) or more, not \(sequence)")
    }
    if sequence < anchor {
      throw DomainError(
        .sequenceNotAvailable,
        "events up to \(anchor) are no longer kept: start after \(anchor) or later, not after \(sequence)",
        field: "after_sequence",
        metadata: ["first_available": "\(anchor + 1)", "requested_after": "\(sequence)"])
    }
  }
}

extension WriteSession {
  /// Appends to the event log in this command's savepoint: if the command is undone so is its event, and the next one
  /// takes its number.
  /// - Parameter time: the commit time; without it the time the command carries (`now`).
  /// - Returns: the event's sequence.
  @discardableResult
  public func append(event: NewEvent, at time: Instant? = nil) throws -> Int64 {
    guard let time = time ?? now else {
      throw StorageError(.misuse, "an event needs a time: give one here or to the write")
    }
    let content = StoredEvent.content(event, at: time)
    let link = try context.extendChain(Store.eventChain, content, in: self)
    try execute(
      """
      INSERT INTO storage_event (sequence, hash, commit_time_micros, type, subject, actor, payload)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """, [.integer(link.sequence), .blob(link.hash)] + content)
    context.appended(
      StoredEvent(
        sequence: link.sequence, commitTime: time, type: event.type, subject: event.subject, actor: event.actor,
        payload: event.payload, hash: link.hash))
    return link.sequence
  }
}
