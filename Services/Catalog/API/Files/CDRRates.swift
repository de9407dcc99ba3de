import CatalogDomain
import Kernel

/// Lending rates: the range of what a borrower pays, and every rate in words. The banks quote one product at many rates, by fixed
/// term, security and amount, with conditions in prose.
enum CDRRates {
  static func read(_ list: [JSONValue], _ terms: inout ProductTerms, _ notes: inout CDRNotes) {
    var paid: [Int64] = []
    var words: [LocalizedText] = []
    for (index, entry) in list.enumerated() {
      let path = "data.lendingRates[\(index)]"
      for piece in CDRText.pieces(entry.words, CatalogLimits.summaryCharacters) {
        words.append(LocalizedText(zh: "", en: piece))
      }
      if let rate = rate(entry, path, &notes) { paid.append(rate) }
      if !entry["tiers"].isEmpty {
        notes.keep("\(path).tiers", "one rate of several with tiers of its own", entry["tiers"].words, "kept as text")
      }
    }
    guard let lowest = paid.min(), let highest = paid.max() else {
      for word in words { notes.say("lending rate \(word.en)") }
      return
    }
    terms.rate = InterestRate(
      basis: .fixed, lowest: Rate(ppm: lowest), highest: Rate(ppm: highest), dayCount: .actual365, notes: words)
  }

  /// What a borrower pays by this entry; `nil` when it is no such rate.
  private static func rate(_ entry: JSONValue, _ path: String, _ notes: inout CDRNotes) -> Int64? {
    let raw = entry["lendingRateType"].text ?? ""
    let type = raw.filter { !$0.isWhitespace }
    if type != raw { notes.keep("\(path).lendingRateType", "blanks around the word", "\"\(raw)\"", "read as \(type)") }
    switch type {
    case "FIXED", "VARIABLE", "MARKET_LINKED", "INTRODUCTORY", "FLOATING", "CASH_ADVANCE": break
    default:
      notes.keep("\(path).lendingRateType", "not what every borrower pays", raw, "left out of the range; kept as text")
      return nil
    }
    let text = entry["rate"].text ?? ""
    guard let value = CDRText.ppm(text), value.ppm >= 0 else {
      notes.keep("\(path).rate", "not a share", text, "left out of the range; kept as text")
      return nil
    }
    if value.ppm == 0 {
      notes.keep("\(path).rate", "0 stands for a rate that is not stated", text, "left out of the range; kept as text")
      return nil
    }
    if value.ppm > 1_000_000 {
      notes.keep("\(path).rate", "above 100 % a year", text, "left out of the range; kept as text")
      return nil
    }
    if !value.isExact {
      notes.keep("\(path).rate", "finer than a part per million", text, "rounded to \(value.ppm) ppm")
    }
    return value.ppm
  }
}
