import Testing

@testable import ServiceHost

@Suite("Command line")
struct CommandLineTests {
  private let definition = TestDefinition.make()

  @Test("verbs, flags and operands are told apart")
  func parse() throws {
    #expect(try CommandLineRequest.parse(["--help"], of: definition) == .help)
    #expect(try CommandLineRequest.parse(["serve", "-h"], of: definition) == .help)
    #expect(
      try CommandLineRequest.parse(["serve", "--plain-port", "0", "--print-configuration"], of: definition)
        == .run(.serve, operand: nil, flags: ["--plain-port", "0"], printConfiguration: true))
    #expect(
      try CommandLineRequest.parse(["backup", "copy.sqlite", "--store", "a"], of: definition)
        == .run(.backup, operand: "copy.sqlite", flags: ["--store", "a"], printConfiguration: false))
  }

  @Test(
    "no verb, an unknown one or a backup to nowhere is a usage error",
    arguments: [[], ["run"], ["--plain-port", "1"], ["backup"]])
  func refused(arguments: [String]) {
    let error = #expect(throws: ConfigurationError.self) { try CommandLineRequest.parse(arguments, of: definition) }
    #expect(error?.exitCode == .usage)
  }

  @Test("a process without a store cannot migrate or back up")
  func noStore() {
    let gateway = TestDefinition.make(migrations: nil)
    for verb in ["migrate", "backup"] {
      #expect(throws: ConfigurationError.self) { try CommandLineRequest.parse([verb, "x"], of: gateway) }
    }
    #expect(!HelpPage.text(of: gateway).contains("--store"))
  }
}
