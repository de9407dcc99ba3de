/// Why a process cannot start or had to stop.
package struct ServiceHostError: Error, Sendable, CustomStringConvertible {
  package let exitCode: ExitCode
  package let message: String

  package init(_ exitCode: ExitCode, _ message: String) {
    self.exitCode = exitCode
    self.message = message
  }

  package static func definition(_ message: String) -> ServiceHostError { ServiceHostError(.software, message) }

  package var description: String { message }
}
