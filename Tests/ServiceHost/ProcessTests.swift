import Foundation
import Testing

/// The executables themselves: exit codes, signals, files. `huirong-fund` stands for all, which share one host.
@Suite(
  "Process", .enabled(if: Executable.path("huirong-fund") != nil, "huirong-fund has not been built beside the tests"))
struct ProcessTests {
  @Test("no verb, a wrong flag and a wrong variable are one line and a documented exit code")
  func mistakes() throws {
    let cases: [(arguments: [String], environment: [String: String], code: Int32, text: String)] = [
      ([], [:], 64, "a verb is needed first"), (["fly"], [:], 64, "fly: a verb is needed first"),
      (["serve", "--plain-prot", "1"], [:], 64, "did you mean plain-port?"),
      (["serve"], ["HUIRONG_GRPC_PORT": "x"], 78, "HUIRONG_GRPC_PORT: must be an integer"),
      (["serve"], [:], 64, "--keys: a file of API keys is required"),
      (["migrate", "--store", "/nowhere/at/all.sqlite"], [:], 74, "/nowhere/at"),
    ]
    for (arguments, environment, code, text) in cases {
      let run = try Executable.run(arguments, environment)
      #expect(run.code == code, "\(arguments): \(run.error)")
      #expect(run.error.contains(text), "\(run.error)")
      #expect(run.error.split(separator: "\n").count == 1, "\(run.error)")
      #expect(run.output.isEmpty)
    }
  }

  @Test("--help and --print-configuration end well")
  func help() throws {
    let help = try Executable.run(["--help"])
    #expect(help.code == 0)
    #expect(help.output.contains("--plain-port  (integer 0…65535; default 7103; HUIRONG_PLAIN_PORT)"))
    let printed = try Executable.run(["serve", "--print-configuration", "--log-level", "debug"])
    #expect(printed.code == 0)
    #expect(printed.output.contains("log-level: \"debug\"  # --log-level"))
  }

  @Test("migrate, check and backup work on the store of a process that serves, and SIGTERM ends it with 0")
  func life() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("huirong-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = ["--store", folder.appendingPathComponent("fund.sqlite").path]
    let ready = folder.appendingPathComponent("ready.json").path

    let migrated = try Executable.run(["migrate"] + store)
    #expect(migrated.code == 0, "\(migrated.error)")
    #expect(try Executable.run(["migrate"] + store).output.contains("up to date"))

    let served = try Executable.start(
      ["serve", "--development", "--ready-file", ready] + store
        + ["plain", "grpc", "admin"].flatMap { ["--\($0)-port", "0"] })
    defer { if served.isRunning { kill(served.processIdentifier, SIGKILL) } }
    try await Executable.waitFor(file: ready, of: served)

    let check = try Executable.run(["check", "--development"] + store)
    #expect(check.code == 0, "\(check.error)")
    #expect(check.output.contains("chain events: intact"))
    let copy = folder.appendingPathComponent("copy.sqlite").path
    #expect(try Executable.run(["backup", copy] + store).code == 0)
    #expect(try Executable.run(["backup", copy] + store).code == 74, "a backup overwrites nothing")
    #expect(try Executable.run(["check", "--development", "--store", copy]).code == 0)
    let second = try Executable.run(
      ["serve", "--development", "--admin-port=0", "--plain-port=0", "--grpc-port=0"] + store)
    #expect(second.code == 74)
    #expect(second.error.contains("in use by another process"))

    kill(served.processIdentifier, SIGTERM)
    served.waitUntilExit()
    #expect(served.terminationReason == .exit)
    #expect(served.terminationStatus == 0)
    #expect(!FileManager.default.fileExists(atPath: ready))
  }
}

/// The executables beside the tests.
private enum Executable {
  /// `HUIRONG_TEST_BIN`, the folder of the test bundle, or a build folder of this checkout.
  static func path(_ name: String) -> String? {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..").standardized
    let folders =
      [
        ProcessInfo.processInfo.environment["HUIRONG_TEST_BIN"], Bundle.main.bundlePath,
        CommandLine.arguments[0] + "/..",
      ]
      .compactMap(\.self)
      + [".build/debug", ".build/release", ".build-debug/debug"].map { root.appendingPathComponent($0).path }
    return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  static func make(_ arguments: [String], _ environment: [String: String]) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(path("huirong-fund")))
    process.arguments = arguments
    let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("HUIRONG_") }
    process.environment = inherited.merging(environment) { $1 }
    return process
  }

  static func run(
    _ arguments: [String], _ environment: [String: String] = [:]
  ) throws -> (code: Int32, output: String, error: String) {
    let process = try make(arguments, environment)
    let (output, error) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (output, error)
    try process.run()
    // One line of complaint fits the pipe, so reading one after the other cannot block.
    let outputText = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let errorText = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, outputText, errorText)
  }

  static func start(_ arguments: [String]) throws -> Process {
    let process = try make(arguments, [:])
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Looks again each time the scheduler comes round, for as long as the process lives.
  static func waitFor(file: String, of process: Process) async throws {
    while !FileManager.default.fileExists(atPath: file) {
      try #require(process.isRunning, "the process ended before it was ready")
      await Task.yield()
    }
  }
}
