import ArgumentParser
import Foundation
import Kernel
import PlainRPC
import Protos
import SuiteRunner
import SwiftProtobuf

struct Demo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Start the suite, run its main job on real data, print a report, prove the chains, stop.",
    discussion: "Uses a store folder of its own that is removed at the end; --keep leaves it, and says where.")

  @OptionGroup var place: SuitePlace

  @Option(name: .long, help: "Journeys to run, 20 to 5000.")
  var journeys = 1000

  @Flag(name: .long, help: "Keep stores and logs.")
  var keep = false

  func validate() throws {
    guard (20...5000).contains(journeys) else { throw ValidationError("--journeys: 20 to 5000, not \(journeys)") }
  }

  func run() async throws {
    let directory = FileManager.default.temporaryDirectory.appending(
      path: "huirong-demo-\(ProcessInfo.processInfo.processIdentifier)")
    let suite = try LocalSuite(
      binaries: place.binariesURL, directory: directory, packs: place.packsURL, ports: .free)
    let started = ContinuousClock.now
    do {
      try await suite.start()
      let report = try await perform(suite)
      let remarks = await suite.stop()
      print(report.text(elapsed: ContinuousClock.now - started, stopped: remarks))
      if keep {
        print("\n  stores and logs: \(directory.path)")
      } else {
        try FileManager.default.removeItem(at: directory)
      }
      if !report.isSound || !remarks.isEmpty { throw ExitCode.failure }
    } catch let code as ExitCode {
      throw code
    } catch {
      await suite.stop()
      FileHandle.standardError.write(Data("\nhuirongctl demo: \(error)\n  logs: \(directory.path)\n".utf8))
      throw ExitCode.failure
    }
  }

  private func perform(_ suite: LocalSuite) async throws -> DemoReport {
    let microseconds = Int64(Date().timeIntervalSince1970 * 1_000_000)
    let demo = try DemoSuite(suite, today: try Instant(microseconds: microseconds).shanghaiDate())
    let book = try SBABook.load(gzip: place.dataURL.appending(path: "sba/sba-7a-loans.csv.gz").path)
    print("Huirong 惠融 · demonstration on \(book.loans.count) real loans and the products of five policy documents\n")
    var report = DemoReport(book: book)

    report.products = try await step("products of the documents", total: DemoProducts.documents.count) {
      try await DemoProducts(suite: demo, folder: place.dataURL.appending(path: "products")).load($0)
    }
    try await step("enterprises", total: book.loans.count) { try await register(book, demo, $0) }
    let fund = DemoFund(suite: demo)
    try await fund.open(book)
    report.summary = try await step("guarantee book", total: book.loans.count) { try await fund.importBook(book, $0) }
    let evaluation = DemoEvaluation(suite: demo, schemes: place.dataURL.appending(path: "schemes"))
    report.ranked = try await step("ranking of lenders", total: 4) { try await evaluation.rank(book, $0) }
    let travellers = Self.travellers(book, count: journeys)
    report.journeys = try await step("journeys", total: travellers.count) {
      try await DemoJourneys(suite: demo, loans: travellers).run($0)
    }
    try await instruments(fund, &report)
    report.feeds = try await evaluation.awaitFeeds()
    report.pools = try await demo.fund.listPools(.with { $0.pageSize = 100 }, options: demo.options(as: .fundMaker))
      .pools
    report.figures = try await demo.demand.summarizeDemands(.init(), options: demo.options(as: .platform)).total
    report.verification = try await SuiteVerification.run { service, body in
      try await body(demo.client(of: service), demo.options(as: .platform))
    }
    try await demo.close()
    return report
  }

  /// Claims under a few guarantees whose loans really went bad, and three bridge loans.
  private func instruments(_ fund: DemoFund, _ report: inout DemoReport) async throws {
    for journey in (report.journeys?.badLoans ?? []).prefix(3) {
      if let claimed = try await fund.claim(journey) { report.claims.append(claimed) }
    }
    for number in 1...3 {
      guard let borrower = DemoFirms.uscc(row: number, district: DemoFirms.district(row: number)) else { continue }
      report.bridges.append(try await fund.bridge(number, borrower: borrower, amount: Int64(number) * 100_000_000))
    }
  }

  private func register(_ book: SBABook, _ demo: DemoSuite, _ progress: ProgressBar) async throws {
    for request in try Self.registrations(book, today: demo.today) {
      let answer = try await demo.demand.batchRegisterEnterprises(request, options: demo.options(as: .platform))
      try Self.requireAll(answer)
      progress.advance(by: request.enterprises.count)
    }
  }

  private static func requireAll(_ answer: Huirong_Demand_V1_BatchRegisterEnterprisesResponse) throws {
    guard let bad = answer.rows.first(where: { !$0.error.reason.isEmpty }) else { return }
    throw DomainError(.dataRefused, "enterprise \(bad.index) was refused: \(bad.error.message)")
  }

  /// The whole file in batches of 1000, the service's own limit.
  private static func registrations(
    _ book: SBABook, today: BusinessDate
  ) throws -> [Huirong_Demand_V1_BatchRegisterEnterprisesRequest] {
    var requests: [Huirong_Demand_V1_BatchRegisterEnterprisesRequest] = []
    for start in stride(from: 0, to: book.loans.count, by: 1000) {
      var request = Huirong_Demand_V1_BatchRegisterEnterprisesRequest()
      request.requestID = "demo-enterprises-\(requests.count)"
      for row in start..<min(start + 1000, book.loans.count) {
        request.enterprises.append(try DemoFirms.enterprise(row: row, loan: book.loans[row], today: today))
      }
      requests.append(request)
    }
    return requests
  }

  /// The first loans of the file that a demand can be made of: a term within 50 years.
  private static func travellers(_ book: SBABook, count: Int) -> [(row: Int, loan: SBALoan)] {
    Array(
      book.loans.enumerated().lazy
        .filter { (1...600).contains($0.element.termMonths) && $0.element.approvedCents > 0 }
        .map { (row: $0.offset, loan: $0.element) }.prefix(count))
  }

  private func step<T>(_ title: String, total: Int, _ body: (ProgressBar) async throws -> T) async throws -> T {
    let progress = ProgressBar(title, total: total)
    let result = try await body(progress)
    progress.finish()
    return result
  }
}

extension DemoSuite {
  func client(of service: String) -> PlainClient {
    switch service {
    case "huirong.demand.v1.DemandService": demand.client
    case "huirong.catalog.v1.CatalogService": catalog.client
    case "huirong.fund.v1.FundService": fund.client
    default: evaluation.client
    }
  }
}
