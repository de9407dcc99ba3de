import Subprocess
import SystemPackage

/// Another program, run by a test. Foundation's `Process` is not used beside hundreds of concurrent tests: its `run`
/// has been seen to read memory that another thread had already given back.
package enum Program {
  package struct Ended: Sendable {
    /// The exit code, or minus the signal that ended it.
    package let status: Int32
    package let output: String
    package let errors: String
  }

  /// Runs to the end. `environment`, when given, is all that the program sees.
  package static func run(
    _ path: String, _ arguments: [String], environment: [String: String]? = nil
  ) async throws -> Ended {
    let ended = try await Subprocess.run(
      .path(.init(path)), arguments: .init(arguments), environment: make(environment),
      output: .string(limit: 16 << 20), error: .string(limit: 1 << 20))
    return Ended(
      status: status(ended.terminationStatus), output: ended.standardOutput ?? "", errors: ended.standardError ?? "")
  }

  /// Runs to the end.
  /// - Returns: the bytes of the standard output.
  package static func bytes(_ path: String, _ arguments: [String]) async throws -> [UInt8] {
    let ended = try await Subprocess.run(
      .path(.init(path)), arguments: .init(arguments), output: .bytes(limit: 256 << 20), error: .discarded)
    guard case .exited(0) = ended.terminationStatus else { throw Failed(status: status(ended.terminationStatus)) }
    return ended.standardOutput
  }

  /// Runs `body` while the program runs, then ends the program with SIGTERM (SIGKILL when `body` throws) and waits.
  package static func with(
    _ path: String, _ arguments: [String], environment: [String: String]? = nil,
    _ body: () async throws -> Void
  ) async throws -> Int32 {
    let ended = try await Subprocess.run(
      .path(.init(path)), arguments: .init(arguments), environment: make(environment),
      input: .none, output: .discarded, error: .discarded
    ) { execution in
      do {
        try await body()
      } catch {
        try? execution.send(signal: .kill)
        throw error
      }
      try execution.send(signal: .terminate)
    }
    return status(ended.terminationStatus)
  }

  package struct Failed: Error { package let status: Int32 }

  private static func make(_ environment: [String: String]?) -> Environment {
    guard let environment else { return .inherit }
    return .custom(Dictionary(uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0), $1) }))
  }

  private static func status(_ status: TerminationStatus) -> Int32 {
    switch status {
    case .exited(let code): code
    case .signaled(let signal): -signal
    }
  }
}
