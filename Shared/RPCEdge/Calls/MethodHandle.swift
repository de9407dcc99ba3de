internal import GRPCCore
internal import Observability

/// One method's counters, looked up once so that a call only adds to them.
final class MethodHandle: Sendable {
  let service: String
  let name: String
  let fullName: String
  let roles: RoleSet

  private let byCode: [LazyMetric<Counter>]
  private let latency: LazyMetric<Histogram>
  private let inFlight: LazyMetric<Gauge>

  init(_ descriptor: MethodDescriptor, roles: RoleSet, metrics: Metrics) {
    service = descriptor.service.fullyQualifiedService
    name = descriptor.method
    fullName = descriptor.fullyQualifiedMethod
    self.roles = roles
    let fullName = descriptor.fullyQualifiedMethod
    byCode = StatusName.all.map { code in
      LazyMetric {
        metrics.counter(
          "huirong_rpc_total", "Calls finished, by method and status.", labels: [("method", fullName), ("code", code)])
      }
    }
    latency = LazyMetric {
      metrics.histogram(
        "huirong_rpc_seconds", "Time from accepting a call to its status.", labels: [("method", fullName)])
    }
    inFlight = LazyMetric {
      metrics.gauge("huirong_rpc_in_flight", "Calls accepted and not yet finished.", labels: [("method", fullName)])
    }
  }

  func begin() { inFlight.value.add(1) }

  func end(code: Int, nanoseconds: Int64) {
    inFlight.value.add(-1)
    byCode[byCode.indices.contains(code) ? code : 2].value.increment()
    latency.value.record(nanoseconds)
  }
}

/// Canonical names of the gRPC status codes 0 to 16, in their order.
package enum StatusName {
  package static let all = [
    "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
    "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
    "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
  ]

  package static func of(_ code: Int) -> String { all.indices.contains(code) ? all[code] : "UNKNOWN" }
}
