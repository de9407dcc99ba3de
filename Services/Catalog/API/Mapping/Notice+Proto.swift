package import CatalogDomain
package import Kernel
package import Protos
import RPCEdge

extension PolicyNotice {
  /// A notice as its publisher wrote it.
  package init(id: String, _ proto: Huirong_Catalog_V1_PolicyNotice) throws(DomainError) {
    self.init(
      id: id, kind: try Reading.value(proto.kind.rawValue, as: NoticeKind.self, "notice.kind"),
      title: LocalizedText(proto.title), body: LocalizedText(proto.body),
      audiences: try Reading.each(proto.audiences, "notice.audiences") { audience, path throws(DomainError) in
        try Reading.value(audience.rawValue, as: NoticeAudience.self, path)
      },
      target: NoticeTarget(
        regions: proto.target.regions, industries: proto.target.industries, tags: proto.target.tags),
      products: try Reading.each(proto.products, "notice.products") { name, path throws(DomainError) in
        try Reading.product(name, path)
      }, sources: proto.sources.map { Source($0) },
      effectiveFrom: proto.hasEffectiveFrom
        ? try BusinessDate(proto.effectiveFrom, field: "notice.effective_from") : nil,
      effectiveTo: proto.hasEffectiveTo ? try BusinessDate(proto.effectiveTo, field: "notice.effective_to") : nil)
  }
}

extension Huirong_Catalog_V1_PolicyNotice {
  init(_ notice: PolicyNotice) {
    self.init()
    name = notice.name
    kind = .init(rawValue: notice.kind.rawValue) ?? .unspecified
    title = .init(notice.title)
    body = .init(notice.body)
    audiences = notice.audiences.map { .init(rawValue: $0.rawValue) ?? .unspecified }
    target.regions = notice.target.regions
    target.industries = notice.target.industries
    target.tags = notice.target.tags
    products = notice.products.map { "\(Product.collection)/\($0)" }
    sources = notice.sources.map { .init($0) }
    if let day = notice.effectiveFrom { effectiveFrom = .init(day) }
    if let day = notice.effectiveTo { effectiveTo = .init(day) }
    state = .init(rawValue: notice.state.rawValue) ?? .unspecified
    withdrawReason = notice.withdrawReason
    publisher = notice.publisher
    createTime = .init(notice.createTime)
    updateTime = .init(notice.updateTime)
    etag = notice.etag
    pushedCount = Int32(clamping: notice.pushed)
    acknowledgedCount = Int32(clamping: notice.acknowledged)
  }
}

extension Huirong_Catalog_V1_NoticeReceipt {
  init(_ receipt: NoticeReceipt) {
    self.init()
    notice = "\(PolicyNotice.collection)/\(receipt.notice)"
    organisation = receipt.organisation
    subject = receipt.subject
    if let time = receipt.pushTime { pushTime = .init(time) }
    if let time = receipt.acknowledgeTime { acknowledgeTime = .init(time) }
    note = receipt.note
  }
}
