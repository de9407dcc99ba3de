package import Foundation
package import Kernel
import Synchronization

/// The five processes of the suite on this machine, in development mode on loopback: what `huirongctl demo`, `up` and the
/// integration tests run. Every process has its own store below one directory.
package final class LocalSuite: Sendable {
  package enum Name: String, CaseIterable, Sendable, Codable {
    case catalog, demand, fund, evaluation, gateway

    package var executable: String { "huirong-\(rawValue)" }
    /// The gateway reaches the others, the evaluation follows demand and fund, demand asks the catalog: started after what
    /// they call. Demand also follows the evaluation, which may be away: it starts later, on a port that is fixed beforehand.
    package var dependencies: [Name] {
      switch self {
      case .catalog, .fund: []
      case .demand: [.catalog, .evaluation]
      case .evaluation: [.demand, .fund]
      case .gateway: [.demand, .catalog, .fund, .evaluation]
      }
    }
  }

  /// How ports are chosen: the documented ones, or whatever is free.
  package enum Ports: Sendable { case documented, free }

  package let binaries: URL
  package let directory: URL
  package let packs: URL
  private let ports: Ports
  /// Plain wire of the evaluation before it has started; 0 with the documented ports.
  private let evaluationPort: Int
  private let running = Mutex<[Name: RunningProcess]>([:])

  /// - Parameters:
  ///   - binaries: folder of the executables.
  ///   - directory: folder for stores, logs and ready files; created when missing.
  ///   - packs: folder of the policy packs.
  package init(binaries: URL, directory: URL, packs: URL, ports: Ports) throws {
    self.binaries = binaries
    self.directory = directory
    self.packs = packs
    self.ports = ports
    evaluationPort = ports == .free ? try FreePort.find() : 0
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    for name in Name.allCases {
      let path = binaries.appending(path: name.executable).path
      guard FileManager.default.isExecutableFile(atPath: path) else {
        throw DomainError(.invalidArgument, "no executable \(path): build first (make build)", field: "--binaries")
      }
    }
  }

  package func endpoints(of name: Name) -> ReadyFile? { running.withLock { $0[name]?.ready } }

  package func processID(of name: Name) -> Int32? { running.withLock { $0[name]?.process.processIdentifier } }

  /// Starts all five in order, each ready before those that need it.
  package func start() async throws {
    for name in Name.allCases { try await start(name) }
  }

  /// Starts one process and returns when it has written its ready file. A restart keeps the ports it had.
  package func start(_ name: Name) async throws {
    let previous = running.withLock { $0[name]?.ready }
    let readyFile = directory.appending(path: "\(name.rawValue).ready.json")
    try? FileManager.default.removeItem(at: readyFile)
    let process = Process()
    process.executableURL = binaries.appending(path: name.executable)
    process.arguments = try arguments(for: name, readyFile: readyFile, previous: previous)
    let log = directory.appending(path: "\(name.rawValue).log")
    if !FileManager.default.fileExists(atPath: log.path) {
      FileManager.default.createFile(atPath: log.path, contents: nil)
    }
    let handle = try FileHandle(forWritingTo: log)
    try handle.seekToEnd()
    process.standardOutput = handle
    process.standardError = handle
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let ready = try await ReadyFile.wait(at: readyFile, process: process, log: log)
    running.withLock { $0[name] = RunningProcess(process: process, ready: ready) }
  }

  /// SIGTERM, or SIGKILL for a crash; returns when the process is gone.
  package func stop(_ name: Name, signal: Int32 = SIGTERM) async {
    guard let process = running.withLock({ $0[name]?.process }) else { return }
    kill(process.processIdentifier, signal)
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        process.waitUntilExit()
        continuation.resume()
      }
    }
  }

  /// Stops everything in reverse order; what had to be killed, or failed to drain, is named.
  @discardableResult
  package func stop() async -> [String] {
    var remarks: [String] = []
    for name in Name.allCases.reversed() {
      guard let process = running.withLock({ $0[name]?.process }), process.isRunning else { continue }
      await stop(name)
      if process.terminationStatus != 0 {
        remarks.append("\(name.executable) exited with \(process.terminationStatus)")
      }
    }
    running.withLock { $0.removeAll() }
    return remarks
  }

  private func arguments(for name: Name, readyFile: URL, previous: ReadyFile?) throws -> [String] {
    var arguments = [
      "serve", "--development", "--ready-file", readyFile.path, "--log-format", "human", "--log-level", "notice",
    ]
    if ports == .free {
      arguments += ["--admin-port", "\(previous?.admin?.port ?? 0)"]
      if name == .gateway {
        arguments += ["--http-port", "\(previous?.http?.port ?? 0)"]
      } else {
        let plain = previous?.plain?.port ?? (name == .evaluation ? evaluationPort : 0)
        arguments += ["--plain-port", "\(plain)", "--grpc-port", "\(previous?.grpc?.port ?? 0)"]
      }
    }
    if name != .gateway {
      arguments += ["--store", directory.appending(path: "\(name.rawValue).sqlite").path, "--packs", packs.path]
    }
    for dependency in name.dependencies {
      if dependency == .evaluation, endpoints(of: .evaluation) == nil {
        // The documented port is what the service takes without being told.
        if ports == .free { arguments += ["--evaluation-address", "127.0.0.1:\(evaluationPort)"] }
        continue
      }
      guard let plain = endpoints(of: dependency)?.plain else {
        throw DomainError(.dependencyUnavailable, "\(dependency.executable) is not running")
      }
      arguments += ["--\(dependency.rawValue)-address", "\(plain.host):\(plain.port)"]
    }
    return arguments
  }
}

private struct RunningProcess: @unchecked Sendable {
  // Foundation's Process is used from one place at a time, under the suite's lock.
  let process: Process
  let ready: ReadyFile
}
