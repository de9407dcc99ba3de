import EvaluationDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension EvaluationService {
  package func setTargets(
    request: ServerRequest<Huirong_Evaluation_V1_SetTargetsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_SetTargetsResponse> {
    try await edge.command(request, context) { (receipt: TargetReceipt) in
      var response = Huirong_Evaluation_V1_SetTargetsResponse()
      response.setCount = Int32(receipt.set)
      response.changedCount = Int32(receipt.changed)
      response.unchangedCount = Int32(receipt.unchanged)
      return response
    } _: { message, command in
      try Require.count(message.targets.count, minimum: 1, maximum: Target.maximumBatch, "targets")
      var targets: [Target] = []
      var seen: Set<String> = []
      for (index, proto) in message.targets.enumerated() {
        let field = "targets[\(index)]"
        let target = try Target(proto, field: field, caller: command.caller, now: command.now)
        guard seen.insert("\(target.subject.text) \(target.indicatorID) \(target.period)").inserted else {
          throw DomainError.invalid(field, "the same subject, indicator and period occur twice")
        }
        targets.append(target)
      }
      return try await commands.setTargets(targets, envelope: command.envelope, encode: command.encode)
    }
  }

  package func listProgress(
    request: ServerRequest<Huirong_Evaluation_V1_ListProgressRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_ListProgressResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      try Require.text(message.period, "period", maximum: 32)
      if !call.caller.isOffice, message.institutionID != call.caller.organisation || !message.regionCode.isEmpty {
        throw DomainError(
          .outOfScope, "\(call.caller.organisation) sees its own progress only", field: "institution_id")
      }
      let filter = ProgressFilter(
        period: try Period(message.period), indicatorID: message.indicatorID, institutionID: message.institutionID,
        regionCode: message.regionCode)
      let found = try await queries.progress(filter, after: page.cursor, limit: page.size)
      var response = Huirong_Evaluation_V1_ListProgressResponse()
      response.progress = found.items.map(Huirong_Evaluation_V1_Progress.init)
      response.nextPageToken = found.token(page)
      return response
    }
  }
}

extension Target {
  init(
    _ proto: Huirong_Evaluation_V1_Target, field: String, caller: Caller, now: Instant
  ) throws(DomainError) {
    let subject: TargetSubject
    switch (proto.institutionID.isEmpty, proto.regionCode.isEmpty) {
    case (false, true): subject = .institution(proto.institutionID)
    case (true, false): subject = .region(proto.regionCode)
    default: throw .invalid(field, "give either institution_id or region_code")
    }
    if proto.version != 0 || !proto.setter.isEmpty || proto.hasRecordTime {
      throw .invalid("\(field).version", "version, setter and record_time are output only")
    }
    try Require.optionalText(proto.reason, "\(field).reason", maximum: Target.maximumReasonLength)
    self.init(
      subject: subject, indicatorID: proto.indicatorID, period: try Period(proto.period, field: "\(field).period"),
      value: proto.value, reason: proto.reason, setter: Run.person(caller), recordTime: now)
  }
}

extension Huirong_Evaluation_V1_Progress {
  init(_ line: ProgressLine) {
    self.init()
    target = Huirong_Evaluation_V1_Target(line.target)
    unit = line.unit.proto
    switch line.actual {
    case .present(let value):
      present = true
      actual = value
      attainmentPpm = line.attainmentPPM
      attained = line.attainmentPPM >= 1_000_000
    case .absent(let reason): absence = reason.description
    }
  }
}

extension Huirong_Evaluation_V1_Target {
  init(_ target: Target) {
    self.init()
    switch target.subject {
    case .institution(let id): institutionID = id
    case .region(let code): regionCode = code
    }
    indicatorID = target.indicatorID
    period = target.period.description
    value = target.value
    reason = target.reason
    version = target.version
    setter = target.setter
    recordTime = Google_Protobuf_Timestamp(target.recordTime)
  }
}
