import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension OutreachService {
  package func reportCases(
    request: ServerRequest<Huirong_Demand_V1_ReportCasesRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_ReportCasesResponse> {
    try await edge.unary(request, context) { message, call in
      try DemandScope.requireRegion(prefix: message.regionPrefix, field: "region_prefix", by: call.caller)
      return try await repository.report(
        try CaseReportQuery(
          prefix: message.regionPrefix, from: .required(message.hasFromDate, message.fromDate, "from_date"),
          to: .required(message.hasToDate, message.toDate, "to_date"),
          asOf: .required(message.hasAsOf, message.asOf, "as_of"))
      ).wire
    }
  }
}

extension DemandDomain.CaseReport {
  fileprivate var wire: Huirong_Demand_V1_ReportCasesResponse {
    .with {
      $0.counts = counts.map(\.wire)
      $0.firmsVisited = firmsVisited
      $0.eventSignedMinorUnits = eventSigned
      $0.eventInPlaceMinorUnits = eventInPlace
      $0.asOfSequence = sequence
      $0.chains = chains.map(\.wire)
      $0.sweeps = sweeps.map(\.wire)
    }
  }
}

extension DemandDomain.CaseReport.Count {
  fileprivate var wire: Huirong_Demand_V1_CaseCount {
    .with {
      $0.kind = kind.wire
      $0.state = state
      $0.count = count
      $0.overdue = overdue
      $0.late = late
    }
  }
}

extension DemandDomain.CaseReport.Chain {
  fileprivate var wire: Huirong_Demand_V1_ChainService {
    .with {
      $0.chain = chain
      $0.visits = visits
      $0.events = events
      $0.floor = floor ?? 0
    }
  }
}

extension DemandDomain.CaseReport.Sweep {
  fileprivate var wire: Huirong_Demand_V1_SweepCoverage {
    .with {
      $0.name = "cases/\(id)"
      $0.target = target
      $0.visited = visited
      $0.withNeed = withNeed
    }
  }
}
