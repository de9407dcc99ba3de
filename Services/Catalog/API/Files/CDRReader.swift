import CatalogDomain
import Kernel

/// Reads products as Australian banks publish them under the Consumer Data Right (Product Reference Data v3/v4): what has a
/// field of the catalog is typed, everything else is kept as text, and whatever could not be taken over as it stands is a finding.
struct CDRReader {
  private(set) var file = ProductFile()
  private var institutions: [String: Institution] = [:]
  private var ids: Set<String> = []

  /// Members of a product that are read below.
  private static let known: Set<String> = [
    "productId", "brand", "brandName", "name", "description", "productCategory", "isTailored", "lastUpdated",
    "effectiveFrom", "effectiveTo", "applicationUri", "additionalInformation", "bundles", "constraints", "eligibility",
    "features", "fees", "lendingRates", "depositRates", "cardArt",
  ]

  mutating func read(_ text: String, line: Int) {
    var notes = CDRNotes()
    var id = ""
    do throws(DomainError) {
      guard let record = JSONValue.parse(text) else {
        throw DomainError(.invalidJSON, "the line is not JSON", field: "line")
      }
      let data = record["data"]
      guard let brand = record["brandId"].text, let product = data["productId"].text else {
        throw DomainError(.requiredFieldMissing, "brandId and data.productId", field: "data.productId")
      }
      id = identify(brand, product, &notes)
      var terms = try terms(data, institution: try institution(brand, data, &notes), &notes)
      for key in data.keys where !Self.known.contains(key) {
        notes.keep("data.\(key)", "not a field of the standard", data[key].words, "kept as text")
        notes.say("\(key): \(data[key].words)")
      }
      terms.conditionsInWords = notes.conditions
      terms.features = notes.features
      file.rows.append(FileRow(line: line, row: ImportRow(id: id, terms: .success(terms)), findings: notes.findings))
    } catch {
      file.rows.append(FileRow(line: line, row: ImportRow(id: id, terms: .failure(error)), findings: notes.findings))
    }
    file.institutions = institutions.values.sorted { $0.id < $1.id }
  }

  // MARK: Who and what

  private mutating func institution(
    _ brand: String, _ data: JSONValue, _ notes: inout CDRNotes
  ) throws(DomainError) -> String {
    let id = "cdr-" + CDRText.identifier(brand)
    guard let name = data["brandName"].text ?? data["brand"].text else {
      throw DomainError(.requiredFieldMissing, "the brand has no name", field: "data.brand")
    }
    if let known = institutions[id] {
      if known.nameZH != name {
        notes.keep(
          "data.brandName", "another name of the brand than in an earlier line", name,
          "\(known.nameZH) kept; kept as text")
        notes.say("brand: \(name)")
      }
    } else {
      institutions[id] = Institution(
        id: id, kind: .bank, nameZH: name, nameEN: name,
        sources: [
          Source(document: "Consumer Data Right product reference data", article: "brandId \(brand)", quote: "")
        ])
    }
    return id
  }

  private mutating func identify(_ brand: String, _ product: String, _ notes: inout CDRNotes) -> String {
    var id = "cdr-\(CDRText.identifier(brand).prefix(8))-\(CDRText.identifier(product))"
    if CDRText.identifier(product) != product {
      notes.keep("data.productId", "characters that no resource name may have", product, "read as \(id)")
    }
    if id.utf8.count > ResourceName.maximumIDLength {
      id = String(id.prefix(ResourceName.maximumIDLength - 9)) + "-" + CDRText.digest(product)
      notes.keep("data.productId", "longer than a resource name may be", product, "read as \(id)")
    }
    if ids.contains(id) {
      var number = 2
      while ids.contains("\(id)~\(number)") { number += 1 }
      notes.keep("data.productId", "stands in an earlier line of the brand too", product, "read as \(id)~\(number)")
      id = "\(id)~\(number)"
    }
    ids.insert(id)
    return id
  }

  private func terms(
    _ data: JSONValue, institution: String, _ notes: inout CDRNotes
  ) throws(DomainError) -> ProductTerms {
    guard let name = data["name"].text else {
      throw DomainError(.requiredFieldMissing, "the product has no name", field: "data.name")
    }
    let category = data["productCategory"].text ?? ""
    var terms = ProductTerms(institution: institution, instrument: .loan, title: LocalizedText(zh: name, en: name))
    switch category {
    case "BUSINESS_LOANS": break
    case "OVERDRAFTS": terms.repaymentMethods = [.revolving]
    case "LEASES": terms.instrument = .lease
    case "TRADE_FINANCE":
      terms.instrument = .factoring
      notes.keep("data.productCategory", "no instrument of its own here", category, "read as FACTORING")
    default: throw .invalid("data.productCategory", "\"\(category.prefix(40))\" is no business finance")
    }
    if let text = data["description"].text { terms.summary = LocalizedText(zh: "", en: text) }
    readDates(data, &terms, &notes)
    readLinks(data, &terms, &notes)
    if data["isTailored"].text == "true" { notes.say("isTailored: the terms are tailored to the customer") }
    CDRConstraints.read(data["constraints"].elements, &terms, &notes)
    CDRLists.read(data, &notes)
    CDRRates.read(data["lendingRates"].elements, &terms, &notes)
    terms.fees = CDRFees.read(data["fees"].elements, &notes)
    return terms
  }

  /// The calendar days that the bank wrote, whatever their time zone.
  private func readDates(_ data: JSONValue, _ terms: inout ProductTerms, _ notes: inout CDRNotes) {
    for key in ["effectiveFrom", "effectiveTo"] {
      guard let text = data[key].text else { continue }
      if key == "effectiveTo", let year = Int(text.prefix(4)), year > 2199 {
        notes.keep("data.effectiveTo", "a day that stands for no end", text, "read as open")
      } else if let day = try? BusinessDate(iso: String(text.prefix(10))) {
        if key == "effectiveFrom" { terms.effectiveFrom = day } else { terms.effectiveTo = day }
      } else {
        notes.keep("data.\(key)", "not a date", text, "kept as text")
        notes.say("\(key): \(text)")
      }
    }
    if let from = terms.effectiveFrom, let to = terms.effectiveTo, to < from {
      notes.keep("data.effectiveTo", "before effectiveFrom \(from)", "\(to)", "kept as text")
      notes.say("effectiveTo: \(to)")
      terms.effectiveTo = nil
    }
  }

  private func readLinks(_ data: JSONValue, _ terms: inout ProductTerms, _ notes: inout CDRNotes) {
    let information = data["additionalInformation"]
    var links = [("applicationUri", data["applicationUri"])]
    links += information.keys.map { ("additionalInformation.\($0)", information[$0]) }
    for (name, link) in links where !link.isEmpty {
      guard let uri = link.text else {
        notes.say("\(name): \(link.words)")
        continue
      }
      guard (try? PageURI.validate(uri, name)) != nil else {
        notes.keep("data.\(name)", "not an http address of visible ASCII characters", uri, "kept as text")
        notes.say("\(name): \(uri)")
        continue
      }
      if terms.pageURI.isEmpty, name.hasSuffix("overviewUri") || name == "applicationUri" { terms.pageURI = uri }
      terms.sources.append(Source(document: "CDR \(name)", article: uri, quote: ""))
    }
    if let updated = data["lastUpdated"].text {
      terms.sources.append(Source(document: "CDR lastUpdated", article: updated, quote: ""))
    }
    if !data["cardArt"].isEmpty {
      notes.keep("data.cardArt", "pictures have no field here", data["cardArt"].words, "kept as text")
      notes.say("cardArt: \(data["cardArt"].words)")
    }
  }
}
