package import Foundation

/// The processes behind the ready files of a directory. A process id may have been given to another program since: only
/// one whose command is the service's counts.
package struct SuitePIDs: Sendable {
  package struct Entry: Sendable {
    package let name: LocalSuite.Name
    package let pid: Int32
  }

  /// Longest a service may take to drain (its own limit is 10 s) before stopping it counts as failed.
  package static let patience = Duration.seconds(15)

  private let directory: URL

  package init(directory: URL) { self.directory = directory }

  package func running() -> [Entry] {
    LocalSuite.Name.allCases.compactMap { name in
      let file = directory.appending(path: "\(name.rawValue).ready.json")
      guard let data = try? Data(contentsOf: file), let ready = try? JSONDecoder().decode(ReadyFile.self, from: data)
      else { return nil }
      let entry = Entry(name: name, pid: ready.pid)
      return isAlive(entry) ? entry : nil
    }
  }

  package func waitUntilGone(_ entry: Entry) async throws -> Bool {
    let deadline = ContinuousClock.now + Self.patience
    while ContinuousClock.now < deadline {
      guard isAlive(entry) else { return true }
      try await Task.sleep(for: .milliseconds(20))
    }
    return false
  }

  private func isAlive(_ entry: Entry) -> Bool {
    guard let command = try? String(contentsOfFile: "/proc/\(entry.pid)/cmdline", encoding: .utf8) else { return false }
    return command.split(separator: "\0").first?.hasSuffix(entry.name.executable) ?? false
  }
}
