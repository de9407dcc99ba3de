import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func getFacilityReport(
    request: ServerRequest<Huirong_Fund_V1_GetFacilityReportRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_FacilityReport> {
    try await edge.unary(request, context) { message, _ in
      let to = try Wire.date(message.hasTo, message.to, "to")
      let from =
        message.hasFrom
        ? try BusinessDate(message.from, field: "from") : try BusinessDate(year: to.year, month: to.month, day: 1)
      return try .init(await repository.facilityReport(Wire.facility(message.name, "name"), from: from, to: to))
    }
  }
}
