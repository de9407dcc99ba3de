import Foundation
import Kernel
import Storage

/// Compares a store with the log of what it acknowledged: nothing acknowledged may be missing, every row must have its
/// event and its stored outcome, once, and the file and its chain must be sound.
struct Verifier {
  let store: String
  let log: String

  func run() async throws {
    let opened = try Store.open(StoreConfiguration(path: store), migrations: WriterSchema.migrations)
    let acknowledged = Set(
      String(decoding: try Data(contentsOf: URL(fileURLWithPath: log)), as: UTF8.self)
        .split(separator: "\n").map(String.init))
    let state = try await opened.read { session in
      (
        rows: Set(try session.query("SELECT id FROM line") { try $0.text(0) }),
        events: try session.query("SELECT substr(subject, 7) FROM storage_event") { try $0.text(0) },
        requests: Set(try session.query("SELECT request_id FROM storage_request") { try $0.text(0) })
      )
    }
    let report = try await opened.check()
    await opened.close()
    let lost = acknowledged.subtracting(state.rows)
    let consistent = Set(state.events) == state.rows && state.events.count == state.rows.count
      && state.requests == state.rows
    print(
      """
      {"acknowledged":\(acknowledged.count),"rows":\(state.rows.count),"lost":\(lost.count),\
      "consistent":\(consistent),"sound":\(report.isSound)}
      """)
    if !consistent || !report.isSound {
      FileHandle.standardError.write(Data("\(report)\n".utf8))
      exit(3)
    }
    if !lost.isEmpty { exit(2) }
  }
}
