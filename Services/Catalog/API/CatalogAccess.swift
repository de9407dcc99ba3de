package import RPCEdge

/// Who may call what. Whether an institution may touch a given product is the domain's question (`Ownership`).
package enum CatalogAccess {
  package static let table = AccessTable(
    service: "huirong.catalog.v1.CatalogService",
    [
      "CreateInstitution": [.operator, .regulator],
      "GetInstitution": .everyone,
      "ListInstitutions": .everyone,
      "CreateProduct": [.institution, .operator],
      "UpdateProduct": [.institution, .operator],
      "PublishProduct": [.institution, .operator],
      "SuspendProduct": [.institution, .operator],
      "WithdrawProduct": [.institution, .operator],
      "GetProduct": .everyone,
      "ListProducts": .everyone,
      "ListProductVersions": .everyone,
      "BatchImportProducts": [.institution, .operator],
      "MatchProducts": .everyone,
      "ExplainMatch": .everyone,
      "CalculateAnnualCost": .everyone,
      "RecordReferenceRates": [.operator],
      "ListReferenceRates": .everyone,
      "WatchProducts": .everyone,
      "VerifyChain": [.operator, .regulator, .analyst, .service],
    ])
}
