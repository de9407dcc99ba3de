package import Kernel

/// What a notice is: the lists of 淄金稳办发〔2023〕11号 二(二)1, and special packs. Raw values are the wire's.
package enum NoticeKind: Int, Sendable, Codable, CaseIterable {
  case firms = 1
  case residents, farmers, specialPack

  package var key: String {
    switch self {
    case .firms: "FIRMS"
    case .residents: "RESIDENTS"
    case .farmers: "FARMERS"
    case .specialPack: "SPECIAL_PACK"
    }
  }
}

/// Whom a notice is for.
package enum NoticeAudience: Int, Sendable, Codable, CaseIterable {
  case firms = 1
  case gridWorkers, institutions

  package var key: String {
    switch self {
    case .firms: "FIRMS"
    case .gridWorkers: "GRID_WORKERS"
    case .institutions: "INSTITUTIONS"
    }
  }

  /// Whether a caller of this role belongs to it.
  package func includes(_ role: Role) -> Bool {
    switch role {
    case .enterprise: self == .firms
    case .gridWorker: self == .gridWorkers
    case .institution: self == .institutions
    case .regulator, .adviser, .analyst, .operator, .service: true
    }
  }
}

package enum NoticeState: Int, Sendable, Codable, CaseIterable {
  case published = 1
  case withdrawn

  package var key: String {
    switch self {
    case .published: "PUBLISHED"
    case .withdrawn: "WITHDRAWN"
    }
  }
}

/// Whom a notice concerns: every list that is not empty must be met.
package struct NoticeTarget: Hashable, Sendable, Codable {
  /// GB/T 2260 prefixes.
  package var regions: [String]
  /// GB/T 4754 prefixes.
  package var industries: [String]
  package var tags: [String]

  package init(regions: [String] = [], industries: [String] = [], tags: [String] = []) {
    self.regions = regions
    self.industries = industries
    self.tags = tags
  }

  /// Whether a place and the target share ground: one contains the other.
  package func touches(region: String) -> Bool {
    regions.isEmpty || regions.contains { $0.hasPrefix(region) || region.hasPrefix($0) }
  }

  /// Whether it concerns a firm. What the firm has not told is not met.
  package func concerns(_ profile: Profile) -> Bool {
    if !regions.isEmpty {
      guard let region = profile[.region], regions.contains(where: { region.hasPrefix($0) }) else { return false }
    }
    if !industries.isEmpty {
      guard let industry = profile[.industry],
        industries.contains(where: { industry.hasPrefix(CodeAttribute.industry.canonical($0)) })
      else { return false }
    }
    return tags.isEmpty || tags.contains { profile[.tags].contains($0) }
  }
}

/// A policy list or pack that is pushed to whom it concerns.
package struct PolicyNotice: Hashable, Sendable, Codable {
  package var id: String
  package var kind: NoticeKind
  package var title: LocalizedText
  package var body: LocalizedText
  package var audiences: [NoticeAudience]
  package var target: NoticeTarget
  /// Ids of products it speaks of.
  package var products: [String]
  package var sources: [Source]
  package var effectiveFrom: BusinessDate?
  package var effectiveTo: BusinessDate?
  package var state: NoticeState
  package var withdrawReason: String
  /// Organisation that published it.
  package var publisher: String
  package var createTime: Instant
  package var updateTime: Instant
  package var revision: Int64
  package var pushed: Int
  package var acknowledged: Int

  package init(
    id: String, kind: NoticeKind, title: LocalizedText, body: LocalizedText, audiences: [NoticeAudience],
    target: NoticeTarget, products: [String], sources: [Source], effectiveFrom: BusinessDate?,
    effectiveTo: BusinessDate?, state: NoticeState = .published, withdrawReason: String = "", publisher: String = "",
    createTime: Instant = Instant(microseconds: 0), updateTime: Instant = Instant(microseconds: 0), revision: Int64 = 1,
    pushed: Int = 0, acknowledged: Int = 0
  ) {
    self.id = id
    self.kind = kind
    self.title = title
    self.body = body
    self.audiences = audiences
    self.target = target
    self.products = products
    self.sources = sources
    self.effectiveFrom = effectiveFrom
    self.effectiveTo = effectiveTo
    self.state = state
    self.withdrawReason = withdrawReason
    self.publisher = publisher
    self.createTime = createTime
    self.updateTime = updateTime
    self.revision = revision
    self.pushed = pushed
    self.acknowledged = acknowledged
  }

  package static let collection = "notices"
  package var name: String { "\(Self.collection)/\(id)" }
  package var etag: String { "\(revision)" }

  /// Whether it holds on a day.
  package func holds(on day: BusinessDate) -> Bool {
    if state != .published { return false }
    if let effectiveFrom, day < effectiveFrom { return false }
    if let effectiveTo, effectiveTo < day { return false }
    return true
  }

  /// Whether it is in a caller's feed.
  package func isFor(_ caller: Caller) -> Bool {
    audiences.contains { $0.includes(caller.role) } && target.touches(region: caller.regionPrefix)
  }
}

/// Who got a notice, and who acknowledged it.
package struct NoticeReceipt: Hashable, Sendable, Codable {
  package var notice: String
  package var organisation: String
  package var subject: String
  /// `nil` for an organisation that read it in the feed.
  package var pushTime: Instant?
  package var acknowledgeTime: Instant?
  package var note: String

  package init(
    notice: String, organisation: String, subject: String = "", pushTime: Instant? = nil,
    acknowledgeTime: Instant? = nil, note: String = ""
  ) {
    self.notice = notice
    self.organisation = organisation
    self.subject = subject
    self.pushTime = pushTime
    self.acknowledgeTime = acknowledgeTime
    self.note = note
  }
}

package struct NoticeFilter: Hashable, Sendable {
  package var kind: NoticeKind?
  package var state: NoticeState?
  package var region: String?
  package var audience: NoticeAudience?

  package init(
    kind: NoticeKind? = nil, state: NoticeState? = nil, region: String? = nil, audience: NoticeAudience? = nil
  ) {
    self.kind = kind
    self.state = state
    self.region = region
    self.audience = audience
  }
}
