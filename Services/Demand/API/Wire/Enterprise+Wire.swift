import DemandDomain
import Kernel
import Policy
import Protos
import RPCEdge
import SwiftProtobuf

extension EnterpriseDraft {
  /// - Parameter field: path of the message; errors name the field below it.
  init(_ wire: Huirong_Demand_V1_Enterprise, field: String) throws(DomainError) {
    do {
      try self.init(
        displayName: wire.displayName, region: RegionCode(wire.regionCode), industry: IndustryCode(wire.industryCode),
        sizeInputs: wire.hasSizeInputs ? SizeInputs(wire.sizeInputs) : nil, tags: EnterpriseTag.list(wire.tags),
        grade: PlatformGrade.optional(wire.platformGrade, "platform_grade"), firstLoan: wire.firstLoan,
        consents: Consent.list(wire.consents), ties: EnterpriseTies(wire))
    } catch {
      throw error.within(field)
    }
  }
}

extension SizeInputs {
  init(_ wire: Huirong_Demand_V1_SizeInputs) throws(DomainError) {
    guard let sector = IndustrySector(rawValue: wire.sector) else {
      let known = IndustrySector.allCases.map(\.rawValue).joined(separator: ", ")
      throw .invalid("size_inputs.sector", "\"\(wire.sector.prefix(64))\" is no sector; there are \(known)")
    }
    self.init(
      sector: sector, staff: wire.hasStaff ? wire.staff : nil,
      revenue: wire.hasRevenue ? try Money(wire.revenue, field: "size_inputs.revenue") : nil,
      assets: wire.hasAssets ? try Money(wire.assets, field: "size_inputs.assets") : nil)
  }

  var wire: Huirong_Demand_V1_SizeInputs {
    .with {
      $0.sector = sector.rawValue
      if let staff { $0.staff = staff }
      if let revenue { $0.revenue = revenue.wire }
      if let assets { $0.assets = assets.wire }
    }
  }
}

extension EnterpriseTag {
  static func list(_ wire: [Huirong_Demand_V1_EnterpriseTag]) throws(DomainError) -> [EnterpriseTag] {
    var tags: [EnterpriseTag] = []
    for (index, tag) in wire.enumerated() {
      let field = "tags[\(index)]"
      tags.append(
        EnterpriseTag(
          tag: tag.tag, validFrom: try .optional(tag.hasValidFrom, tag.validFrom, "\(field).valid_from"),
          validTo: try .optional(tag.hasValidTo, tag.validTo, "\(field).valid_to")))
    }
    return tags
  }

  var wire: Huirong_Demand_V1_EnterpriseTag {
    .with {
      $0.tag = tag
      if let validFrom { $0.validFrom = validFrom.wire }
      if let validTo { $0.validTo = validTo.wire }
    }
  }
}

extension Consent {
  static func list(_ wire: [Huirong_Demand_V1_Consent]) throws(DomainError) -> [Consent] {
    var consents: [Consent] = []
    for (index, consent) in wire.enumerated() {
      let field = "consents[\(index)]"
      consents.append(
        Consent(
          kind: try ConsentKind(consent.kind, "\(field).kind"),
          grantedOn: try .required(consent.hasGrantedOn, consent.grantedOn, "\(field).granted_on"),
          expiresOn: try .required(consent.hasExpiresOn, consent.expiresOn, "\(field).expires_on"),
          reference: consent.reference, institution: consent.institution,
          revokedOn: try .optional(consent.hasRevokedOn, consent.revokedOn, "\(field).revoked_on")))
    }
    return consents
  }

  var wire: Huirong_Demand_V1_Consent {
    .with {
      $0.kind = kind.wire
      $0.grantedOn = grantedOn.wire
      $0.expiresOn = expiresOn.wire
      $0.reference = reference
      $0.institution = institution
      if let revokedOn { $0.revokedOn = revokedOn.wire }
    }
  }
}

extension Enterprise {
  var wire: Huirong_Demand_V1_Enterprise {
    .with {
      $0.name = "enterprises/\(id)"
      $0.uscc = uscc.text
      $0.usccStanding = uscc.standing == .legacy ? .legacy : .valid
      $0.displayName = displayName
      $0.regionCode = region.text
      $0.industryCode = industry.text
      if let size {
        $0.sizeInputs = size.inputs.wire
        $0.sizeBand = size.band.wire
        $0.sizeCitations = size.citations.map(\.wire)
        $0.sizeAsOf = size.asOf.wire
      }
      $0.tags = tags.map(\.wire)
      $0.platformGrade = grade?.wire ?? .unspecified
      $0.firstLoan = firstLoan
      $0.consents = consents.map(\.wire)
      ties.fill(&$0)
      if let verification { $0.verification = verification.wire }
      $0.mergedInto = mergedInto.map { "enterprises/\($0)" } ?? ""
      $0.createTime = Google_Protobuf_Timestamp(createdAt)
      $0.updateTime = Google_Protobuf_Timestamp(updatedAt)
      $0.etag = String(revision)
    }
  }
}

extension EnterpriseProfile {
  var wire: Huirong_Demand_V1_EnterpriseProfile {
    .with {
      $0.displayName = displayName
      $0.regionCode = region.text
      $0.industryCode = industry.text
      $0.sizeBand = sizeBand.wire
      $0.platformGrade = grade?.wire ?? .unspecified
      $0.firstLoan = firstLoan
      $0.tags = tags
      $0.consents = consents.map { consent in
        .with {
          $0.kind = consent.kind.rawValue.uppercased()
          $0.expiresOn = consent.expiresOn.wire
        }
      }
    }
  }
}
