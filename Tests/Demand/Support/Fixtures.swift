import DemandDomain
import Foundation
import Kernel
import Policy
import Testing

/// What the tests share: callers, a firm, packs, and a valid command of every kind.
enum Fixture {
  static let noon = Instant(microseconds: 1_735_790_400_000_000)  // 2025-01-02 12:00 in Shanghai
  static let today = date("2025-01-02")
  static let uscc = UnifiedSocialCreditCode.completing(body: "91370302MA3C0000A")?.text ?? ""
  static let otherUSCC = UnifiedSocialCreditCode.completing(body: "91370303MA3C0000B")?.text ?? ""
  static let region = "370302001"

  static func date(_ iso: String) -> BusinessDate {
    do { return try BusinessDate(iso: iso) } catch { preconditionFailure("\(error)") }
  }

  static func yuan(_ yuan: Int64) -> Money { Money(yuan * 100, .cny) }

  // MARK: Callers

  static let firm = Caller(organisation: uscc, role: .enterprise, regionPrefix: "", subject: "owner")
  static let grid = Caller(organisation: "grid-370302", role: .gridWorker, regionPrefix: "370302", subject: "li")
  static let regulator = Caller(organisation: "bureau-3703", role: .regulator, regionPrefix: "3703", subject: "wang")
  static let operators = Caller(organisation: "huirong", role: .operator, regionPrefix: "", subject: "ops")
  static let service = Caller(organisation: "gateway", role: .service, regionPrefix: "", subject: "journey")
  static let adviser = Caller(organisation: "advisers", role: .adviser, regionPrefix: "3703", subject: "zhao")
  static let analyst = Caller(organisation: "analysts", role: .analyst, regionPrefix: "37", subject: "qian")

  static func bank(_ name: String, region: String = "3703") -> Caller {
    Caller(organisation: name, role: .institution, regionPrefix: region, subject: "desk")
  }

  static func caller(_ role: Role) -> Caller {
    switch role {
    case .enterprise: firm
    case .gridWorker: grid
    case .institution: bank("bank-a")
    case .regulator: regulator
    case .adviser: adviser
    case .analyst: analyst
    case .operator: operators
    case .service: service
    }
  }

  // MARK: Policy

  /// The shipped packs of the given names; `nil` for none.
  static let packs = [
    "demo-city", "size-classification-2011", "zibo-2023-11", "qinghai-2022-31", "state-council-calendar",
    "suite-conventions",
  ]

  /// - Parameter change: what becomes of a pack's text, by its name.
  static func policy(
    _ names: [String] = packs, change: (String, String) -> String = { $1 }
  ) throws -> PolicyBook {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../Shared/Policy/Packs").standardizedFileURL
    let packs = try names.map { name in
      (
        name: "\(name).yaml",
        yaml: change(name, try String(contentsOf: folder.appendingPathComponent("\(name).yaml"), encoding: .utf8))
      )
    }
    // Tests need a digest, not a cryptographic one.
    return try PolicyBook.load(packs: packs) { bytes in
      let hash = bytes.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
      return (0..<32).map { UInt8(truncatingIfNeeded: hash >> UInt64($0 % 8 * 8)) }
    }
  }

  // MARK: Enterprise

  static func draft(
    region: String = region, grade: PlatformGrade? = .b, consents: [ConsentKind] = [.pbocCredit, .publicCredit],
    staff: Int64 = 50, revenue: Int64 = 8_000_000
  ) throws -> EnterpriseDraft {
    try EnterpriseDraft(
      displayName: "淄博试验机械有限公司", region: RegionCode(region), industry: IndustryCode("C34"),
      sizeInputs: SizeInputs(sector: .industry, staff: staff, revenue: yuan(revenue), assets: nil),
      tags: [EnterpriseTag(tag: "专精特新", validFrom: date("2024-01-01"), validTo: date("2026-12-31"))], grade: grade,
      firstLoan: true,
      consents: consents.map {
        Consent(kind: $0, grantedOn: date("2024-06-01"), expiresOn: date("2025-06-01"), reference: "A-1")
      })
  }

  /// The n-th of many firms.
  static func firm(number: Int) throws -> Caller {
    let digits = String(number)
    let body = "91370302MA3D" + String(repeating: "0", count: 5 - digits.count) + digits
    let uscc = try #require(UnifiedSocialCreditCode.completing(body: body)).text
    return Caller(organisation: uscc, role: .enterprise, regionPrefix: "", subject: "owner")
  }

  static func registration(_ code: String = uscc, draft: EnterpriseDraft? = nil) throws -> RegisterEnterprise {
    try RegisterEnterprise(uscc: code, draft: try draft ?? Self.draft(), legacyCodes: [])
  }

  static func enterprise(_ policy: PolicyBook, _ draft: EnterpriseDraft? = nil) throws -> Enterprise {
    try registration(draft: draft).decide(existing: nil, policy: policy, caller: operators, now: noon)
  }

  // MARK: Commands

  static func id(_ number: Int) -> String { Identifier.make(at: noon, random: 0, UInt64(number)) }

  static func submission(
    id: String = id(1), enterprise: String = uscc, amount: Money = yuan(2_000_000), region: String? = nil,
    instrument: Instrument = .loan, security: SecurityMode = .credit, validUntil: BusinessDate? = date("2025-03-01"),
    wanted: BusinessDate? = date("2025-01-20")
  ) throws -> SubmitDemand {
    try SubmitDemand(
      id: id, enterprise: enterprise, amount: amount, tenorMonths: 12, purpose: "购买原材料", securityMode: security,
      instrument: instrument, region: region.map { try RegionCode($0) }, channel: .grid,
      wantedDate: wanted, validUntil: validUntil,
      contact: Contact(checking: "李工", phone: "+86 533 000 0000", field: "demand.contact"), reason: "入户走访")
  }

  /// A command that is right in every state that admits its kind. Institutions act as `bank`.
  static func command(_ kind: DemandCommandKind, id: String = id(1), bank: String = "bank-a") throws -> DemandCommand {
    switch kind {
    case .submit: .submit(try submission(id: id))
    case .assess: .assess(try AssessDemand(demand: id, asOf: nil, reason: ""))
    case .reassess: .reassess(try AssessDemand(demand: id, asOf: nil, reason: "评级更新"))
    case .push: .push(try PushDemand(demand: id, mode: .open, candidates: [], reason: "请再研究"))
    case .claim: .claim(try ClaimDemand(demand: id, institution: bank, reason: ""))
    case .offer:
      .offer(
        try OfferDemand(
          demand: id, institution: bank, amount: yuan(2_160_000), rate: Rate(ppm: 34_500), tenorMonths: 12,
          guaranteeNeeded: true, product: "products/p1", reason: ""))
    case .sign:
      .sign(
        try SignDemand(
          demand: id, institution: bank,
          contract: Contract(
            number: "HT-1", amount: yuan(2_000_000), signedOn: today, revolving: false, drawBy: date("2025-02-01")),
          reason: ""))
    case .disburse:
      .disburse(
        try RecordDisbursement(
          demand: id, institution: bank,
          disbursement: Disbursement(amount: yuan(500_000), paidOn: date("2025-01-03"), evidence: evidence()),
          reason: ""))
    case .close: .close(try CloseDemand(demand: id, evidence: [evidence()], note: "已满足"))
    case .decline: .decline(try DeclineDemand(demand: id, institution: bank, reason: "行业限额已满"))
    case .withdraw: .withdraw(try WithdrawDemand(demand: id, reason: "不再需要"))
    case .expire: .expire(try ExpireDemand(demand: id, asOf: date("2025-12-31"), reason: ""))
    case .attach:
      .attach(
        try AttachDocument(
          demand: id, evidence: evidence("renewal-commitment"), issuer: bank, amount: yuan(3_000_000),
          validUntil: date("2025-06-30"), reason: ""))
    case .escalate: .escalate(try EscalateDemand(demand: id, reason: "县里研究"))
    case .plan:
      .plan(
        try PlanImprovement(
          demand: id, steps: [.init(rule: "platform-grade", text: "补报纳税信息，提升评级")], reviewOn: date("2025-02-01"),
          reason: ""))
    case .invite:
      .invite(
        try InviteInstitution(demand: id, institution: bank, member: "bank-m", share: yuan(500_000), reason: ""))
    case .join: .join(try JoinDemand(demand: id, institution: bank, reason: ""))
    case .acknowledge: .acknowledge(try AcknowledgeDemand(demand: id, institution: bank, reason: ""))
    case .contact: .contact(try RecordContact(demand: id, institution: bank, reason: "已电话联系"))
    case .pause: .pause(try PauseDemand(demand: id, institution: bank, reason: "企业补材料"))
    case .resume: .resume(try ResumeDemand(demand: id, institution: bank, reason: ""))
    case .miss: .miss(MissClocks(demand: id, asOf: date("2025-01-31")))
    case .note: .note(try NoteDemand(demand: id, text: "设备已到厂"))
    case .reopen: .reopen(try ReopenDemand(demand: id, reason: "款项被退回"))
    }
  }

  /// When a command is given: an expiry on its own day, everything else at noon of the first.
  static func time(of command: DemandCommand) -> Instant {
    guard case .expire(let expire) = command else { return noon }
    return max(noon, noonInShanghai(expire.asOf))
  }

  static func noonInShanghai(_ day: BusinessDate) -> Instant {
    Instant(microseconds: Int64(day.dayNumber) * 86_400_000_000 + 4 * 3_600_000_000)
  }

  static func evidence(_ kind: String = "drawdown-slip") throws -> Evidence {
    try Evidence(kind: kind, reference: "archive/1", sha256: [UInt8](repeating: 7, count: 32), field: "evidence")
  }

  /// A push of a mode that names nobody.
  static func push(_ mode: PushMode, id: String = id(1)) throws -> DemandCommand {
    .push(try PushDemand(demand: id, mode: mode, candidates: [], reason: "请再研究"))
  }

  static func push(_ id: String = id(1), to banks: [String]) throws -> DemandCommand {
    .push(
      try PushDemand(
        demand: id, mode: .directed,
        candidates: banks.map { .init(institution: $0, product: "products/\($0)", score: Rate(ppm: 900_000)) },
        reason: "请再研究"))
  }
}
