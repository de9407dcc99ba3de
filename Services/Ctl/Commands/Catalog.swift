import ArgumentParser
import Foundation
import Kernel
import PlainRPC
import Protos
import SwiftProtobuf

/// Work on the catalog's products that a single call does badly: files in and out.
struct CatalogCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "catalog", abstract: "Import, approve, export and label products.",
    subcommands: [CatalogImport.self, CatalogApprove.self, CatalogExport.self, CatalogQR.self])

  static let service = "huirong.catalog.v1.CatalogService"
}

/// Formats of files, as they are written on the command line.
enum CatalogFileFormat: String, ExpressibleByArgument, CaseIterable {
  case csv, json, cdr

  var proto: Huirong_Catalog_V1_FileFormat {
    switch self {
    case .csv: .csv
    case .json: .jsonLines
    case .cdr: .cdrJsonLines
    }
  }
}

struct CatalogImport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Enter products from a file; prints what became of each row.",
    discussion: """
      Formats: csv (the template that `export` writes), json (one product a line), cdr (product details as the Consumer
      Data Right publishes them, one a line). Prints one line for each row that was refused or had findings, then the
      totals. Exits 1 when rows were refused. The same file under the same --request-id is answered from the record.
      """)

  @Argument(help: "The file, or - for standard input.")
  var file: String

  @Option(help: "csv, json or cdr.")
  var format: CatalogFileFormat = .csv

  @Flag(help: "Hand accepted rows in for review by a second person; without it they stay drafts.")
  var submit = false

  @Option(help: "Day on which policy limits are read, 2024-08-01; today when absent.")
  var asOf: String?

  @Option(help: "Idempotency key; made from the file when absent.")
  var requestID: String?

  @OptionGroup var connection: Connection

  func run() async throws {
    let content =
      file == "-" ? FileHandle.standardInput.readDataToEndOfFile() : try Data(contentsOf: URL(filePath: file))
    var request = Huirong_Catalog_V1_ImportProductFileRequest()
    request.format = format.proto
    request.content = content
    request.submit = submit
    if let asOf {
      let day = try BusinessDate(iso: asOf, field: "--as-of")
      request.asOf.year = Int32(day.year)
      request.asOf.month = Int32(day.month)
      request.asOf.day = Int32(day.day)
    }
    request.requestID = requestID ?? Self.key(content, submit, asOf)
    let sent = request
    let answer = try await connection.withClient(for: CatalogCommand.service) { client in
      try await Huirong_Catalog_V1_CatalogService.PlainClient(client)
        .importProductFile(sent, options: connection.options)
    }
    for row in answer.rows { Self.print(row) }
    Swift.print(
      "\(answer.rows.count) rows: \(answer.created) created, \(answer.updated) updated, \(answer.unchanged) unchanged, "
        + "\(answer.refused) refused; \(answer.findings) findings; \(answer.institutionsCreated) institutions entered")
    if answer.refused > 0 { throw ExitCode.failure }
  }

  private static func print(_ row: Huirong_Catalog_V1_ImportFileRow) {
    if row.result.outcome == .refused {
      Swift.print("line \(row.line): refused \(row.result.name) \(row.result.field): \(row.result.message)")
    }
    for finding in row.findings {
      Swift.print(
        "line \(row.line): \(row.result.name) \(finding.field): \(finding.problem) (\(finding.value)): \(finding.action)"
      )
    }
  }

  /// FNV-1a over the file and how it is entered: the same command is the same request.
  private static func key(_ content: Data, _ submit: Bool, _ asOf: String?) -> String {
    var hash: UInt64 = 14_695_981_039_346_656_037
    for byte in content { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
    return "ctl-import-\(String(hash, radix: 16))-\(submit ? "s" : "e")-\(asOf ?? "")"
  }
}

struct CatalogExport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write products as a file to standard output.")

  @Option(help: "csv or json.")
  var format: CatalogFileFormat = .csv

  @Option(help: "As in ListProducts: 'institution = \"institutions/x\" AND state = PUBLISHED'.")
  var filter = ""

  @OptionGroup var connection: Connection

  func run() async throws {
    var request = Huirong_Catalog_V1_ExportProductsRequest()
    request.format = format.proto
    request.filter = filter
    let sent = request
    try await connection.withClient(for: CatalogCommand.service) { client in
      let stream = try await Huirong_Catalog_V1_CatalogService.PlainClient(client)
        .exportProducts(sent, options: connection.options)
      for try await piece in stream { FileHandle.standardOutput.write(piece.data) }
    }
  }
}

struct CatalogQR: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "qr", abstract: "Write a product's QR code to a file; the ending .png or .svg says which.")

  @Argument(help: "The product's id.")
  var product: String

  @Argument(help: "The file to write.")
  var file: String

  @Option(help: "Where product pages are; as configured when absent.")
  var pageBase = ""

  @OptionGroup var connection: Connection

  func validate() throws {
    guard file.hasSuffix(".png") || file.hasSuffix(".svg") else { throw ValidationError("FILE ends in .png or .svg") }
  }

  func run() async throws {
    var request = Huirong_Catalog_V1_GetProductQRCodeRequest()
    request.name = "products/\(product)"
    request.format = file.hasSuffix(".png") ? .png : .svg
    request.pageBase = pageBase
    let sent = request
    let answer = try await connection.withClient(for: CatalogCommand.service) { client in
      try await Huirong_Catalog_V1_CatalogService.PlainClient(client).getProductQRCode(
        sent, options: connection.options)
    }
    try answer.content.write(to: URL(filePath: file))
    print(answer.uri)
  }
}
