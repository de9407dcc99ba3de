package import PlainRPC
package import Protos

/// The gateway's connections to the four services. A call without credentials in its metadata goes out under the
/// gateway's own identity; that of an HTTP caller takes its place.
package struct SuiteClients: Sendable {
  package let demand: Huirong_Demand_V1_DemandService.PlainClient
  package let catalog: Huirong_Catalog_V1_CatalogService.PlainClient
  package let fund: Huirong_Fund_V1_FundService.PlainClient
  package let evaluation: Huirong_Evaluation_V1_EvaluationService.PlainClient

  /// How long a step of the gateway's own may take at the service it calls.
  package static let stepTimeout = Duration.seconds(10)

  package init(demand: PlainClient, catalog: PlainClient, fund: PlainClient, evaluation: PlainClient) {
    self.demand = .init(demand)
    self.catalog = .init(catalog)
    self.fund = .init(fund)
    self.evaluation = .init(evaluation)
  }

  /// Options of a step that the gateway takes on its own account.
  package func own() -> PlainCallOptions { .timeout(Self.stepTimeout) }

  /// The connection to the service that serves a method; `nil` when no service of the suite does.
  package func client(for method: PlainMethodDescriptor) -> PlainClient? {
    // A process may serve several services of its package.
    let package = method.service.split(separator: ".").dropLast().joined(separator: ".")
    return switch package {
    case "huirong.demand.v1": demand.client
    case "huirong.catalog.v1": catalog.client
    case "huirong.fund.v1": fund.client
    case "huirong.evaluation.v1": evaluation.client
    default: nil
    }
  }

  package var all: [(name: String, client: PlainClient)] {
    [("demand", demand.client), ("catalog", catalog.client), ("fund", fund.client), ("evaluation", evaluation.client)]
  }
}
