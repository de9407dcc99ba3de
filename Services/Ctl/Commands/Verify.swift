import ArgumentParser
import Foundation
import PlainRPC
import Protos
import RPCEdge
import SwiftProtobuf

struct Verify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check every hash chain of the suite and that each pool's trial balance is zero.",
    discussion: "Exits 1 and names the first bad entry when a chain does not hold, or the pool that does not balance.")

  @OptionGroup var connection: Connection

  @Option(
    name: .long, parsing: .upToNextOption,
    help: "Addresses when the services are not on their documented ports: demand=host:port fund=host:port ….")
  var services: [String] = []

  func run() async throws {
    let results = try await SuiteVerification.run { service, body in
      var connection = connection
      connection.address = try override(service) ?? connection.address
      return try await connection.withClient(for: service) { client in try await body(client, connection.options) }
    }
    for line in results.lines { print(line) }
    if !results.isSound { throw ExitCode.failure }
  }

  private func override(_ service: String) throws -> String? {
    for entry in services {
      let parts = entry.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { throw ValidationError("--services: \"\(entry)\" is not name=host:port") }
      if service.hasPrefix("huirong.\(parts[0]).") { return String(parts[1]) }
    }
    return nil
  }
}

/// The chains and the balance of a running suite.
struct SuiteVerification: Sendable {
  private(set) var lines: [String] = []
  private(set) var isSound = true

  typealias Connect = (
    _ service: String, _ body: (PlainClient, PlainCallOptions) async throws -> [Finding]
  ) async throws -> [Finding]

  struct Finding: Sendable {
    let line: String
    let isSound: Bool
  }

  static func run(_ connect: Connect) async throws -> SuiteVerification {
    var result = SuiteVerification()
    result.add(
      try await connect("huirong.demand.v1.DemandService") { client, options in
        [chain(try await Huirong_Demand_V1_DemandService.PlainClient(client).verifyChain(.init(), options: options))]
      })
    result.add(
      try await connect("huirong.catalog.v1.CatalogService") { client, options in
        [chain(try await Huirong_Catalog_V1_CatalogService.PlainClient(client).verifyChain(.init(), options: options))]
      })
    result.add(try await connect("huirong.fund.v1.FundService", fund))
    result.add(
      try await connect("huirong.evaluation.v1.EvaluationService") { client, options in
        [
          chain(
            try await Huirong_Evaluation_V1_EvaluationService.PlainClient(client).verifyChain(.init(), options: options)
          )
        ]
      })
    return result
  }

  private static func fund(_ client: PlainClient, _ options: PlainCallOptions) async throws -> [Finding] {
    let fund = Huirong_Fund_V1_FundService.PlainClient(client)
    var findings: [Finding] = []
    for which in [Huirong_Fund_V1_FundChain.transfers, .events] {
      findings.append(chain(try await fund.verifyChain(.with { $0.chain = which }, options: options)))
    }
    for pool in try await fund.listPools(.with { $0.pageSize = 1000 }, options: options).pools {
      let balance = try await fund.getTrialBalance(.with { $0.pool = pool.name }, options: options)
      findings.append(trialBalance(pool, balance))
    }
    return findings
  }

  private mutating func add(_ findings: [Finding]) {
    lines += findings.map(\.line)
    isSound = isSound && findings.allSatisfy(\.isSound)
  }

  private static func chain(_ report: Huirong_Common_V1_ChainReport) -> Finding {
    let head = report.headHash.prefix(6).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    let verdict =
      report.intact ? "intact, head \(head)…" : "BROKEN at entry \(report.firstBadSequence)"
    return Finding(line: "  \(report.chain): \(report.entries) entries, \(verdict)", isSound: report.intact)
  }
}

extension SuiteVerification {
  fileprivate static func trialBalance(_ pool: Huirong_Fund_V1_Pool, _ balance: Huirong_Fund_V1_TrialBalance) -> Finding
  {
    let verdict = balance.difference == 0 ? "balances" : "DIFFERS by \(balance.difference.asMoney)"
    return Finding(
      line: "  \(pool.name): debits \(balance.debitsPosted.asMoney) = credits \(balance.creditsPosted.asMoney) "
        + "\(balance.currencyCode), \(verdict)",
      isSound: balance.difference == 0)
  }
}
