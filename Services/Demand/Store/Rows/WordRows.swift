import DemandDomain
import Kernel
import Storage

/// The index of neighbouring characters over purposes and notes.
enum WordRows {
  static func add(_ text: String, to number: Int64, _ session: WriteSession) throws {
    for pair in Bigrams.of(text) {
      try session.execute(
        "INSERT INTO demand_words (word, demand) VALUES (?, ?) ON CONFLICT DO NOTHING", [.text(pair), .integer(number)])
    }
  }
}
