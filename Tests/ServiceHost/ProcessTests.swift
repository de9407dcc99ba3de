import Foundation
import TestProgram
import Testing

/// The executables themselves: exit codes, signals, files. `huirong-fund` stands for all, which share one host.
@Suite(
  "Process", .enabled(if: Executable.path("huirong-fund") != nil, "huirong-fund has not been built beside the tests"))
struct ProcessTests {
  @Test("no verb, a wrong flag and a wrong variable are one line and a documented exit code")
  func mistakes() async throws {
    let cases: [(arguments: [String], environment: [String: String], code: Int32, text: String)] = [
      ([], [:], 64, "a verb is needed first"), (["fly"], [:], 64, "fly: a verb is needed first"),
      (["serve", "--plain-prot", "1"], [:], 64, "did you mean plain-port?"),
      (["serve"], ["HUIRONG_GRPC_PORT": "x"], 78, "HUIRONG_GRPC_PORT: must be an integer"),
      (["serve"], [:], 64, "--keys: a file of API keys is required"),
      (["migrate", "--store", "/nowhere/at/all.sqlite"], [:], 74, "/nowhere/at"),
    ]
    for (arguments, environment, code, text) in cases {
      let run = try await Executable.run(arguments, environment)
      #expect(run.status == code, "\(arguments): \(run.errors)")
      #expect(run.errors.contains(text), "\(run.errors)")
      #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
      #expect(run.output.isEmpty)
    }
  }

  @Test("--help and --print-configuration end well")
  func help() async throws {
    let help = try await Executable.run(["--help"])
    #expect(help.status == 0)
    #expect(help.output.contains("--plain-port  (integer 0…65535; default 7103; HUIRONG_PLAIN_PORT)"))
    let printed = try await Executable.run(["serve", "--print-configuration", "--log-level", "debug"])
    #expect(printed.status == 0)
    #expect(printed.output.contains("log-level: \"debug\"  # --log-level"))
  }

  @Test(
    "migrate, check and backup work on the store of a process that serves, and SIGTERM ends it with 0",
    .timeLimit(.minutes(3)))
  func life() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("huirong-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = ["--store", folder.appendingPathComponent("fund.sqlite").path]
    let ready = folder.appendingPathComponent("ready.json").path

    let migrated = try await Executable.run(["migrate"] + store)
    #expect(migrated.status == 0, "\(migrated.errors)")
    #expect(try await Executable.run(["migrate"] + store).output.contains("up to date"))

    let status = try await Program.with(
      try #require(Executable.path("huirong-fund")),
      ["serve", "--development", "--ready-file", ready] + store
        + ["plain", "grpc", "admin"].flatMap { ["--\($0)-port", "0"] }, environment: Executable.environment
    ) {
      try await Executable.waitFor(file: ready)
      try await whileServing(store, folder)
    }
    #expect(status == 0)
    #expect(!FileManager.default.fileExists(atPath: ready))
  }

  private func whileServing(_ store: [String], _ folder: URL) async throws {
    let check = try await Executable.run(["check", "--development"] + store)
    #expect(check.status == 0, "\(check.errors)")
    #expect(check.output.contains("chain events: intact"))
    let copy = folder.appendingPathComponent("copy.sqlite").path
    #expect(try await Executable.run(["backup", copy] + store).status == 0)
    #expect(try await Executable.run(["backup", copy] + store).status == 74, "a backup overwrites nothing")
    #expect(try await Executable.run(["check", "--development", "--store", copy]).status == 0)
    let second = try await Executable.run(
      ["serve", "--development", "--admin-port=0", "--plain-port=0", "--grpc-port=0"] + store)
    #expect(second.status == 74)
    #expect(second.errors.contains("in use by another process"))
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

  static let environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("HUIRONG_") }

  static func run(_ arguments: [String], _ added: [String: String] = [:]) async throws -> Program.Ended {
    try await Program.run(
      try #require(path("huirong-fund")), arguments, environment: environment.merging(added) { $1 })
  }

  /// Looks again each time the scheduler comes round; the time limit of the test ends a wait in vain.
  static func waitFor(file: String) async throws {
    while !FileManager.default.fileExists(atPath: file) {
      try Task.checkCancellation()
      await Task.yield()
    }
  }
}
