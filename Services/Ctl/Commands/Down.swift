import ArgumentParser
import Foundation
import SuiteRunner

struct Down: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Stop the services that huirongctl up started.")

  @Option(name: .long, help: "Folder that huirongctl up was given.")
  var directory = "var/suite"

  func run() async throws {
    let pids = SuitePIDs(directory: URL(filePath: directory))
    let running = pids.running()
    guard !running.isEmpty else {
      print("nothing runs from \(directory)")
      return
    }
    for entry in running.reversed() {
      kill(entry.pid, SIGTERM)
      guard try await pids.waitUntilGone(entry) else {
        throw ValidationError("\(entry.name.executable) (pid \(entry.pid)) did not stop within \(SuitePIDs.patience)")
      }
      print("  stopped \(entry.name.executable)")
    }
  }
}
