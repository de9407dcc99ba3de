import Foundation
import Testing

@testable import ServiceHost

@Suite("Configuration")
struct ConfigurationTests {
  private static let keys = HostKeys.table(
    of: TestDefinition.make(
      keys: [ConfigurationKey("grid-size", .integer(1...9), default: "3", "Cells.")], peers: [.fund]))

  private func load(
    _ arguments: [String] = [], _ environment: [String: String] = [:], file: String? = nil
  ) throws(ConfigurationError) -> Configuration {
    var arguments = arguments
    if file != nil { arguments += ["--config", "huirong.yaml"] }
    return try ConfigurationLoader(keys: Self.keys).load(arguments: arguments, environment: environment) { path in
      guard path == "huirong.yaml", let file else { throw CocoaError(.fileNoSuchFile) }
      return file
    }
  }

  @Test("a flag overrides a variable, a variable the file, the file the default")
  func precedence() throws {
    #expect(try load().integer("plain-port") == 7199)
    let file = "plain-port: 1\nlog-level: debug\n"
    #expect(try load(file: file).integer("plain-port") == 1)
    #expect(try load([], ["HUIRONG_PLAIN_PORT": "2"], file: file).integer("plain-port") == 2)
    let all = try load(["--plain-port", "3"], ["HUIRONG_PLAIN_PORT": "2"], file: file)
    #expect(all.integer("plain-port") == 3)
    #expect(all.text("log-level") == "debug")
    #expect(all.origin("plain-port") == .flag("--plain-port"))
    #expect(all.origin("log-level") == .file(path: "huirong.yaml", line: 2))
    #expect(all.origin("grpc-port") == .default)
  }

  @Test("every type is read from flag, variable and file")
  func types() throws {
    let flags = try load(["--packs", "a.yaml,b", "--packs=c@3703", "--development", "--fund-address=[::1]:7"])
    #expect(flags.list("packs") == ["a.yaml", "b", "c@3703"])
    #expect(flags.boolean("development"))
    #expect(flags.text("fund-address") == "[::1]:7")
    let environment = try load(
      [], ["HUIRONG_PACKS": "a,b", "HUIRONG_DEVELOPMENT": "true", "HUIRONG_GRID_SIZE": "9", "PATH": "/"])
    #expect(environment.list("packs") == ["a", "b"])
    #expect(environment.integer("grid-size") == 9)
    let file = try load(file: "packs:\n  - a\n  - b@37\ndevelopment: true\n")
    #expect(file.list("packs") == ["a", "b@37"])
    #expect(file.boolean("development"))
    #expect(try load([], ["HUIRONG_PACKS": ""]).list("packs") == [])
  }

  @Test("variables of tests, benches and scripts are left alone")
  func foreign() throws {
    _ = try load([], ["HUIRONG_TESTS": "RPCEdge", "HUIRONG_WRITE_DOCS": "1", "HUIRONG_BENCH_ONLY": "fund"])
  }

  @Test(
    "a wrong flag is one clear error and exit code 64",
    arguments: [
      (["--plain-prot", "1"], "--plain-prot: unknown flag; did you mean plain-port?"),
      (["serve"], "serve: unknown flag"), (["--plain-port"], "--plain-port: needs a value: integer 0…65535"),
      (["--plain-port", "--development"], "--plain-port: needs a value"),
      (["--plain-port", "65536"], "--plain-port: must be an integer 0…65535, not \"65536\""),
      (["--plain-port=x"], "--plain-port: must be an integer"),
      (["--plain-port", "1", "--plain-port", "1"], "given twice"),
      (["--development=yes"], "--development: must be true or false"),
      (["--log-format", "xml"], "--log-format: must be one of json, human"),
      (["--packs", "a,,b"], "has an empty item"),
      (["--fund-address", "7103"], "--fund-address: must be host:port"),
      (["--store", ""], "--store: must not be empty"),
      (["--config", "nowhere.yaml"], "--config: cannot read nowhere.yaml"),
    ])
  func wrongFlag(arguments: [String], message: String) {
    let error = #expect(throws: ConfigurationError.self) { try load(arguments) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    #expect(error?.exitCode == .usage)
  }

  @Test(
    "a wrong variable is one clear error and exit code 78",
    arguments: [
      ("HUIRONG_PLAIN_PROT", "1", "HUIRONG_PLAIN_PROT: unknown variable; did you mean plain-port?"),
      ("HUIRONG_GRPC_PORT", "-1", "HUIRONG_GRPC_PORT: must be an integer"),
      ("HUIRONG_CONFIG", "nowhere.yaml", "HUIRONG_CONFIG: cannot read nowhere.yaml"),
      ("HUIRONG_LOG_LEVEL", "loud", "HUIRONG_LOG_LEVEL: must be one of trace"),
    ])
  func wrongVariable(name: String, value: String, message: String) {
    let error = #expect(throws: ConfigurationError.self) { try load([], [name: value]) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    #expect(error?.exitCode == .configuration)
  }

  @Test(
    "a wrong file names its line and exits with 78",
    arguments: [
      ("plain-port: 1\nlog-levle: debug\n", "huirong.yaml:2: unknown key log-levle; did you mean log-level?"),
      ("\n\nplain-port: many\n", "huirong.yaml:3: plain-port must be an integer"),
      ("plain-port: [1]\n", "huirong.yaml:1: plain-port must be integer"),
      ("packs: a.yaml\n", "huirong.yaml:1: packs must be a list"),
      ("packs:\n  - [a]\n", "packs must be a list of texts"), ("- a\n", "huirong.yaml:1: must be a mapping"),
      ("plain-port: 1\nplain-port: 2\n", "gives a key twice: plain-port"), ("plain-port: [1\n", "is not YAML"),
      ("config: other.yaml\n", "huirong.yaml:1: unknown key config"),
    ])
  func wrongFile(text: String, message: String) {
    let error = #expect(throws: ConfigurationError.self) { try load(file: text) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    #expect(error?.exitCode == .configuration)
  }

  @Test("an empty file is no mistake")
  func emptyFile() throws {
    #expect(try load(file: "# nothing yet\n").integer("plain-port") == 7199)
  }

  @Test("what is printed can be loaded again and gives the same")
  func printed() throws {
    let first = try load(["--packs", "a \"quoted\",b", "--development", "--store", "x\\y"])
    let again = try load(file: first.printed)
    for key in Self.keys where key.name != "config" {
      #expect(again.text(key.name) == first.text(key.name))
      #expect(again.list(key.name) == first.list(key.name))
      #expect(again.integer(key.name) == first.integer(key.name))
      #expect(again.boolean(key.name) == first.boolean(key.name))
    }
    #expect(first.printed.contains("plain-port: 7199  # default"))
    #expect(first.printed.contains("development: true  # --development"))
  }

  @Test("every key has a flag, a variable and a summary, and no two share one")
  func table() {
    #expect(Set(Self.keys.map(\.name)).count == Self.keys.count)
    #expect(Set(Self.keys.map(\.environment)).count == Self.keys.count)
    for key in Self.keys {
      #expect(key.summary.hasSuffix("."), "\(key.name)")
      #expect(key.name.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" })
    }
  }

  @Test("host and port", arguments: [("h:1", "h", 1), ("127.0.0.1:65535", "127.0.0.1", 65_535), ("[::1]:7", "::1", 7)])
  func address(text: String, host: String, port: Int) throws {
    let address = try #require(HostAndPort(text))
    #expect(address.host == host && address.port == port && address.description == text)
  }

  @Test("no host and port", arguments: ["", "h", "h:", ":1", "h:0", "h:65536", "::1:7", "[]:1", "a b:1", "h:1x"])
  func noAddress(text: String) {
    #expect(HostAndPort(text) == nil)
  }

  @Test("--help documents every key with type, default and variable")
  func help() {
    let page = HelpPage.text(of: TestDefinition.make(peers: [.fund]))
    for key in HostKeys.table(of: TestDefinition.make(peers: [.fund])) {
      #expect(page.contains("\(key.flag)  (\(key.typeName); "))
      #expect(page.contains(key.environment))
      #expect(page.contains(key.defaultText.map { "default \($0)" } ?? "unset by default"))
    }
    for verb in Verb.allCases { #expect(page.contains("  \(verb.rawValue)")) }
    for code in ExitCode.allCases { #expect(page.contains("\(code.rawValue) ")) }
  }

  @Test("docs/configuration.md shows the tables as they are")
  func page() throws {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../docs/configuration.md").standardized
    if ProcessInfo.processInfo.environment["HUIRONG_WRITE_DOCS"] != nil {
      try ConfigurationPage.markdown.write(to: url, atomically: true, encoding: .utf8)
    }
    let page = try String(contentsOf: url, encoding: .utf8)
    #expect(page == ConfigurationPage.markdown, "run the ServiceHost tests with HUIRONG_WRITE_DOCS=1")
  }
}
