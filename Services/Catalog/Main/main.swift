import CatalogAPI
import CatalogDomain
import CatalogStore
import Protos
import ServiceHost

await ServiceHost.run(
  ServiceDefinition(
    name: "catalog", summary: "The product catalog: institutions, products, matching with reasons, cost.",
    ports: .catalog, migrations: CatalogMigrations.all,
    methods: Huirong_Catalog_V1_CatalogService.Method.descriptors, access: CatalogAccess.table
  ) { context in
    let repository = CatalogStore(try context.store, caps: PolicyFeeCaps(context.policy))
    let service = CatalogService(
      edge: context.edge, repository: repository, live: try await LiveCatalog(repository), logger: context.logger)
    return BuiltService(plain: Huirong_Catalog_V1_CatalogService.plainMethods(service), grpc: [service])
  }
)
