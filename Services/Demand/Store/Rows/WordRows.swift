import DemandDomain
import Kernel
import Storage

/// The index of neighbouring characters over purposes and notes.
enum WordRows {
  /// Pairs written by one statement: a purpose of ordinary length costs one.
  private static let chunk = 16

  /// A statement for each number of pairs.
  private static let statements: [String] = (1...chunk).map { count in
    let rows = Array(repeating: "(?, ?)", count: count).joined(separator: ", ")
    return "INSERT INTO demand_words (word, demand) VALUES \(rows) ON CONFLICT DO NOTHING"
  }

  static func add(_ text: String, to number: Int64, _ session: WriteSession) throws {
    let pairs = Bigrams.of(text)
    for start in stride(from: 0, to: pairs.count, by: chunk) {
      let part = pairs[start..<min(start + chunk, pairs.count)]
      try session.execute(statements[part.count - 1], part.flatMap { [.text($0), .integer(number)] })
    }
  }
}
