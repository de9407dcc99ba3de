import DemandDomain
import Kernel
import Policy

extension JSONWriter {
  /// The firm, whole; what is empty is left out.
  /// - Parameter policyDigest: the entry's own, which a size that was judged now repeats.
  mutating func member(
    _ key: StaticString, _ enterprise: Enterprise, _ texts: EnterpriseTexts, policyDigest: String
  ) {
    let ties = enterprise.ties
    self.key(key)
    open()
    member("chain", ties.chain.isEmpty ? nil : ties.chain)
    if !enterprise.consents.isEmpty { member("consents", JSONValue.list(enterprise.consents.map(\.json))) }
    member("create_time", enterprise.createdAt.microseconds)
    if texts.extra != EnterpriseExtra.empty { member("extra", written: texts.extra) }
    if enterprise.firstLoan { member("first_loan", written: "true") }
    member("grade", enterprise.grade?.rawValue)
    member("id", enterprise.id)
    member("industry", enterprise.industry.text)
    member("merged_into", enterprise.mergedInto)
    member("name", enterprise.displayName)
    member("park", ties.park.isEmpty ? nil : ties.park)
    member("region", enterprise.region.text)
    member("revision", enterprise.revision)
    if let size = enterprise.size { member("size", size, texts, policyDigest: policyDigest) }
    if !enterprise.tags.isEmpty { member("tags", JSONValue.list(enterprise.tags.map(\.json))) }
    member("update_time", enterprise.updatedAt.microseconds)
    close()
  }

  private mutating func member(
    _ key: StaticString, _ size: SizeJudgement, _ texts: EnterpriseTexts, policyDigest: String
  ) {
    self.key(key)
    open()
    member("as_of", size.asOf.description)
    member("assets", size.inputs.assets?.minorUnits)
    member("band", size.band?.rawValue)
    if let citations = texts.citations { member("citations", written: citations) }
    member("policy_digest", size.policyDigest == policyDigest ? nil : size.policyDigest)
    member("revenue", size.inputs.revenue?.minorUnits)
    member("sector", size.inputs.sector.rawValue)
    member("staff", size.inputs.staff)
    close()
  }
}

extension Enterprise {
  /// As `JSONWriter` writes it.
  init(json: JSONValue, policyDigest: String) throws {
    self.init(
      uscc: try UnifiedSocialCreditCode(try json.text("id")), displayName: try json.text("name"),
      region: try RegionCode(try json.text("region")), industry: try IndustryCode(try json.text("industry")),
      size: json["size"] == .null ? nil : try SizeJudgement(json: json["size"], policyDigest: policyDigest),
      tags: try json.items("tags").map(EnterpriseTag.init(json:)), grade: try json.optionalWord("grade"),
      firstLoan: json["first_loan"] == .flag(true), consents: try json.items("consents").map(Consent.init(json:)),
      createdAt: try json.time("create_time"), updatedAt: try json.time("update_time"),
      revision: try json.integer("revision"))
    if json["extra"] != .null {
      let extra = try EnterpriseExtra(json: json["extra"])
      ties = extra.ties
      verification = extra.verification
    }
    ties.chain = try json.optionalText("chain") ?? ""
    ties.park = try json.optionalText("park") ?? ""
    mergedInto = try json.optionalText("merged_into")
  }
}

extension SizeJudgement {
  fileprivate init(json: JSONValue, policyDigest: String) throws {
    self.init(
      inputs: SizeInputs(
        sector: try json.word("sector"), staff: try json.optionalInteger("staff"),
        revenue: try json.optionalInteger("revenue").map { Money($0, .cny) },
        assets: try json.optionalInteger("assets").map { Money($0, .cny) }),
      band: try json.optionalWord("band"), citations: try json.list("citations").map { try Citation(json: $0) },
      asOf: try json.day("as_of"), policyDigest: try json.optionalText("policy_digest") ?? policyDigest)
  }
}

extension EnterpriseTag {
  var json: JSONValue { .members(["tag": .text(tag), "from": .day(validFrom), "to": .day(validTo)]) }

  init(json: JSONValue) throws {
    self.init(
      tag: try json.text("tag"), validFrom: try json.optionalDay("from"), validTo: try json.optionalDay("to"))
  }
}

extension Consent {
  var json: JSONValue {
    .members([
      "kind": .text(kind.rawValue), "granted_on": .day(grantedOn), "expires_on": .day(expiresOn),
      "reference": reference.isEmpty ? .null : .text(reference),
      "institution": institution.isEmpty ? .null : .text(institution), "revoked_on": .day(revokedOn),
    ])
  }

  init(json: JSONValue) throws {
    self.init(
      kind: try json.word("kind"), grantedOn: try json.day("granted_on"), expiresOn: try json.day("expires_on"),
      reference: try json.optionalText("reference") ?? "", institution: try json.optionalText("institution") ?? "",
      revokedOn: try json.optionalDay("revoked_on"))
  }
}
