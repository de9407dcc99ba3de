import CatalogDomain
import Kernel

/// What is kept as text of one product, and what was found.
struct CDRNotes {
  private(set) var findings: [Finding] = []
  private(set) var conditions: [LocalizedText] = []
  private(set) var features: [LocalizedText] = []

  mutating func keep(_ field: String, _ problem: String, _ value: String, _ action: String) {
    findings.append(
      Finding(field: field, problem: problem, value: String(value.prefix(Finding.valueCharacters)), action: action))
  }

  /// Keeps a text, in as many pieces as its length needs.
  mutating func say(_ text: String) {
    for piece in CDRText.pieces(text, CatalogLimits.summaryCharacters) {
      conditions.append(LocalizedText(zh: "", en: piece))
    }
  }

  mutating func feature(_ text: String) {
    if text.count > CatalogLimits.noteCharacters || features.count == CatalogLimits.features {
      say(text)
    } else {
      features.append(LocalizedText(zh: "", en: text))
    }
  }
}

/// Texts and numbers as the standard writes them.
enum CDRText {
  /// A resource id: characters that it may not have become `~`.
  static func identifier(_ text: String) -> String {
    String(text.unicodeScalars.map { ResourceName.isID(String($0)) ? Character($0) : "~" })
  }

  /// 32 bits of FNV-1a, in hexadecimal.
  static func digest(_ text: String) -> String {
    var hash: UInt32 = 2_166_136_261
    for byte in text.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  static func pieces(_ text: String, _ length: Int) -> [String] {
    var rest = text[...]
    var pieces: [String] = []
    while !rest.isEmpty {
      pieces.append(String(rest.prefix(length)))
      rest = rest.dropFirst(length)
    }
    return pieces
  }

  /// A share such as "0.0795" in parts per million; `isExact` is false when finer digits were rounded half up.
  static func ppm(_ text: String) -> (ppm: Int64, isExact: Bool)? {
    if let exact = Decimals.exact(text, places: 6) { return (exact, true) }
    guard let fine = Decimals.exact(text, places: 15), fine >= 0 else { return nil }
    return ((fine + 500_000_000) / 1_000_000_000, false)
  }

  /// An amount such as "20000.00" in cents; `isPlain` is false for "$20,000".
  static func cents(_ text: String) -> (cents: Int64, isPlain: Bool)? {
    if let exact = Decimals.exact(text, places: 2) { return (exact, true) }
    let bare = text.filter { $0 != "$" && $0 != "," && $0 != " " }
    return bare == text ? nil : Decimals.exact(bare, places: 2).map { ($0, false) }
  }
}

/// Amounts between which a product is offered.
enum CDRConstraints {
  static func read(_ list: [JSONValue], _ terms: inout ProductTerms, _ notes: inout CDRNotes) {
    var bounds: [String: Int64] = [:]
    for (index, constraint) in list.enumerated() {
      let path = "data.constraints[\(index)]"
      let kind = constraint["constraintType"].text ?? ""
      notes.say("constraint \(constraint.words)")
      guard kind == "MIN_LIMIT" || kind == "MAX_LIMIT" else {
        notes.keep("\(path).constraintType", "no limit of the amount", kind, "kept as text")
        continue
      }
      let raw = constraint["additionalValue"].text ?? ""
      guard let value = CDRText.cents(raw), value.cents > 0 else {
        notes.keep("\(path).additionalValue", "not an amount", raw, "kept as text")
        continue
      }
      if !value.isPlain {
        notes.keep(
          "\(path).additionalValue", "not a plain number", raw, "read as \(Decimals.text(value.cents, places: 2))")
      }
      if let known = bounds[kind], known != value.cents {
        notes.keep("\(path).additionalValue", "a second \(kind)", raw, "the wider range is taken; kept as text")
        bounds[kind] = kind == "MIN_LIMIT" ? min(known, value.cents) : max(known, value.cents)
      } else {
        bounds[kind] = value.cents
      }
    }
    let range = IntegerRange(min: bounds["MIN_LIMIT"], max: bounds["MAX_LIMIT"])
    if range.isEmpty {
      notes.keep(
        "data.constraints", "MIN_LIMIT above MAX_LIMIT", list.map(\.words).joined(separator: " "), "kept as text")
    } else {
      // Without a limit nothing would say which currency the product is in.
      let bounds = range.min == nil && range.max == nil ? IntegerRange(min: 0) : range
      terms.amount = AmountRange(currency: CDRFees.aud, bounds: bounds)
    }
    if terms.amount == nil { terms.amount = AmountRange(currency: CDRFees.aud, bounds: IntegerRange(min: 0)) }
  }
}

/// Features, conditions, bundles and deposit rates: prose with a word in front.
enum CDRLists {
  static func read(_ data: JSONValue, _ notes: inout CDRNotes) {
    for feature in data["features"].elements { notes.feature(Self.words(feature, "featureType")) }
    for condition in data["eligibility"].elements { notes.say(Self.words(condition, "eligibilityType")) }
    for bundle in data["bundles"].elements { notes.feature("bundle \(bundle.words)") }
    for (index, rate) in data["depositRates"].elements.enumerated() {
      notes.keep("data.depositRates[\(index)]", "a deposit rate on a product that lends", rate.words, "kept as text")
      notes.say("deposit rate \(rate.words)")
    }
  }

  /// "MIN_AGE 18: additional information", with whatever else there is behind it.
  private static func words(_ entry: JSONValue, _ type: String) -> String {
    var text = entry[type].text ?? ""
    if let value = entry["additionalValue"].text { text += " \(value)" }
    if let information = entry["additionalInfo"].text { text += ": \(information)" }
    for key in entry.keys where ![type, "additionalValue", "additionalInfo"].contains(key) && !entry[key].isEmpty {
      text += "; \(key) \(entry[key].words)"
    }
    return text
  }
}
