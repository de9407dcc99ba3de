import DemandDomain
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf

extension EnterpriseTies {
  init(_ wire: Huirong_Demand_V1_Enterprise) throws(DomainError) {
    self.init()
    chain = wire.chain
    park = wire.park
    affiliates = try Self.affiliates(wire)
    firstLoanEvidence = try Self.firstLoanEvidence(wire)
    gradeReceipt = try Self.gradeReceipt(wire)
  }

  static func affiliates(_ wire: Huirong_Demand_V1_Enterprise) throws(DomainError) -> [String] {
    var codes: [String] = []
    for (index, name) in wire.affiliates.enumerated() {
      codes.append(try DemandService.enterpriseID(name, field: "affiliates[\(index)]"))
    }
    return codes
  }

  static func firstLoanEvidence(_ wire: Huirong_Demand_V1_Enterprise) throws(DomainError) -> FirstLoanEvidence? {
    guard wire.hasFirstLoanEvidence else { return nil }
    let given = wire.firstLoanEvidence
    return FirstLoanEvidence(
      evidence: try Evidence(given.evidence, field: "first_loan_evidence.evidence"),
      reportedOn: try .required(given.hasReportedOn, given.reportedOn, "first_loan_evidence.reported_on"))
  }

  static func gradeReceipt(_ wire: Huirong_Demand_V1_Enterprise) throws(DomainError) -> GradeReceipt? {
    guard wire.hasGradeReceipt else { return nil }
    let given = wire.gradeReceipt
    return GradeReceipt(
      source: given.source, gradedOn: try .required(given.hasGradedOn, given.gradedOn, "grade_receipt.graded_on"))
  }

  func fill(_ wire: inout Huirong_Demand_V1_Enterprise) {
    wire.chain = chain
    wire.park = park
    wire.affiliates = affiliates.map { "enterprises/\($0)" }
    if let firstLoanEvidence {
      wire.firstLoanEvidence = .with {
        $0.evidence = firstLoanEvidence.evidence.wire
        $0.reportedOn = firstLoanEvidence.reportedOn.wire
      }
    }
    if let gradeReceipt {
      wire.gradeReceipt = .with {
        $0.source = gradeReceipt.source
        $0.gradedOn = gradeReceipt.gradedOn.wire
      }
    }
  }
}

extension Verification {
  var wire: Huirong_Demand_V1_Verification {
    .with {
      $0.evidence = evidence.wire
      $0.actor = actor
      $0.checkedOn = checkedOn.wire
    }
  }
}
