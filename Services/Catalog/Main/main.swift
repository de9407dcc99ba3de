import CatalogAPI
import CatalogDomain
import CatalogStore
import Protos
import ServiceHost

await ServiceHost.run(
  ServiceDefinition(
    name: "catalog", summary: "The product catalog: institutions, products, matching with reasons, cost.",
    ports: .catalog, migrations: CatalogMigrations.all,
    methods: Huirong_Catalog_V1_CatalogService.Method.descriptors, access: CatalogAccess.table,
    keys: [
      ConfigurationKey(
        "product-pages", .text, default: "http://127.0.0.1:8080/products/",
        "Where product pages are: QR codes open this address with the product's id behind it.")
    ]
  ) { context in
    let repository = CatalogStore(try context.store, limits: PolicyLimits(context.policy))
    let service = CatalogService(
      edge: context.edge, repository: repository, live: try await LiveCatalog(repository), logger: context.logger,
      pages: context.configuration.text("product-pages") ?? "")
    return BuiltService(plain: Huirong_Catalog_V1_CatalogService.plainMethods(service), grpc: [service])
  }
)
