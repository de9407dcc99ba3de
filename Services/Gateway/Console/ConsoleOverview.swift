package import Protos

/// What the console shows, as the services answered it.
package struct ConsoleOverview: Sendable {
  package var demands: Huirong_Demand_V1_SummarizeDemandsResponse?
  package var pools: [Huirong_Fund_V1_Pool] = []
  package var facilities: [Huirong_Fund_V1_Facility] = []
  package var products: [Huirong_Catalog_V1_Product] = []
  package var run: Huirong_Evaluation_V1_Run?
  package var rankings: [Huirong_Evaluation_V1_Ranking] = []

  package init() {}
}
