/// A chain's row in `storage_chain`: its head, and the anchor from which the retained entries follow.
///
/// The stored head also gives away a chain whose last rows were removed, which the rows alone could not.
struct ChainRecord: Sendable, Hashable {
  var head: ChainHead
  var anchor: ChainHead

  static let empty = ChainRecord(head: .genesis, anchor: .genesis)

  static func load(_ name: String, in session: ReadSession) throws -> ChainRecord {
    try session.first(
      "SELECT sequence, hash, anchor_sequence, anchor_hash FROM storage_chain WHERE name = ?", [.text(name)]
    ) { row in
      ChainRecord(
        head: ChainHead(sequence: try row.int64(0), hash: try row.blob(1)),
        anchor: ChainHead(sequence: try row.int64(2), hash: try row.blob(3)))
    } ?? .empty
  }

  func save(_ name: String, in session: WriteSession) throws {
    try session.execute(
      """
      INSERT INTO storage_chain (name, sequence, hash, anchor_sequence, anchor_hash) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (name) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash,
        anchor_sequence = excluded.anchor_sequence, anchor_hash = excluded.anchor_hash
      """,
      [
        .text(name), .integer(head.sequence), .blob(head.hash), .integer(anchor.sequence), .blob(anchor.hash),
      ])
  }
}
