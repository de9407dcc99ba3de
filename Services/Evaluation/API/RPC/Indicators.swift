import EvaluationDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension EvaluationService {
  package func createIndicator(
    request: ServerRequest<Huirong_Evaluation_V1_CreateIndicatorRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_Indicator> {
    try await edge.command(request, context) { (created: [Indicator]) in
      Huirong_Evaluation_V1_Indicator(try created.first.orInternal("no indicator was created"))
    } _: { message, command in
      try Require.set(message.hasIndicator, "indicator")
      let indicator = try Indicator(message.indicator, field: "indicator", now: command.now)
      do {
        return try await commands.createIndicators([indicator], envelope: command.envelope, encode: command.encode)
      } catch let error as DomainError {
        throw error.renamed("indicators[0]", to: "indicator")
      }
    }
  }

  package func batchCreateIndicators(
    request: ServerRequest<Huirong_Evaluation_V1_BatchCreateIndicatorsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_BatchCreateIndicatorsResponse> {
    try await edge.command(request, context) { (created: [Indicator]) in
      var response = Huirong_Evaluation_V1_BatchCreateIndicatorsResponse()
      response.indicators = created.map(Huirong_Evaluation_V1_Indicator.init)
      return response
    } _: { message, command in
      try Require.count(message.indicators.count, minimum: 1, maximum: 1000, "indicators")
      var indicators: [Indicator] = []
      for (index, proto) in message.indicators.enumerated() {
        indicators.append(try Indicator(proto, field: "indicators[\(index)]", now: command.now))
      }
      return try await commands.createIndicators(indicators, envelope: command.envelope, encode: command.encode)
    }
  }

  package func listIndicators(
    request: ServerRequest<Huirong_Evaluation_V1_ListIndicatorsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_ListIndicatorsResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let found = try await queries.indicators(after: page.cursor, limit: page.size)
      var response = Huirong_Evaluation_V1_ListIndicatorsResponse()
      response.indicators = found.items.map(Huirong_Evaluation_V1_Indicator.init)
      response.nextPageToken = found.token(page)
      return response
    }
  }
}

extension EvaluationService {
  package func reviseIndicator(
    request: ServerRequest<Huirong_Evaluation_V1_ReviseIndicatorRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_Indicator> {
    try await edge.command(request, context) { (revised: Indicator) in
      Huirong_Evaluation_V1_Indicator(revised)
    } _: { message, command in
      try Require.set(message.hasIndicator, "indicator")
      try Require.number(message.previousVersion, in: 1...1_000_000, "previous_version")
      return try await commands.reviseIndicator(
        try Indicator(message.indicator, field: "indicator", now: command.now),
        previousVersion: Int(message.previousVersion), envelope: command.envelope, encode: command.encode)
    }
  }

  package func listBasisClashes(
    request: ServerRequest<Huirong_Evaluation_V1_ListBasisClashesRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_ListBasisClashesResponse> {
    try await edge.unary(request, context) { message, _ in
      if !message.concept.isEmpty, !EvaluationID.isIndicatorID(message.concept) {
        throw DomainError.invalid("concept", "not the id of a concept")
      }
      var response = Huirong_Evaluation_V1_ListBasisClashesResponse()
      response.clashes = try await queries.basisClashes(concept: message.concept)
        .map(Huirong_Evaluation_V1_BasisClash.init)
      return response
    }
  }
}

extension Optional {
  func orInternal(_ message: String) throws(DomainError) -> Wrapped {
    guard let self else { throw DomainError(.internal, message) }
    return self
  }
}

extension DomainError {
  /// The same error for a request that calls the field otherwise.
  func renamed(_ prefix: String, to name: String) -> DomainError {
    guard let field, field.hasPrefix(prefix) else { return self }
    var copy = self
    copy.field = name + field.dropFirst(prefix.count)
    return copy
  }
}
