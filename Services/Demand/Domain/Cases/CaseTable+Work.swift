import Kernel

extension CaseTable {
  /// 金融管家, 责任工单, 产业链金融辅导队 and 轮值行 (淄金稳办发〔2023〕11号 二(四), 三).
  static let stewards: [CaseRule] = [
    CaseRule(
      kind: .park, chinese: "金融管家园区", source: "淄金稳办发〔2023〕11号 三(三)", opens: bureau, first: "active",
      needs: [.organisation], fields: [text("steward"), text("chain", required: false)],
      actions: [
        CaseAction(
          name: "change_steward", from: ["active"], to: "active", who: bureau, reason: true, gives: ["steward"]),
        CaseAction(name: "close", from: ["active"], to: "closed", who: bureau, reason: true),
      ]),
    CaseRule(
      kind: .workOrder, chinese: "责任工单", source: "淄金稳办发〔2023〕11号 三(三)",
      opens: bureau.union([.enterprise, .gridWorker]),
      first: "issued", clock: .field("due_on"), needs: [.organisation, .parent], parent: .park,
      fields: [text("text"), date("due_on")],
      actions: [
        CaseAction(name: "accept", from: ["issued"], to: "accepted", who: lenders, own: true),
        CaseAction(
          name: "finish", from: ["accepted"], to: "done", who: lenders, evidence: true, clock: CaseClock.none, own: true
        ),
        CaseAction(
          name: "return", from: ["done"], to: "accepted", who: bureau, reason: true, clock: .field("due_on")),
        CaseAction(name: "confirm", from: ["done"], to: "confirmed", who: bureau),
      ]),
    CaseRule(
      kind: .chainTeam, chinese: "产业链金融辅导队、特色辅导队", source: "淄金稳办发〔2023〕11号 二(四)1", opens: bureau,
      first: "active",
      fields: [
        text("chain", required: false), text("speciality", required: false), list("lead_banks", required: false),
        list("members", required: false),
      ],
      actions: [
        CaseAction(
          name: "visit", from: ["active"], to: "active", who: lenders.union(bureau), reason: true, evidence: true),
        CaseAction(name: "amend", from: ["active"], to: "active", who: bureau, gives: ["lead_banks"]),
        CaseAction(name: "dissolve", from: ["active"], to: "dissolved", who: bureau, reason: true),
      ]),
    CaseRule(
      kind: .dutyMonth, chinese: "轮值行", source: "淄金稳办发〔2023〕11号 三(二)", opens: bureau, first: "arranged",
      isForInstitutions: true, fields: [text("month"), list("lead"), list("participating")],
      actions: [
        CaseAction(name: "report", from: ["arranged"], to: "served", who: bureau, evidence: true)
      ]),
  ]

  /// 银企对接会 and what became of it.
  static let events: [CaseRule] = [
    CaseRule(
      kind: .matchingEvent, chinese: "银企对接会", source: "烟营办便函〔2023〕8号 三(一)", opens: bureau.union([.institution]),
      first: "planned", isForInstitutions: true,
      fields: [
        date("held_on"), text("place"), text("chain", required: false), list("attendees", required: false),
      ],
      actions: [
        CaseAction(name: "hold", from: ["planned"], to: "held", who: bureau, evidence: true, gives: ["attendees"]),
        CaseAction(name: "cancel", from: ["planned"], to: "cancelled", who: bureau, reason: true),
      ]),
    CaseRule(
      kind: .eventDeal, chinese: "对接意向", source: "泰金监字〔2023〕2号", opens: bureau.union([.institution]), first: "promised",
      needs: [.enterprise, .organisation, .parent], parent: .matchingEvent,
      fields: [amount("promised", required: true), amount("signed"), amount("in_place")],
      actions: [
        CaseAction(
          name: "sign", from: ["promised"], to: "signed", who: lenders, evidence: true, gives: ["signed"], own: true),
        CaseAction(
          name: "fund", from: ["signed", "funded"], to: "funded", who: lenders, evidence: true, gives: ["in_place"],
          own: true),
        CaseAction(name: "fail", from: ["promised", "signed"], to: "failed", who: lenders, reason: true, own: true),
      ]),
  ]

  /// 白名单 and 上市培育.
  static let lists: [CaseRule] = [
    CaseRule(
      kind: .whiteListEntry, chinese: "白名单", source: "淄政办字〔2020〕56号 五; 泰金监字〔2023〕2号", opens: bureau, first: "listed",
      needs: [.enterprise], isForInstitutions: true,
      fields: [
        word("list", ["core_firm", "key_project", "sci_tech_stage", "sci_tech_track", "renewal"]),
        text("value", required: false),
      ],
      actions: [
        CaseAction(name: "change", from: ["listed"], to: "listed", who: bureau, reason: true, gives: ["value"]),
        CaseAction(name: "confirm", from: ["listed"], to: "listed", who: bureau),
        CaseAction(name: "remove", from: ["listed"], to: "removed", who: bureau, reason: true),
      ]),
    CaseRule(
      kind: .listingEntry, chinese: "上市培育", source: "泰金监字〔2023〕2号 (岱岳区 4 张清单)", opens: bureau, first: "listed",
      needs: [.enterprise], isForInstitutions: true,
      fields: [
        // 压茬培育、种子企业、诉求督办、培训计划: the four lists of Daiyue.
        word("list", ["cultivation", "seed", "request", "training"]), text("board", required: false),
      ],
      actions: [
        CaseAction(name: "move", from: ["listed"], to: "listed", who: bureau, reason: true, gives: ["list"]),
        CaseAction(name: "settle", from: ["listed"], to: "settled", who: bureau, reason: true, evidence: true),
        CaseAction(name: "list", from: ["listed"], to: "on_board", who: bureau, evidence: true, gives: ["board"]),
        CaseAction(name: "remove", from: ["listed"], to: "removed", who: bureau, reason: true),
      ]),
  ]

  /// 风险台账 and 随手拍.
  static let risks: [CaseRule] = [
    CaseRule(
      kind: .riskEntry, chinese: "风险台账", source: "泰金监字〔2023〕2号", opens: bureau.union([.institution, .service]),
      first: "open",
      needs: [.enterprise], seenBy: confidants.union([.institution]),
      fields: [word("risk", ["overdue", "arrears", "debt_evasion", "early_warning"]), amount("sum")],
      actions: [
        CaseAction(name: "handle", from: ["open"], to: "handled", who: bureau.union([.institution]), reason: true),
        CaseAction(name: "resolve", from: ["open", "handled"], to: "resolved", who: bureau, evidence: true),
        CaseAction(name: "reopen", from: ["resolved"], to: "open", who: bureau, reason: true),
      ]),
    CaseRule(
      kind: .publicLead, chinese: "随手拍", source: "泰金监字〔2023〕2号", opens: everyone, first: "received",
      seenBy: confidants, fields: [text("text"), amount("reward")],
      actions: [
        CaseAction(name: "accept", from: ["received"], to: "accepted", who: bureau, reason: true),
        CaseAction(name: "reject", from: ["received"], to: "rejected", who: bureau, reason: true),
        CaseAction(name: "settle", from: ["accepted"], to: "settled", who: bureau, reason: true, evidence: true),
        CaseAction(name: "reward", from: ["settled"], to: "rewarded", who: bureau, evidence: true, gives: ["reward"]),
      ]),
  ]

  /// 抵押登记联办, 尽调互认 and 联席会议.
  static let tasks: [CaseRule] = [
    CaseRule(
      kind: .collateralTask, chinese: "抵押登记联办", source: "泰金监字〔2023〕2号", opens: lenders, first: "requested",
      needs: [.demand, .organisation], fields: [text("collateral"), text("registry")],
      actions: [
        CaseAction(
          name: "submit", from: ["requested", "returned"], to: "submitted", who: lenders, evidence: true, own: true),
        CaseAction(name: "return", from: ["submitted"], to: "returned", who: bureau, reason: true),
        CaseAction(
          name: "register", from: ["submitted"], to: "registered", who: bureau.union([.service]), evidence: true),
        CaseAction(name: "release", from: ["registered"], to: "released", who: lenders, evidence: true, own: true),
      ]),
    CaseRule(
      kind: .diligenceFile, chinese: "尽调互认", source: "淄金稳办发〔2023〕11号 二(五)", opens: lenders, first: "filed",
      needs: [.enterprise, .organisation], seenBy: confidants.union([.enterprise, .institution]),
      fields: [date("made_on"), date("valid_until"), text("archive")],
      actions: [
        CaseAction(name: "consent", from: ["filed"], to: "shared", who: [.enterprise, .operator], evidence: true),
        CaseAction(name: "revoke", from: ["shared"], to: "filed", who: [.enterprise, .operator], reason: true),
        CaseAction(name: "reuse", from: ["shared"], to: "shared", who: lenders, reason: true),
        CaseAction(
          name: "withdraw", from: ["filed", "shared"], to: "withdrawn", who: lenders, reason: true, own: true),
      ]),
    CaseRule(
      kind: .meetingDecision, chinese: "联席会议决定", source: "淄政办字〔2020〕56号 五", opens: bureau, first: "decided",
      clock: .field("due_on"), needs: [.organisation],
      seenBy: [.gridWorker, .institution, .regulator, .analyst, .operator, .service],
      fields: [date("meeting_on"), date("due_on"), text("text")],
      actions: [
        CaseAction(name: "progress", from: ["decided"], to: "decided", who: lenders.union(bureau), reason: true),
        CaseAction(
          name: "finish", from: ["decided"], to: "done", who: lenders.union(bureau), evidence: true,
          clock: CaseClock.none),
        CaseAction(
          name: "return", from: ["done"], to: "decided", who: bureau, reason: true, clock: .field("due_on")),
        CaseAction(name: "confirm", from: ["done"], to: "confirmed", who: bureau),
      ]),
  ]
}
