import Foundation
import Kernel
import Storage

/// Compares a store with the log of what it acknowledged: nothing acknowledged may be missing, every row must have its
/// event and its stored outcome, once, and the file and its chain must be sound.
struct Verifier {
  private let store: String
  private let log: String
  private let until: Int

  init(store: String, log: String, until: String?) throws {
    self.store = store
    self.log = log
    guard let number = until.map(Int.init) ?? .max else {
      throw UsageError(description: "NANOSECONDS must be a whole number")
    }
    self.until = number
  }

  func run() async throws {
    let acknowledged = try acknowledgements()
    let opened = try Store.open(StoreConfiguration(path: store), migrations: WriterSchema.migrations)
    let state = try await opened.read { session in
      (
        rows: Set(try session.query("SELECT id FROM line") { try $0.text(0) }),
        events: try session.query("SELECT substr(subject, 7) FROM storage_event") { try $0.text(0) },
        requests: Set(try session.query("SELECT request_id FROM storage_request") { try $0.text(0) })
      )
    }
    let report = try await opened.check()
    await opened.close()
    let lost = acknowledged.filter { !state.rows.contains($0.key) }
    let lostInTime = lost.filter { $0.value <= until }
    let isConsistent =
      Set(state.events) == state.rows && state.events.count == state.rows.count && state.requests == state.rows
    print(
      """
      {"acknowledged":\(acknowledged.values.count { $0 <= until }),"rows":\(state.rows.count),\
      "lost":\(lostInTime.count),"late":\(acknowledged.values.count { $0 > until }),\
      "late_lost":\(lost.count - lostInTime.count),"first_lost":\(lost.values.min() ?? 0),\
      "consistent":\(isConsistent),"sound":\(report.isSound)}
      """)
    if !isConsistent || !report.isSound {
      FileHandle.standardError.write(Data("\(report)\n".utf8))
      exit(3)
    }
    if !lostInTime.isEmpty { exit(2) }
  }

  /// Time of each acknowledgement by the command's id.
  private func acknowledgements() throws -> [String: Int] {
    let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: log)), as: UTF8.self)
    var times: [String: Int] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ")
      guard parts.count == 2, let time = Int(parts[1]) else {
        throw UsageError(description: "\(log) has a line that is no acknowledgement: \(line)")
      }
      times[String(parts[0])] = time
    }
    return times
  }
}
