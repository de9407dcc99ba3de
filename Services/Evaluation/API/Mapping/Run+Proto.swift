import EvaluationDomain
import Foundation
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf

extension RunRequest {
  /// Institutions that one request may name.
  private static let maximumInstitutions = 10_000

  init(_ message: Huirong_Evaluation_V1_RunEvaluationRequest) throws(DomainError) {
    try Require.number(message.schemeVersion, in: 0...1_000_000, "scheme_version")
    try Require.text(message.period, "period", maximum: 32)
    try Require.count(message.institutionIds.count, maximum: Self.maximumInstitutions, "institution_ids")
    if !message.peerGroup.isEmpty, !ResourceName.isID(message.peerGroup) {
      throw .invalid("peer_group", "not the name of a peer group")
    }
    for (index, id) in message.institutionIds.enumerated() where !ResourceName.isID(id) {
      throw .invalid("institution_ids[\(index)]", "not an institution's id")
    }
    self.init(
      schemeID: try ResourceName.id(of: message.scheme, in: "schemes", field: "scheme"),
      schemeVersion: message.schemeVersion == 0 ? nil : Int(message.schemeVersion),
      scope: RunScope(
        period: try Period(message.period), peerGroup: message.peerGroup, institutionIDs: message.institutionIds))
  }
}

extension Huirong_Evaluation_V1_Run {
  init(_ run: Run) {
    self.init()
    name = "runs/\(run.id)"
    scheme = "schemes/\(run.schemeID)"
    schemeVersion = Int32(run.schemeVersion)
    period = run.period
    peerGroup = run.peerGroup
    state = run.state.proto
    kind = run.protoKind
    digest = Data(Hexadecimal.bytes(run.digest))
    resultDigest = Data(Hexadecimal.bytes(run.resultDigest))
    policyDigest = run.policyDigest
    engineVersion = run.engineVersion
    tables = run.tables.map(Huirong_Evaluation_V1_RunTable.init)
    inputCount = Int32(clamping: run.inputCount)
    creator = run.creator
    publisher = run.publisher
    createTime = Google_Protobuf_Timestamp(run.createTime)
    if let time = run.publishTime { publishTime = Google_Protobuf_Timestamp(time) }
    etag = run.etag
    if let date = run.reviewEnd { reviewEndDate = Huirong_Common_V1_Date(date) }
    if let date = run.appealEnd { appealEndDate = Huirong_Common_V1_Date(date) }
    supersedes = run.supersedes.map { "runs/\($0)" } ?? ""
    supersededBy = run.supersededBy.map { "runs/\($0)" } ?? ""
    correctionReason = run.correctionReason ?? ""
  }
}

extension Run.State {
  var proto: Huirong_Evaluation_V1_RunState {
    switch self {
    case .draft: .draft
    case .review: .inReview
    case .published: .published
    case .corrected: .corrected
    }
  }
}

extension Run {
  var protoKind: Huirong_Evaluation_V1_RunKind {
    switch try? kind() {
    case .monthlyBulletin: .monthlyBulletin
    case .quarterlyRanking: .quarterlyRanking
    case .annualAppraisal: .annualAppraisal
    case nil: .unspecified
    }
  }
}

extension Huirong_Evaluation_V1_RunTable {
  init(_ run: Run.Table) {
    self.init()
    table = run.name
    rankedCount = Int32(run.ranked)
    outsideCount = Int32(run.outside)
  }
}

extension Huirong_Evaluation_V1_Ranking {
  init(_ row: ScoreRow) {
    self.init()
    table = row.table
    rank = Int32(row.rank)
    institutionID = row.institutionID
    title = row.title
    totalMicroPoints = row.total
    regularMicroPoints = row.regular
    bonusMicroPoints = row.bonus
    grade = row.grade
    outsideReason = row.outsideReason
  }
}

extension Huirong_Evaluation_V1_ScoreExplanation {
  init(_ explanation: ScoreExplanation) {
    self.init()
    ranking = Huirong_Evaluation_V1_Ranking(explanation.row)
    nodes = explanation.nodes.map(Huirong_Evaluation_V1_ExplainedNode.init)
    steps = explanation.steps
    gates = explanation.gates
  }
}

extension Huirong_Evaluation_V1_ExplainedNode {
  init(_ node: ScoreExplanation.Node) {
    self.init()
    path = node.path
    titleZh = node.titleZH
    titleEn = node.titleEN
    weightPpm = node.weightPPM
    microPoints = node.points
    formula = node.formula
    inputs = node.inputs.map(Huirong_Evaluation_V1_ExplainedInput.init)
    if let statistics = node.peers {
      peers.count = Int32(statistics.count)
      peers.best = statistics.best
      peers.worst = statistics.worst
      peers.sum = "\(statistics.sum)"
      peers.place = Int32(statistics.place)
    }
    if let rule = node.citation { citation = Huirong_Common_V1_Citation(rule) }
    gate = node.gate
  }
}

extension Huirong_Evaluation_V1_ExplainedInput {
  init(_ input: ScoreExplanation.Input) {
    self.init()
    indicatorID = input.indicator.id
    titleZh = input.indicator.titleZH
    titleEn = input.indicator.titleEN
    unit = input.indicator.unit.proto
    period = input.period.description
    switch input.value {
    case .present(let number):
      present = true
      value = number
    case .absent(let reason): absence = reason.description
    }
    sources = input.sources
  }
}
