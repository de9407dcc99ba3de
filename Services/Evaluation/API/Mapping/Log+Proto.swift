import EvaluationDomain
import Foundation
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Evaluation_V1_FeedSource {
  init(_ report: FeedReport) {
    self.init()
    source = report.source.rawValue
    appliedSequence = report.applied
    seenSequence = report.seen
    lag = report.lag
    connected = report.isConnected
    failedAttempts = Int32(clamping: report.failedAttempts)
    lastFailure = report.lastFailure
    if let time = report.appliedAt { applyTime = Google_Protobuf_Timestamp(time) }
  }
}

extension Huirong_Evaluation_V1_EvaluationEvent {
  init(_ entry: LogEntry) {
    self.init()
    header.sequence = entry.sequence
    header.commitTimeMicros = entry.commitTime.microseconds
    header.type = entry.type
    header.subject = entry.subject
    header.actor = entry.actor
    header.hash = Data(entry.hash)
    payloadJson = String(decoding: entry.payload, as: UTF8.self)
  }
}
