import Foundation
import Kernel
import PlainRPC
import Protos
import SwiftProtobuf

/// Ranks the lenders of the SBA book by the scheme `sba-lenders`, one run a fiscal year.
struct DemoEvaluation: Sendable {
  let suite: DemoSuite
  let schemes: URL

  /// Facts in one call, the service's own limit.
  static let batch = 10_000
  /// SBA's own line below which a loan is small: US$150 000.
  static let smallLoanCents: Int64 = 15_000_000
  static let peerGroup = "sba-7a-lenders"

  private var options: PlainCallOptions { suite.options(as: .platform) }

  struct Ranked: Sendable {
    let run: Huirong_Evaluation_V1_Run
    let rankings: [Huirong_Evaluation_V1_Ranking]
  }

  /// Identifiers by place in the alphabet: names in the file are neither unique across states nor fit for identifiers.
  static func lenderIDs(_ book: SBABook) -> [String: String] {
    Dictionary(uniqueKeysWithValues: book.banks.enumerated().map { index, name in
      (name, "sba-" + String(10_000 + index).dropFirst())
    })
  }

  func rank(_ book: SBABook, year: Int, _ progress: ProgressBar) async throws -> Ranked {
    let ids = Self.lenderIDs(book)
    try await register(book, ids)
    progress.advance()
    try await adopt("sba-lenders")
    progress.advance()
    try await submit(facts(book, ids))
    progress.advance()
    let run = try await suite.evaluation.runEvaluation(
      .with {
        $0.requestID = "demo-run-\(year)"
        $0.scheme = "schemes/sba-lenders"
        $0.period = String(year)
        $0.peerGroup = Self.peerGroup
      }, options: options)
    progress.advance()
    return Ranked(run: run, rankings: try await rankings(of: run))
  }

  private func register(_ book: SBABook, _ ids: [String: String]) async throws {
    let firstYears = Dictionary(grouping: book.loans, by: \.bank).mapValues { $0.map(\.fiscalYear).min() ?? 0 }
    _ = try await suite.evaluation.batchRegisterInstitutions(
      .with {
        $0.requestID = "demo-lenders"
        $0.institutions = book.banks.map { bank in
          .with {
            $0.name = "institutions/\(ids[bank] ?? "")"
            $0.title = bank.isEmpty ? "(no lender named)" : bank
            $0.peerGroup = Self.peerGroup
            $0.type = "bank"
            $0.firstYear = Int32(firstYears[bank] ?? 0)
          }
        }
      }, options: options)
  }

  /// Indicators and scheme as they stand in data/schemes.
  private func adopt(_ name: String) async throws {
    let file = schemes.appending(path: "\(name).json")
    guard let object = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any],
      let indicators = object["indicators"], let scheme = object["scheme"]
    else { throw DomainError(.dataRefused, "\(file.path): expected an object with indicators and scheme") }
    func message<M: SwiftProtobuf.Message>(_ object: Any, under key: String) throws -> M {
      try M(jsonUTF8Data: JSONSerialization.data(withJSONObject: [key: object]))
    }
    var create: Huirong_Evaluation_V1_BatchCreateIndicatorsRequest = try message(indicators, under: "indicators")
    create.requestID = "demo-indicators-\(name)"
    _ = try await suite.evaluation.batchCreateIndicators(create, options: options)
    var adopt: Huirong_Evaluation_V1_CreateSchemeRequest = try message(scheme, under: "scheme")
    adopt.requestID = "demo-scheme-\(name)"
    _ = try await suite.evaluation.createScheme(adopt, options: options)
  }

  /// Per lender and fiscal year: what was approved, how many loans, what was charged off, how much of it was small.
  private func facts(_ book: SBABook, _ ids: [String: String]) -> [Huirong_Evaluation_V1_FactInput] {
    struct Key: Hashable { let bank: String; let year: Int }
    struct Sums { var approved: Int64 = 0, loans: Int64 = 0, chargedOff: Int64 = 0, small: Int64 = 0 }
    var sums: [Key: Sums] = [:]
    for loan in book.loans {
      sums[Key(bank: loan.bank, year: loan.fiscalYear), default: Sums()].approved += loan.approvedCents
      sums[Key(bank: loan.bank, year: loan.fiscalYear), default: Sums()].loans += 1
      sums[Key(bank: loan.bank, year: loan.fiscalYear), default: Sums()].chargedOff += loan.chargedOffCents
      if loan.approvedCents <= Self.smallLoanCents {
        sums[Key(bank: loan.bank, year: loan.fiscalYear), default: Sums()].small += loan.approvedCents
      }
    }
    func fact(_ key: Key, _ indicator: String, _ value: Int64, _ unit: Huirong_Evaluation_V1_Unit)
      -> Huirong_Evaluation_V1_FactInput
    {
      .with {
        $0.institutionID = ids[key.bank] ?? ""
        $0.indicatorID = indicator
        $0.period = String(key.year)
        $0.value = value
        $0.unit = unit
        if unit == .money { $0.currencyCode = "USD" }
      }
    }
    return sums.sorted { ($0.key.bank, $0.key.year) < ($1.key.bank, $1.key.year) }.flatMap { key, sums in
      [
        fact(key, "sba-approved-amount", sums.approved, .money), fact(key, "sba-loan-count", sums.loans, .count),
        fact(key, "sba-charged-off-amount", sums.chargedOff, .money),
        fact(key, "sba-small-loan-amount", sums.small, .money),
      ]
    }
  }

  private func submit(_ facts: [Huirong_Evaluation_V1_FactInput]) async throws {
    for (index, start) in stride(from: 0, to: facts.count, by: Self.batch).enumerated() {
      let answer = try await suite.evaluation.submitFacts(
        .with {
          $0.requestID = "demo-facts-\(index)"
          $0.facts = Array(facts[start..<min(start + Self.batch, facts.count)])
        }, options: options)
      if let refusal = answer.refusals.first {
        throw DomainError(.dataRefused, "fact \(refusal.row) of batch \(index): \(refusal.message)")
      }
    }
  }

  private func rankings(of run: Huirong_Evaluation_V1_Run) async throws -> [Huirong_Evaluation_V1_Ranking] {
    var all: [Huirong_Evaluation_V1_Ranking] = []
    var token = ""
    repeat {
      let page = try await suite.evaluation.listRankings(
        .with {
          $0.run = run.name
          $0.pageSize = 1000
          $0.pageToken = token
        }, options: options)
      all += page.rankings
      token = page.nextPageToken
    } while !token.isEmpty
    return all
  }

  /// Waits until the evaluation has applied every event that demand and fund had written by now.
  func awaitFeeds() async throws -> Huirong_Evaluation_V1_FeedStatus {
    let demandHead = try await suite.demand.summarizeDemands(.init(), options: options).asOfSequence
    let fundHead = try await suite.fund.verifyChain(.with { $0.chain = .events }, options: options).entries
    for (source, head) in [("demand", demandHead), ("fund", fundHead)] {
      _ = try await suite.evaluation.getFeedStatus(
        .with {
          $0.source = source
          $0.waitForSequence = head
        }, options: options)
    }
    return try await suite.evaluation.getFeedStatus(.init(), options: options)
  }
}
