import CatalogDomain
import Kernel
import Protos
import RPCEdge

extension ProductFile {
  /// The suite's CSV template. Columns may stand in any order and may be missing; a cell that cannot be read refuses its row.
  /// - Throws: `INVALID_ARGUMENT` for a file that is no table of this template.
  static func csv(_ bytes: some Sequence<UInt8>) throws(DomainError) -> ProductFile {
    let rows: [CSVText.Row]
    do { rows = try CSVText.rows(bytes) } catch {
      throw .invalid("content", "line \(error.line): \(error.problem)")
    }
    guard let header = rows.first else { throw DomainError(.requiredFieldMissing, "a header line", field: "content") }
    let known = Dictionary(uniqueKeysWithValues: ProductCSV.columns.map { ($0.name, $0) })
    for name in header.cells where name != "product_id" && known[name] == nil {
      throw .invalid("content", "line 1: there is no column \"\(name.prefix(64))\"")
    }
    guard Set(header.cells).count == header.cells.count, header.cells.contains("product_id") else {
      throw .invalid("content", "line 1: each column once, and product_id among them")
    }
    var file = ProductFile()
    for row in rows.dropFirst() { file.rows.append(read(row, header.cells, known)) }
    return file
  }

  private static func read(
    _ row: CSVText.Row, _ header: [String], _ known: [String: ProductCSV.Column]
  ) -> FileRow {
    var id = ""
    var product = Huirong_Catalog_V1_Product()
    do throws(DomainError) {
      guard row.cells.count == header.count else {
        throw .invalid("line \(row.line)", "\(header.count) cells are expected, not \(row.cells.count)")
      }
      if let place = header.firstIndex(of: "product_id") { id = row.cells[place] }
      for (name, cell) in zip(header, row.cells) where !cell.isEmpty { try known[name]?.read(cell, &product) }
      return FileRow(line: row.line, row: ImportRow(id: id, terms: .success(try ProductTerms(product))))
    } catch {
      return FileRow(line: row.line, row: ImportRow(id: id, terms: .failure(error)))
    }
  }

  /// One `ImportRow` of the schema a line, as JSON.
  static func jsonLines(_ bytes: some Collection<UInt8>) -> ProductFile {
    var file = ProductFile()
    for (line, text) in lines(bytes) {
      do throws(DomainError) {
        let row: Huirong_Catalog_V1_ImportRow = try ProductJSON.read(text, "line \(line)")
        file.rows.append(FileRow(line: line, row: ImportRow(row)))
      } catch {
        file.rows.append(FileRow(line: line, row: ImportRow(id: "", terms: .failure(error))))
      }
    }
    return file
  }

  /// The Consumer Data Right's product details, one a line.
  static func cdrLines(_ bytes: some Collection<UInt8>) -> ProductFile {
    var reader = CDRReader()
    for (line, text) in lines(bytes) { reader.read(text, line: line) }
    return reader.file
  }

  /// Lines that hold anything, with their numbers.
  private static func lines(_ bytes: some Collection<UInt8>) -> [(Int, String)] {
    bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated().compactMap { index, line in
      let text = String(decoding: line, as: UTF8.self)
      return text.allSatisfy(\.isWhitespace) ? nil : (index + 1, text)
    }
  }
}
