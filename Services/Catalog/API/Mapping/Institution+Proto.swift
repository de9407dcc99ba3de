package import CatalogDomain
package import Kernel
package import Protos
import RPCEdge

extension Institution {
  /// An institution as a caller wrote it.
  /// - Throws: for a kind that is not given or not known.
  package init(id: String, _ proto: Huirong_Catalog_V1_Institution) throws(DomainError) {
    self.init(
      id: id, kind: try Reading.value(proto.kind.rawValue, as: InstitutionKind.self, "institution.kind"),
      nameZH: proto.nameZh, nameEN: proto.nameEn, uscc: proto.uscc.isEmpty ? nil : proto.uscc,
      serviceRegions: proto.serviceRegions, governmentBacked: proto.governmentBacked,
      sources: proto.sources.map { Source($0) },
      branches: try Reading.each(proto.branches, "institution.branches") { branch, path throws(DomainError) in
        try Branch(branch, path)
      })
  }
}

extension Branch {
  init(_ proto: Huirong_Catalog_V1_Branch, _ field: String) throws(DomainError) {
    self.init(
      id: proto.branchID, kind: try Reading.value(proto.kind.rawValue, as: BranchKind.self, "\(field).kind"),
      nameZH: proto.nameZh, nameEN: proto.nameEn, region: proto.regionCode, address: proto.address, phone: proto.phone,
      serviceRegions: proto.serviceRegions)
  }
}

extension Huirong_Catalog_V1_Branch {
  init(_ branch: Branch) {
    self.init()
    branchID = branch.id
    kind = .init(rawValue: branch.kind.rawValue) ?? .unspecified
    nameZh = branch.nameZH
    nameEn = branch.nameEN
    regionCode = branch.region
    address = branch.address
    phone = branch.phone
    serviceRegions = branch.serviceRegions
  }
}

extension Huirong_Catalog_V1_Institution {
  init(_ institution: Institution) {
    self.init()
    name = institution.name
    kind = Huirong_Catalog_V1_InstitutionKind(rawValue: institution.kind.rawValue) ?? .unspecified
    nameZh = institution.nameZH
    nameEn = institution.nameEN
    uscc = institution.uscc ?? ""
    serviceRegions = institution.serviceRegions
    governmentBacked = institution.governmentBacked
    sources = institution.sources.map { Huirong_Catalog_V1_Source($0) }
    createTime = .init(institution.createTime)
    updateTime = .init(institution.updateTime)
    etag = institution.etag
    branches = institution.branches.map { .init($0) }
  }
}

extension Source {
  init(_ proto: Huirong_Catalog_V1_Source) {
    self.init(document: proto.document, article: proto.article, quote: proto.quote)
  }
}

extension Huirong_Catalog_V1_Source {
  init(_ source: Source) {
    self.init()
    document = source.document
    article = source.article
    quote = source.quote
  }
}
