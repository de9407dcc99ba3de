internal import Foundation
internal import Policy
internal import RPCEdge
internal import Storage

enum CheckVerb {
  static func run(_ definition: ServiceDefinition, _ configuration: Configuration) async throws -> ExitCode {
    let environment = Environment(configuration: configuration)
    _ = try environment.authenticator()
    _ = try environment.tls()
    _ = try environment.peerCredentials(of: definition)
    do {
      try definition.access.validate(against: definition.methods)
    } catch {
      throw ServiceHostError(.software, error.description)
    }
    print("configuration: sound")
    let policy = try environment.policyBook()
    print("packs: \(configuration.list("packs").count) listed, digest \(policy.digest)")
    guard definition.migrations != nil else { return .success }
    let path = try configuration.required("store")
    guard FileManager.default.fileExists(atPath: path) else {
      print("store \(path): not there yet; serve or migrate makes it")
      return .success
    }
    let store = try StoreOpening.readOnly(definition, configuration)
    let report: CheckReport
    do {
      report = try await store.check(definition.chains)
    } catch {
      await store.close()
      throw ServiceHostError(.store, "check of \(path): \(error)")
    }
    await store.close()
    print(lines(report, path).joined(separator: "\n"))
    return report.isSound ? .success : .failure
  }

  private static func lines(_ report: CheckReport, _ path: String) -> [String] {
    var lines = ["store \(path): \(report.isSound ? "sound" : "DAMAGED")"]
    lines += report.integrityProblems.map { "  structure: \($0)" }
    lines += report.foreignKeyProblems.map { "  foreign key: \($0)" }
    for chain in report.chains {
      if let bad = chain.firstBadSequence {
        lines.append("  chain \(chain.chain): BROKEN at \(bad)")
      } else {
        lines.append("  chain \(chain.chain): intact, \(chain.entries) entries")
      }
    }
    return lines
  }
}
