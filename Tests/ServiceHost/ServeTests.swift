import Foundation
import GRPCCore
import Logging
import RPCEdge
import Storage
import Synchronization
import Testing

@testable import ServiceHost

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("Serve")
struct ServeTests {
  private struct Ready: Decodable {
    let pid: Int32
    let service: String
    let ports: [String: Int]
  }

  /// A temporary folder with room for a store and a ready file.
  private final class Folder {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("huirong-\(UUID().uuidString)")
    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: url) }
    func path(_ name: String) -> String { url.appendingPathComponent(name).path }
  }

  private static let migration = Migration(
    name: "0001-notes", sql: "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT")

  private func serve(_ definition: ServiceDefinition, _ folder: Folder, _ extra: [String] = []) throws -> Serve {
    let ports = ["plain", "grpc", "admin"].flatMap { ["--\($0)-port", "0"] }
    let configuration = try ConfigurationLoader(keys: HostKeys.table(of: definition)).load(
      arguments: ports + [
        "--development", "--store", folder.path("test.sqlite"), "--ready-file", folder.path("ready.json"),
      ] + extra, environment: [:], readFile: { _ in "" })
    return Serve(definition, configuration)
  }

  /// Starts the process's work, hands the body its ready report, and returns how the process ended.
  private func running(
    _ definition: ServiceDefinition, _ folder: Folder, _ body: (Ready) async throws -> Void
  ) async throws -> ExitCode {
    let handle = Serve.Handle()
    let serve = try serve(definition, folder)
    return try await withThrowingTaskGroup(of: ExitCode.self) { group in
      group.addTask { try await serve.run(handle) }
      group.addTask {
        try await handle.ready.wait()
        return .success
      }
      _ = try await group.next()
      try await body(
        JSONDecoder().decode(Ready.self, from: Data(contentsOf: URL(fileURLWithPath: folder.path("ready.json")))))
      handle.stop.begin()
      return try #require(await group.next())
    }
  }

  private func get(_ path: String, _ port: Int) async throws -> (Int, String) {
    let url = try #require(URL(string: "http://127.0.0.1:\(port)\(path)"))
    let (data, response) = try await URLSession.shared.data(from: url)
    return ((response as? HTTPURLResponse)?.statusCode ?? 0, String(decoding: data, as: UTF8.self))
  }

  @Test("a process is ready on the ports it reports, answers its probes, and stops with 0")
  func lifecycle() async throws {
    let folder = try Folder()
    let code = try await running(TestDefinition.make(migrations: [Self.migration]), folder) { ready in
      #expect(ready.pid == ProcessInfo.processInfo.processIdentifier)
      #expect(ready.service == "test")
      #expect(Set(ready.ports.keys) == ["plain", "grpc", "admin"])
      #expect(Set(ready.ports.values).count == 3 && !ready.ports.values.contains(0))
      let admin = try #require(ready.ports["admin"])
      #expect(try await get("/livez", admin) == (200, "ok\n"))
      #expect(try await get("/readyz", admin) == (200, "ready\n"))
      let (status, page) = try await get("/metrics", admin)
      #expect(status == 200)
      #expect(page.contains("process_resident_memory_bytes "))
      #expect(page.contains("huirong_store_groups_total "))
      #expect(try await get("/secret", admin).0 == 404)
    }
    #expect(code == .success)
    #expect(!FileManager.default.fileExists(atPath: folder.path("ready.json")))
    #expect(!FileManager.default.fileExists(atPath: folder.path("test.sqlite-wal")), "the store was closed")
  }

  @Test("a process without a store serves too")
  func noStore() async throws {
    let definition = TestDefinition.make(migrations: nil)
    let configuration = try ConfigurationLoader(keys: HostKeys.table(of: definition)).load(
      arguments: ["--development", "--plain-port=0", "--grpc-port=0", "--admin-port=0"], environment: [:],
      readFile: { _ in "" })
    let handle = Serve.Handle()
    handle.stop.begin()
    #expect(try await Serve(definition, configuration).run(handle) == .success)
  }

  @Test("a background task that dies takes the process with it")
  func background() async throws {
    struct Lost: Error {}
    let folder = try Folder()
    let serve = try serve(
      TestDefinition.make(background: [BackgroundTask("follower") { throw Lost() }]), folder)
    let error = await #expect(throws: ServiceHostError.self) { _ = try await serve.run() }
    #expect(error?.exitCode == .failure)
    #expect(error?.message.contains("follower") == true)
  }

  @Test("a port that is taken ends the process with 69 and leaves the store closed")
  func portTaken() async throws {
    let (folder, other) = (try Folder(), try Folder())
    _ = try await running(TestDefinition.make(), folder) { ready in
      for listener in ["plain", "grpc", "admin"] {
        let definition = TestDefinition.make()
        let port = try #require(ready.ports[listener])
        let ports = ["plain", "grpc", "admin"].map { "--\($0)-port=\($0 == listener ? port : 0)" }
        let configuration = try ConfigurationLoader(keys: HostKeys.table(of: definition)).load(
          arguments: ports + ["--development", "--store", other.path("test.sqlite")], environment: [:],
          readFile: { _ in "" })
        let error = await #expect(throws: ServiceHostError.self) {
          _ = try await Serve(definition, configuration).run()
        }
        #expect(error?.exitCode == .unavailable, "\(listener): \(error?.message ?? "")")
      }
    }
  }

  @Test(
    "a process refuses to start on a contradiction",
    arguments: [
      (["--development", "--grpc-address", "0.0.0.0"], "--grpc-address: must be a loopback address"),
      (["--development", "--grpc-address", "127.example.com"], "--grpc-address: must be a loopback address"),
      ([], "--keys: a file of API keys is required"), (["--keys", "nowhere.yaml"], "--keys: cannot be read"),
      (["--development", "--keys", "k.yaml"], "--development: excludes keys"),
      (["--development", "--tls-certificate", "c.pem"], "--tls-certificate: needs tls-key"),
      (["--development", "--tls-key", "c.pem"], "--tls-key: needs tls-certificate"),
      (["--development", "--packs", "nowhere.yaml"], "--packs: there is no nowhere.yaml"),
      (["--development", "--store", "/nowhere/at/all.sqlite"], "/nowhere/at"),
      (["--development", "--migrate-on-start=false"], "run migrate first"),
    ])
  func refused(arguments: [String], message: String) async throws {
    let folder = try Folder()
    let definition = TestDefinition.make(migrations: [Self.migration])
    var arguments = arguments
    if !arguments.contains("--store") { arguments += ["--store", folder.path("test.sqlite")] }
    let configuration = try ConfigurationLoader(keys: HostKeys.table(of: definition)).load(
      arguments: arguments + ["--plain-port=0", "--grpc-port=0", "--admin-port=0"], environment: [:],
      readFile: { _ in "" })
    let error = await #expect(throws: (any Error).self) { _ = try await Serve(definition, configuration).run() }
    #expect(error.map { "\($0)" }?.contains(message) == true, "\(error.map { "\($0)" } ?? "")")
  }

  @Test("a method without an access row keeps a process from starting")
  func accessTable() async throws {
    let folder = try Folder()
    let definition = TestDefinition.make(
      methods: [.init(fullyQualifiedService: "test.v1.TestService", method: "Get")])
    let serve = try serve(definition, folder)
    let error = await #expect(throws: ServiceHostError.self) { _ = try await serve.run() }
    #expect(error?.exitCode == .software)
    #expect(error?.message.contains("test.v1.TestService/Get") == true)
  }

  @Test("a wrong pack keeps a process from starting, naming file and line")
  func wrongPack() async throws {
    let folder = try Folder()
    try "id: broken\nnonsense: 1\n".write(toFile: folder.path("broken.yaml"), atomically: true, encoding: .utf8)
    let serve = try serve(TestDefinition.make(), folder, ["--packs", folder.path("broken.yaml")])
    let error = await #expect(throws: ServiceHostError.self) { _ = try await serve.run() }
    #expect(error?.exitCode == .configuration)
    #expect(error?.message.contains("broken.yaml:") == true)
  }
}
