package import Foundation
package import Kernel

/// What a process writes when it is ready: where it really listens. Development mode binds to loopback.
package struct ReadyFile: Codable, Sendable {
  package struct Address: Sendable {
    package let host = "127.0.0.1"
    package let port: Int
  }

  package let pid: Int32
  private let ports: [String: Int]

  package var plain: Address? { ports["plain"].map { Address(port: $0) } }
  package var grpc: Address? { ports["grpc"].map { Address(port: $0) } }
  package var admin: Address? { ports["admin"].map { Address(port: $0) } }
  package var http: Address? { ports["http"].map { Address(port: $0) } }

  /// How long a process may take before its start counts as failed.
  package static let patience = Duration.seconds(30)

  /// Waits until the file exists, or the process has ended.
  /// - Throws: `UNAVAILABLE` with the last lines of the log when the process ends or takes too long.
  static func wait(at url: URL, process: Process, log: URL) async throws -> ReadyFile {
    let deadline = ContinuousClock.now + patience
    while ContinuousClock.now < deadline {
      if let data = try? Data(contentsOf: url), let ready = try? JSONDecoder().decode(ReadyFile.self, from: data) {
        return ready
      }
      guard process.isRunning else { break }
      try await Task.sleep(for: .milliseconds(5))
    }
    let lines =
      (try? String(contentsOf: log, encoding: .utf8))?.split(separator: "\n").suffix(8).joined(separator: "\n") ?? ""
    let name = process.executableURL?.lastPathComponent ?? "process"
    let what = process.isRunning ? "was not ready within \(patience)" : "ended with \(process.terminationStatus)"
    throw DomainError(.unavailable, "\(name) \(what); its log says:\n\(lines)")
  }
}
