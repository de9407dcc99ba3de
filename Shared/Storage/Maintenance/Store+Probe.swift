import Kernel

extension Store {
  /// Commits one tiny write, through the same path as every command: what a readiness check should rest on.
  /// - Throws: `DISK_FULL`, `UNAVAILABLE`, `SHUTTING_DOWN`, as any write.
  public func probe() async throws {
    try await write { session in
      try session.execute(
        "INSERT INTO storage_probe (id, count) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET count = count + 1")
    }
  }

  /// Forgets events up to `sequence`. The chain of what remains stays verifiable: the hash it follows from is kept.
  ///
  /// Watchers and readers that ask for what is gone get `SEQUENCE_NOT_AVAILABLE`.
  /// - Throws: `INVALID_ARGUMENT` beyond the head.
  public func discardEvents(through sequence: Int64) async throws {
    try await write { session in
      var record = try session.context.chain(Self.eventChain, in: session)
      if sequence > record.head.sequence || sequence < 0 {
        throw DomainError.invalid("sequence", "\(sequence) is not between 0 and the head, \(record.head.sequence)")
      }
      if sequence <= record.anchor.sequence { return }
      let hash = try session.first("SELECT hash FROM storage_event WHERE sequence = ?", [.integer(sequence)]) {
        try $0.blob(0)
      }
      guard let hash else { throw StorageError(.corrupt, "event \(sequence) is missing") }
      try session.execute("DELETE FROM storage_event WHERE sequence <= ?", [.integer(sequence)])
      record.anchor = ChainHead(sequence: sequence, hash: hash)
      session.context.setChain(Self.eventChain, record)
    }
    parts.catchUpCache.removeAll()
    parts.hub.discarded(through: sequence)
  }
}
