import EvaluationDomain
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf

extension ChallengeTask.State {
  /// `nil` for all.
  init?(_ proto: Huirong_Evaluation_V1_TaskState) {
    switch proto {
    case .open: self = .open
    case .claimed: self = .claimed
    case .reported: self = .reported
    case .accepted: self = .accepted
    case .failed: self = .failed
    case .unspecified, .UNRECOGNIZED: return nil
    }
  }

  var proto: Huirong_Evaluation_V1_TaskState {
    switch self {
    case .open: .open
    case .claimed: .claimed
    case .reported: .reported
    case .accepted: .accepted
    case .failed: .failed
    }
  }
}

extension ChallengeTask {
  init(_ proto: Huirong_Evaluation_V1_Task, poster: Caller, now: Instant) throws(DomainError) {
    var input = Huirong_Evaluation_V1_Task()
    input.titleZh = try Require.text(proto.titleZh, "task.title_zh", maximum: Indicator.maximumTitleLength)
    input.titleEn = try Require.text(proto.titleEn, "task.title_en", maximum: Indicator.maximumTitleLength)
    input.description_p = try Require.text(
      proto.description_p, "task.description", maximum: ChallengeTask.maximumTextLength)
    input.regionPrefix = proto.regionPrefix
    try Require.set(proto.hasDueDate, "task.due_date")
    input.dueDate = proto.dueDate
    if proto.hasGoal { input.goal = proto.goal }
    // Whatever else is set is not the caller's to set.
    guard input == proto else { throw .invalid("task", "name, state and everything after the goal are output only") }
    self.init(
      id: "", titleZH: input.titleZh, titleEN: input.titleEn, description: input.description_p,
      regionPrefix: input.regionPrefix, dueDate: try BusinessDate(input.dueDate, field: "task.due_date"),
      goal: proto.hasGoal
        ? Goal(indicatorID: proto.goal.indicatorID, period: proto.goal.period, value: proto.goal.value) : nil,
      poster: poster, createTime: now)
  }
}

extension Huirong_Evaluation_V1_Task {
  init(_ task: ChallengeTask) {
    self.init()
    name = "tasks/\(task.id)"
    titleZh = task.titleZH
    titleEn = task.titleEN
    description_p = task.description
    regionPrefix = task.regionPrefix
    dueDate = Huirong_Common_V1_Date(task.dueDate)
    if let stated = task.goal {
      goal.indicatorID = stated.indicatorID
      goal.period = stated.period
      goal.value = stated.value
    }
    state = task.state.proto
    claimRegion = task.claimRegion
    plan = task.plan
    result = task.result
    evidence = task.evidence
    judgement = task.judgement
    if let value = task.actual { actual = value }
    poster = task.poster
    claimant = task.claimant
    reporter = task.reporter
    judge = task.judge
    createTime = Google_Protobuf_Timestamp(task.createTime)
    if let time = task.claimTime { claimTime = Google_Protobuf_Timestamp(time) }
    if let time = task.reportTime { reportTime = Google_Protobuf_Timestamp(time) }
    if let time = task.judgeTime { judgeTime = Google_Protobuf_Timestamp(time) }
    etag = task.etag
  }
}
