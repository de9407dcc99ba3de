import Crypto
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
  static let peerGroup = "us-lender"

  private var options: PlainCallOptions { suite.options(as: .platform) }

  struct Ranked: Sendable {
    let run: Huirong_Evaluation_V1_Run
    let rankings: [Huirong_Evaluation_V1_Ranking]
  }

  /// As docs/methods.md defines it: names in the file are not fit for identifiers.
  static func lenderID(_ bank: String) -> String {
    "sba-"
      + SHA256.hash(data: Array(bank.utf8)).prefix(8).map { byte in
        String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
      }.joined()
  }

  func rank(_ book: SBABook, _ progress: ProgressBar) async throws -> Ranked {
    try await register(book)
    progress.advance()
    try await adopt("sba-lenders")
    progress.advance()
    try await submit(facts(book))
    progress.advance()
    let run = try await suite.evaluation.runEvaluation(
      .with {
        $0.requestID = "demo-run"
        $0.scheme = "schemes/sba-lenders"
        $0.period = Self.period(of: book)
        $0.peerGroup = Self.peerGroup
      }, options: options)
    progress.advance()
    return Ranked(run: run, rankings: try await rankings(of: run))
  }

  private func register(_ book: SBABook) async throws {
    let firstYears = Dictionary(grouping: book.loans, by: \.bank).mapValues { $0.map(\.fiscalYear).min() ?? 0 }
    _ = try await suite.evaluation.batchRegisterInstitutions(
      .with {
        $0.requestID = "demo-lenders"
        $0.institutions = book.banks.map { bank in
          .with {
            $0.name = "institutions/\(Self.lenderID(bank))"
            $0.title = bank.isEmpty ? "(blank)" : bank
            $0.peerGroup = Self.peerGroup
            $0.type = "bank"
            $0.firstYear = Int32(firstYears[bank] ?? 0)
          }
        }
      }, options: options)
  }

  /// From the first to the last fiscal year of the file.
  private static func period(of book: SBABook) -> String {
    let years = book.loans.map(\.fiscalYear)
    return "\(years.min() ?? 0)..\(years.max() ?? 0)"
  }

  /// Indicators and scheme as they stand in data/schemes. The platform writes the scheme, the finance office adopts it.
  private func adopt(_ name: String) async throws {
    var indicators: Huirong_Evaluation_V1_BatchCreateIndicatorsRequest = try message("\(name).indicators")
    indicators.requestID = "demo-indicators-\(name)"
    _ = try await suite.evaluation.batchCreateIndicators(indicators, options: options)
    var scheme: Huirong_Evaluation_V1_CreateSchemeRequest = try message("\(name).scheme")
    scheme.requestID = "demo-scheme-\(name)"
    let draft = try await suite.evaluation.createScheme(scheme, options: options)
    _ = try await suite.evaluation.adoptScheme(
      .with {
        $0.requestID = "demo-adopt-\(name)"
        $0.name = draft.name
        $0.version = draft.version
        $0.digest = draft.digest
      }, options: suite.options(as: .regulator))
  }

  private func message<M: SwiftProtobuf.Message>(_ name: String) throws -> M {
    try M(jsonUTF8Data: Data(contentsOf: schemes.appending(path: "\(name).json")))
  }

  /// Per lender and fiscal year: what was approved, how many loans, what was charged off, how much of it was small.
  private func facts(_ book: SBABook) -> [Huirong_Evaluation_V1_FactInput] {
    struct Key: Hashable {
      let bank: String
      let year: Int
    }
    struct Sums {
      var approved: Int64 = 0
      var loans: Int64 = 0
      var chargedOff: Int64 = 0
      var smallLoans: Int64 = 0
      var smallApproved: Int64 = 0
    }
    var sums: [Key: Sums] = [:]
    for loan in book.loans {
      var sum = sums[Key(bank: loan.bank, year: loan.fiscalYear), default: Sums()]
      sum.approved += loan.approvedCents
      sum.loans += 1
      sum.chargedOff += loan.chargedOffCents
      if loan.approvedCents <= Self.smallLoanCents {
        sum.smallLoans += 1
        sum.smallApproved += loan.approvedCents
      }
      sums[Key(bank: loan.bank, year: loan.fiscalYear)] = sum
    }
    func fact(_ key: Key, _ indicator: String, _ value: Int64, _ unit: Huirong_Evaluation_V1_Unit)
      -> Huirong_Evaluation_V1_FactInput
    {
      .with {
        $0.institutionID = Self.lenderID(key.bank)
        $0.indicatorID = indicator
        $0.period = String(key.year)
        $0.value = value
        $0.unit = unit
        if unit == .money { $0.currencyCode = "USD" }
      }
    }
    return sums.sorted { ($0.key.bank, $0.key.year) < ($1.key.bank, $1.key.year) }.flatMap { key, sums in
      [
        fact(key, "sba.approved", sums.approved, .money), fact(key, "sba.loans", sums.loans, .count),
        fact(key, "sba.charged-off", sums.chargedOff, .money), fact(key, "sba.small-loans", sums.smallLoans, .count),
        fact(key, "sba.small-approved", sums.smallApproved, .money),
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
