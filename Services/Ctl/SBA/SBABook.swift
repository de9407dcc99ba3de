import Foundation
import Kernel

/// The whole file and what it must sum to (the control totals are the publisher's, in whole dollars).
struct SBABook: Sendable {
  let loans: [SBALoan]

  /// - Throws: `DATA_REFUSED` with the line that does not fit; nothing is skipped.
  static func load(gzip path: String) throws -> SBABook {
    var records = CSVRecords(try decompress(path))
    guard records.next() == SBALoan.columns else {
      throw DomainError(.dataRefused, "\(path): the first line is not the expected header")
    }
    var loans: [SBALoan] = []
    loans.reserveCapacity(20_000)
    while let fields = records.next() {
      do throws(DomainError) {
        loans.append(try SBALoan(fields: fields))
      } catch {
        throw DomainError(.dataRefused, "\(path):\(records.line): \(error)")
      }
    }
    if let failure = records.failure { throw DomainError(.dataRefused, "\(path): \(failure)") }
    return SBABook(loans: loans)
  }

  static func decompress(_ path: String) throws -> [UInt8] {
    guard FileManager.default.isReadableFile(atPath: path) else {
      throw DomainError(.dataRefused, "\(path): no such file")
    }
    let process = Process()
    process.executableURL = URL(filePath: "/bin/gzip")
    process.arguments = ["-dc", path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw DomainError(.dataRefused, "\(path): not a gzip file") }
    return [UInt8](data)
  }

  var banks: [String] { Set(loans.map(\.bank)).sorted() }
}
