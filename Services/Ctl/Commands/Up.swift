import ArgumentParser
import Foundation
import Kernel
import SuiteRunner

struct Up: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Start the five services on this machine in development mode and leave them running.",
    discussion: "Stores, logs and ready files go below --directory; huirongctl down stops what this started.")

  @OptionGroup var place: SuitePlace

  func run() async throws {
    if let running = SuitePIDs(directory: place.directoryURL).running().first {
      throw ValidationError(
        "\(running.name.executable) already runs from \(place.directory) (pid \(running.pid)); huirongctl down stops it"
      )
    }
    let suite = try LocalSuite(
      binaries: place.binariesURL, directory: place.directoryURL, packs: place.packsURL, ports: .documented)
    do {
      try await suite.start()
    } catch {
      await suite.stop()
      throw error
    }
    for name in LocalSuite.Name.allCases {
      guard let ready = suite.endpoints(of: name) else { continue }
      let wires = [("plain", ready.plain), ("grpc", ready.grpc), ("http", ready.http), ("admin", ready.admin)]
      let text = wires.compactMap { label, address in address.map { "\(label) \($0.host):\($0.port)" } }.joined(
        separator: "  ")
      print("  \(name.executable.padding(toLength: 20, withPad: " ", startingAt: 0)) pid \(ready.pid)  \(text)")
    }
    print("Development mode on loopback. Stop with: huirongctl down --directory \(place.directory)")
  }
}

/// Where executables, stores and packs are.
struct SuitePlace: ParsableArguments {
  @Option(name: .long, help: "Folder of the huirong executables (default: that of huirongctl).")
  var binaries: String?

  @Option(name: .long, help: "Folder for stores, logs and ready files.")
  var directory = "var/suite"

  @Option(name: .long, help: "Folder of the policy packs.")
  var packs = "Shared/Policy/Packs"

  @Option(name: .long, help: "Folder of the repository's data (sba, products, schemes).")
  var data = "data"

  var binariesURL: URL {
    if let binaries { return URL(filePath: binaries) }
    return URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
  }
  var directoryURL: URL { URL(filePath: directory) }
  var packsURL: URL { URL(filePath: packs) }
  var dataURL: URL { URL(filePath: data) }
}
