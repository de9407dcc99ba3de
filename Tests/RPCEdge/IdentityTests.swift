import Crypto
import GRPCCore
import Kernel
import Testing

@testable import RPCEdge

@Suite("Identity")
struct IdentityTests {
  static let header = "organisation=bank-icbc;role=institution;region=3703;subject=zhang"
  static let bank = Caller(organisation: "bank-icbc", role: .institution, regionPrefix: "3703", subject: "zhang")

  private func credentials(
    authorization: String? = nil, caller: String? = nil, onBehalfOf: String? = nil
  ) -> Credentials {
    Credentials(
      authorization: authorization, developmentCaller: caller, onBehalfOf: onBehalfOf, peer: "ipv4:127.0.0.1:1")
  }

  @Test("a caller header is read in any order and written back in one")
  func header() throws {
    #expect(try CallerHeader.parse(Self.header, header: "h") == Self.bank)
    let shuffled = "subject=zhang;region=3703;role=institution;organisation=bank-icbc"
    #expect(CallerHeader.format(try CallerHeader.parse(shuffled, header: "h")) == Self.header)
  }

  @Test(
    "a malformed caller header is refused, naming what is wrong",
    arguments: [
      ("role=institution;region=;subject=z", "organisation"), ("organisation=o;region=;subject=z", "role"),
      ("organisation=o;role=king;subject=z", "role"), ("organisation=o;role=operator", "subject"),
      ("organisation=o;role=operator;subject=z;region=37a", "region"),
      ("organisation=o;role=operator;subject=z;subject=y", "twice"), ("organisation", "without"),
      ("organisation=o;role=operator;subject=z;admin=1", "unknown"),
      ("organisation=\u{7}o;role=operator;subject=z", "organisation"), (String(repeating: "a", count: 600), "longer"),
    ])
  func malformed(text: String, word: String) {
    let error = #expect(throws: DomainError.self) { try CallerHeader.parse(text, header: "x-huirong-caller") }
    #expect(error?.reason == .credentialsInvalid)
    #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
  }

  @Test("development mode believes the header and wants one")
  func development() throws {
    let authenticator = DevelopmentAuthenticator()
    for _ in 0..<2 {
      #expect(try authenticator.identify(credentials(caller: Self.header)) == Identity(caller: Self.bank))
    }
    #expect(throws: DomainError.self) { try authenticator.identify(credentials()) }
    #expect(throws: DomainError.self) {
      try authenticator.identify(credentials(authorization: "Bearer x", caller: Self.header))
    }
  }

  static let keys = """
    keys:
      - id: icbc-1
        sha256: \(SHA256.hash(data: Array("secret-key".utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
        organisation: bank-icbc
        role: institution
        region: "3703"
        subject: zhang
      - id: gateway
        sha256: \(SHA256.hash(data: Array("service-key".utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
        organisation: huirong-gateway
        role: service
        subject: gateway
    """

  @Test("a key stands for its caller; anything else is refused")
  func keys() throws {
    let authenticator = KeyAuthenticator(try KeyFile(yaml: Self.keys, file: "keys.yaml"))
    #expect(try authenticator.identify(credentials(authorization: "Bearer secret-key")) == Identity(caller: Self.bank))
    #expect(try authenticator.identify(credentials(authorization: "bearer secret-key")).caller == Self.bank)
    let refused: [(String?, ErrorReason)] = [
      (nil, .credentialsMissing), ("Bearer wrong", .credentialsInvalid), ("secret-key", .credentialsInvalid),
      ("Basic secret-key", .credentialsInvalid), ("Bearer ", .credentialsInvalid),
      ("Bearer " + String(repeating: "a", count: 257), .credentialsInvalid),
    ]
    for (header, reason) in refused {
      let error = #expect(throws: DomainError.self) {
        try authenticator.identify(credentials(authorization: header, caller: Self.header))
      }
      #expect(error?.reason == reason)
    }
  }

  @Test("a service acts for others; nobody else does")
  func delegation() throws {
    let authenticator = KeyAuthenticator(try KeyFile(yaml: Self.keys, file: "keys.yaml"))
    let identity = try authenticator.identify(
      credentials(authorization: "Bearer service-key", onBehalfOf: Self.header))
    #expect(identity.caller == Self.bank)
    #expect(identity.via?.organisation == "huirong-gateway")
    let error = #expect(throws: DomainError.self) {
      try authenticator.identify(credentials(authorization: "Bearer secret-key", onBehalfOf: Self.header))
    }
    #expect(error?.reason == .roleNotAllowed)
  }

  @Test(
    "a wrong key file is refused with its line",
    arguments: [
      ("keys: 3", 1, "list"), ("keyz: []", 1, "unknown key \"keyz\""),
      ("keys:\n  - id: a\n    sha256: 12\n", 2, "sha256"),
      ("keys:\n  - id: a\n    colour: red\n", 3, "unknown key \"colour\""), ("keys:\n  - 7\n", 2, "mapping"),
      ("keys: [\n", 2, "YAML"), ("", 1, "list"),
      ("keys:\n  - sha256: \(String(repeating: "a", count: 64))\n", 2, "id is missing"),
      (
        "keys:\n  - id: a\n    sha256: \(String(repeating: "a", count: 64))\n    role: king\n", 2,
        "role of a must be one of"
      ),
      (
        "keys:\n  - id: a\n    sha256: \(String(repeating: "a", count: 64))\n    role: operator\n    organisation: o\n",
        2,
        "subject"
      ),
    ])
  func wrongKeyFile(yaml: String, line: Int, word: String) {
    let error = #expect(throws: KeyFileError.self) { try KeyFile(yaml: yaml, file: "keys.yaml") }
    #expect(error?.line == line, "\(error?.description ?? "")")
    #expect(error?.message.contains(word) == true, "\(error?.description ?? "")")
  }

  @Test("one key, one entry: a digest or an id given twice is refused")
  func repeatedKey() {
    let entry = Self.keys.split(separator: "\n").dropFirst().prefix(6).joined(separator: "\n")
    #expect(throws: KeyFileError.self) { try KeyFile(yaml: "keys:\n\(entry)\n\(entry)\n", file: "k") }
    let renamed = entry.replacing("id: icbc-1", with: "id: other")
    let error = #expect(throws: KeyFileError.self) { try KeyFile(yaml: "keys:\n\(entry)\n\(renamed)\n", file: "k") }
    #expect(error?.message.contains("sha256") == true)
  }

  @Test("a role set holds just its roles", arguments: Role.allCases)
  func roleSet(role: Role) {
    #expect(RoleSet(role).contains(role))
    #expect(Role.allCases.filter(RoleSet(role).contains) == [role])
    #expect(RoleSet.everyone.contains(role))
  }

  @Test("an access table must have one row for each method and nothing else")
  func accessTable() throws {
    let methods = ["Get", "Put"].map { MethodDescriptor(fullyQualifiedService: "a.v1.S", method: $0) }
    try AccessTable(service: "a.v1.S", ["Get": .everyone, "Put": [.operator, .service]]).validate(against: methods)
    let error = #expect(throws: AccessTableError.self) {
      try AccessTable(service: "a.v1.S", ["Get": .everyone, "Gone": .everyone, "Get": .operator]).validate(
        against: methods)
    }
    #expect(error?.methodsWithoutRow == ["a.v1.S/Put"])
    #expect(error?.rowsWithoutMethod == ["a.v1.S/Gone"])
    #expect(error?.repeatedRows == ["a.v1.S/Get"])
    #expect(throws: AccessTableError.self) {
      try AccessTable(service: "a.v1.S", ["Get": [], "Put": .everyone]).validate(against: methods)
    }
  }
}
