import EvaluationAnalysis
package import GRPCCore
package import Protos
import RPCEdge

extension AnalysisService {
  package func measureEfficiency(
    request: ServerRequest<Huirong_Evaluation_V1_MeasureEfficiencyRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_MeasureEfficiencyResponse> {
    try await edge.unary(request, context) { message, call in
      let isConstant = try Require.value(message.returnsToScale, "returns_to_scale") == .constant
      let data = try ProductionData(
        units: message.units, inputs: message.inputs, outputs: message.outputs, values: message.values)
      var response = Huirong_Evaluation_V1_MeasureEfficiencyResponse()
      response.units.reserveCapacity(data.units.count)
      for index in data.units.indices {
        try call.checkCancellation()
        let efficiency = try DataEnvelopment.efficiency(of: index, in: data, isConstant ? .constant : .variable)
        var unit = Huirong_Evaluation_V1_UnitEfficiency()
        unit.unit = data.units[index]
        unit.efficiency = efficiency.value
        unit.peers = efficiency.peers.map { peer in
          var proto = Huirong_Evaluation_V1_EfficiencyPeer()
          proto.unit = data.units[peer.unit]
          proto.multiple = peer.multiple
          return proto
        }
        response.units.append(unit)
        await Task.yield()
      }
      return response
    }
  }
}
