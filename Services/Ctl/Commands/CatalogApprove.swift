import ArgumentParser
import Kernel
import PlainRPC
import Protos

struct CatalogApprove: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve", abstract: "Approve what was handed in, as the second person of four eyes.",
    discussion: """
      huirongctl catalog import products.csv --submit --as 'organisation=bank-a;role=institution;region=;subject=author'
      huirongctl catalog approve --publish --as 'organisation=bank-a;role=institution;region=;subject=officer'
      Approves every product that waits for review and that the caller may maintain. Prints what was refused, above all what the
      caller wrote or handed in, and then the totals. Exits 1 when something was refused.
      """)

  @Option(help: "Which products, as in ListProducts: 'institution = \"institutions/bank-a\"'.")
  var filter = ""

  @Flag(help: "Put what was approved in force.")
  var publish = false

  @Option(help: "Day on which policy limits are read when publishing, 2024-08-01; today when absent.")
  var asOf: String?

  @OptionGroup var connection: Connection

  func run() async throws {
    let day = try asOf.map { try BusinessDate(iso: $0, field: "--as-of") }
    let outcome = try await connection.withClient(for: CatalogCommand.service) { client in
      try await SubmittedProducts(
        catalog: Huirong_Catalog_V1_CatalogService.PlainClient(client), options: connection.options,
        publication: publish ? .init(asOf: day) : nil
      ).approve(filter: filter)
    }
    for line in outcome.refused.sorted() { print("refused \(line)") }
    print("\(outcome.approved) approved, \(outcome.published) published, \(outcome.refused.count) refused")
    if !outcome.refused.isEmpty { throw ExitCode.failure }
  }
}
