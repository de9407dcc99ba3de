import Foundation
import GatewayJourney
import PlainRPC
import RPCEdge
import SwiftProtobuf

/// A journey as JSON: the services' own messages by the proto3 mapping, side by side.
enum JourneyJSON {
  static func encode(_ journey: Journey) throws -> Data {
    var fields = [
      #""name":"journeys/\#(journey.id)""#,
      #""waitsFor":"\#(JourneyPlan.waitsFor(journey.demand))""#,
      #""demand":\#(try journey.demand.jsonString())"#,
      #""guarantees":[\#(try journey.guarantees.map { try $0.jsonString() }.joined(separator: ","))]"#,
      #""pendingSteps":[\#(journey.pending.map { #""\#(name(of: $0))""# }.joined(separator: ","))]"#,
    ]
    if let problem = journey.problem {
      let status = JSONStatus.json(code: problem.code, message: problem.message, details: problem.details)
      fields.append(#""problem":\#(String(decoding: status, as: UTF8.self))"#)
    }
    return Data("{\(fields.joined(separator: ","))}".utf8)
  }

  private static func name(of step: JourneyStep) -> String {
    switch step {
    case .assess: "assess"
    case .matchAndPush: "match and push"
    case .reserve: "reserve guarantee"
    case .commit: "commit guarantee"
    case .void: "void guarantee"
    }
  }
}
