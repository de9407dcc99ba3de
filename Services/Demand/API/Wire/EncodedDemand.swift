import DemandDomain
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf

extension Demand {
  /// The bytes of `wire`, without building it: a demand is encoded for every command on it and fifty times for a page.
  var encoded: [UInt8] {
    get throws {
      var writer = FieldWriter(capacity: 768)
      try write(to: &writer)
      return writer.bytes
    }
  }

  /// Writes the fields of `huirong.demand.v1.Demand` in the order of their numbers.
  func write(to writer: inout FieldWriter) throws {
    writeWanted(to: &writer)
    if let assessment { try writer.generated(15, assessment.wire) }
    if let pushMode { writer.word(16, pushMode.wire) }
    for target in targets { writer.message(17) { target.write(to: &$0) } }
    writeCredit(to: &writer)
    for decline in declines { try writer.generated(26, decline.wire) }
    if let closeOut { try writer.generated(27, closeOut.wire) }
    writer.text(28, endReason ?? "")
    writer.text(29, submittedBy)
    writer.text(30, policyDigest)
    writer.time(31, createdAt)
    writer.time(32, updatedAt)
    writer.text(33, String(revision))
    try handling.write(to: &writer)
  }

  private func writeWanted(to writer: inout FieldWriter) {
    writer.text(1, "demands/", id)
    writer.text(2, "enterprises/", enterprise)
    writer.word(3, state.wire)
    writer.money(4, amount)
    writer.integer(5, Int64(Int32(truncatingIfNeeded: tenorMonths)))
    writer.text(6, purpose)
    writer.word(7, securityMode.wire)
    writer.word(8, instrument.wire)
    writer.text(9, region.text)
    writer.word(10, channel.wire)
    if let wantedDate { writer.date(11, wantedDate) }
    if let validUntil { writer.date(12, validUntil) }
    if let contact {
      writer.message(13) {
        $0.text(1, contact.person)
        $0.text(2, contact.phone)
      }
    }
    writer.message(14) { profile.write(to: &$0) }
  }

  private func writeCredit(to writer: inout FieldWriter) {
    if let claim {
      writer.text(18, claim.institution)
      writer.time(19, claim.at)
    }
    if let offer { writer.message(20) { offer.write(to: &$0) } }
    if let contract { writer.message(21) { contract.write(to: &$0) } }
    for disbursement in disbursements { writer.message(22) { disbursement.write(to: &$0) } }
    writer.money(23, disbursedByAll)
    if let signedSatisfaction { writer.rate(24, signedSatisfaction) }
    if let disbursedSatisfaction { writer.rate(25, disbursedSatisfaction) }
  }
}

extension Handling {
  fileprivate func write(to writer: inout FieldWriter) throws {
    writer.word(34, urgency.wire)
    if let collateral { writer.word(35, collateral.wire) }
    writer.word(36, level.wire)
    for escalation in escalations { try writer.generated(37, escalation.wire) }
    if let plan { try writer.generated(38, plan.wire) }
    for member in members { try writer.generated(39, member.wire) }
    if let contactedAt { writer.time(40, contactedAt) }
    if let pushedAt { writer.time(41, pushedAt) }
    for pause in pauses { try writer.generated(42, pause.wire) }
    for missed in missed { try writer.generated(43, missed.wire) }
    for similar in similar { writer.message(44) { similar.write(to: &$0) } }
    writer.integer(45, Int64(Int32(truncatingIfNeeded: secondLooks)))
    for note in notes { try writer.generated(46, note.wire) }
    for taker in takers { try writer.generated(47, taker.wire) }
    for document in documents { try writer.generated(48, document.wire) }
  }
}

extension EnterpriseProfile {
  fileprivate func write(to writer: inout FieldWriter) {
    writer.text(1, displayName)
    writer.text(2, region.text)
    writer.text(3, industry.text)
    writer.word(4, sizeBand.wire)
    if let grade { writer.word(5, grade.wire) }
    writer.flag(6, firstLoan)
    for tag in tags {
      writer.length(7, tag.utf8.count)
      writer.append(tag)
    }
    for consent in consents {
      writer.message(8) {
        $0.text(1, consent.kind.rawValue.uppercased())
        $0.date(2, consent.expiresOn)
      }
    }
  }
}

extension PushTarget {
  fileprivate func write(to writer: inout FieldWriter) {
    writer.word(1, kind.wire)
    writer.text(2, organisation)
    writer.text(3, product)
    writer.rate(4, score)
    writer.word(5, state.wire)
    writer.time(6, pushedAt)
    if let acknowledgedAt { writer.time(7, acknowledgedAt) }
    writer.word(8, reason.wire)
  }
}

extension Offer {
  fileprivate func write(to writer: inout FieldWriter) {
    writer.text(1, institution)
    writer.money(2, amount)
    writer.rate(3, rate)
    writer.integer(4, Int64(Int32(truncatingIfNeeded: tenorMonths)))
    writer.flag(5, guaranteeNeeded)
    writer.text(6, product)
    writer.time(7, at)
  }
}

extension Contract {
  fileprivate func write(to writer: inout FieldWriter) {
    writer.text(1, number)
    writer.money(2, amount)
    writer.date(3, signedOn)
    writer.flag(4, revolving)
    if let drawBy { writer.date(5, drawBy) }
    writer.flag(6, firstLoan)
  }
}

extension Disbursement {
  fileprivate func write(to writer: inout FieldWriter) {
    writer.money(1, amount)
    writer.date(2, paidOn)
    writer.message(3) {
      $0.text(1, evidence.kind)
      $0.text(2, evidence.reference)
      if !evidence.sha256.isEmpty { $0.raw(3, evidence.sha256) }
    }
  }
}

extension SimilarDemand {
  fileprivate func write(to writer: inout FieldWriter) {
    writer.text(1, "demands/", demand)
    writer.word(2, similarity.wire)
    writer.money(3, amount)
  }
}
