import CatalogDomain
import Kernel

/// Fees with their discounts.
enum CDRFees {
  static let aud: Currency = (try? Currency("AUD")) ?? .cny

  static func read(_ list: [JSONValue], _ notes: inout CDRNotes) -> [Fee] {
    list.enumerated().map { fee($1, "data.fees[\($0)]", &notes) }
  }

  private static func fee(_ entry: JSONValue, _ path: String, _ notes: inout CDRNotes) -> Fee {
    let raw = entry["feeType"].text ?? ""
    let type = raw.filter { !$0.isWhitespace }
    if type != raw { notes.keep("\(path).feeType", "blanks around the word", "\"\(raw)\"", "read as \(type)") }
    var fee = Fee(kind: kind(type), measure: .unstated, period: .perEvent)
    fee.period = period(type, entry, path, &notes)
    fee.measure = measure(entry, path, &notes)
    fee.title = entry["name"].text.map { LocalizedText(zh: "", en: String($0.prefix(CatalogLimits.noteCharacters))) }
    var rest: [String] = []
    for key in entry.keys where !["name", "amount", "currency", "discounts"].contains(key) && !entry[key].isEmpty {
      rest.append(key == "additionalInfo" ? entry[key].words : "\(key) \(entry[key].words)")
    }
    let (discounts, words) = discounts(entry["discounts"].elements, fee, path, &notes)
    fee.discounts = discounts
    fee.note = note(rest + words, path, &notes)
    return fee
  }

  private static func note(_ words: [String], _ path: String, _ notes: inout CDRNotes) -> LocalizedText? {
    let pieces = CDRText.pieces(words.joined(separator: "; "), CatalogLimits.summaryCharacters)
    for piece in pieces.dropFirst() { notes.say("\(path): \(piece)") }
    return pieces.first.map { LocalizedText(zh: "", en: $0) }
  }

  private static func kind(_ type: String) -> FeeKind {
    switch type {
    case "UPFRONT": .establishment
    case "PERIODIC": .service
    case "EXIT": .exit
    case "TRANSACTION", "WITHDRAWAL", "DEPOSIT", "PAYMENT", "PURCHASE": .settlement
    default: .other
    }
  }

  private static func period(
    _ type: String, _ entry: JSONValue, _ path: String, _ notes: inout CDRNotes
  ) -> FeePeriod {
    switch type {
    case "UPFRONT": return .once
    case "EXIT": return .atEnd
    case "PERIODIC":
      let every = entry["additionalValue"].text ?? ""
      switch every {
      case "P1M": return .perMonth
      case "P1Y", "P12M": return .perYear
      default:
        notes.keep(
          "\(path).additionalValue", "a periodic fee without a month or a year", every, "kept as text; not in the cost")
        return .perEvent
      }
    case "EVENT", "TRANSACTION", "WITHDRAWAL", "DEPOSIT", "PAYMENT", "PURCHASE", "VARIABLE": return .perEvent
    default:
      notes.keep("\(path).feeType", "not a word of the standard", type, "read as a fee of an event")
      return .perEvent
    }
  }

  private static func measure(_ entry: JSONValue, _ path: String, _ notes: inout CDRNotes) -> FeeMeasure {
    let share = ["balanceRate", "transactionRate", "accruedRate"].first { entry[$0].text != nil }
    if let text = entry["amount"].text {
      if let share {
        notes.keep("\(path).\(share)", "beside an amount", entry[share].words, "the amount is taken; kept as text")
      }
      if let currency = entry["currency"].text, currency != "AUD" {
        notes.keep("\(path).currency", "another currency than the product's", "\(text) \(currency)", "kept as text")
        return .unstated
      }
      guard let value = CDRText.cents(text), value.cents >= 0 else {
        notes.keep("\(path).amount", "not an amount", text, "kept as text")
        return .unstated
      }
      if !value.isPlain { notes.keep("\(path).amount", "not a plain number", text, "read without its marks") }
      return .fixed(Money(value.cents, aud))
    }
    guard let share, let text = entry[share].text else { return .unstated }
    guard let value = CDRText.ppm(text), (0...1_000_000).contains(value.ppm) else {
      notes.keep("\(path).\(share)", "not a share", text, "kept as text")
      return .unstated
    }
    if !value.isExact {
      notes.keep("\(path).\(share)", "finer than a part per million", text, "rounded to \(value.ppm) ppm")
    }
    return .rate(Rate(ppm: value.ppm))
  }

  /// Discounts that take something off, and the words of the others. Conditions are prose, so that no calculation applies them.
  private static func discounts(
    _ list: [JSONValue], _ fee: Fee, _ path: String, _ notes: inout CDRNotes
  ) -> (discounts: [FeeDiscount], words: [String]) {
    var discounts: [FeeDiscount] = []
    var words: [String] = []
    for (index, entry) in list.enumerated() {
      let text = "discount \(entry.words)"
      guard discounts.count < CatalogLimits.discounts, text.count <= CatalogLimits.summaryCharacters,
        let reduction = reduction(entry)
      else {
        notes.keep("\(path).discounts[\(index)]", "no reduction that has a field here", entry.words, "kept as text")
        words.append(text)
        continue
      }
      discounts.append(FeeDiscount(reduction: reduction, note: LocalizedText(zh: "", en: text)))
    }
    return (discounts, words)
  }

  private static func reduction(_ entry: JSONValue) -> FeeReduction? {
    if let text = entry["amount"].text, let value = CDRText.cents(text), value.cents >= 0 {
      return .amountOff(Money(value.cents, aud))
    }
    if let text = entry["feeRate"].text, let value = CDRText.ppm(text), (0...1_000_000).contains(value.ppm) {
      return .shareOff(Rate(ppm: value.ppm))
    }
    return nil
  }
}
