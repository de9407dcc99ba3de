import Kernel

extension CaseTable {
  /// 网点+网格+网络 (淄金稳办发〔2023〕11号 二(三)).
  static let field: [CaseRule] = [
    CaseRule(
      kind: .visit, chinese: "走访", source: "淄金稳办发〔2023〕11号 二(三)", opens: ledger.union([.institution]), first: "open",
      needs: [.enterprise], parent: .sweep, seenBy: ledger,
      fields: [
        date("visited_on"), word("result", ["need", "no_need", "not_met", "refused"]),
        word("channel", ["grid", "branch", "chain_team", "hotline"]), text("notes", required: false),
        text("sweep", required: false), text("demand", required: false),
      ],
      actions: [
        CaseAction(name: "add", from: ["open"], to: "open", who: ledger, reason: true),
        CaseAction(name: "lead_to", from: ["open"], to: "open", who: ledger, gives: ["demand"]),
        CaseAction(name: "lead_to", from: ["closed"], to: "closed", who: ledger, gives: ["demand"]),
        CaseAction(name: "close", from: ["open"], to: "closed", who: ledger, evidence: true),
        CaseAction(name: "reopen", from: ["closed"], to: "open", who: bureau, reason: true),
      ]),
    CaseRule(
      kind: .notice, chinese: "政策、产品与通知", source: "淄金稳办发〔2023〕11号 二(三)", opens: bureau.union([.service]),
      first: "published", isForInstitutions: true,
      fields: [word("subject", ["policy", "product", "notice"]), text("text")],
      actions: [
        CaseAction(name: "withdraw", from: ["published"], to: "withdrawn", who: bureau, reason: true)
      ]),
    CaseRule(
      kind: .sweep, chinese: "拉网走访", source: "淄金稳办发〔2023〕11号 二(三)", opens: bureau.union([.gridWorker]),
      first: "open", clock: .field("to"),
      fields: [date("from"), date("to"), CaseField(name: "firms", value: .count, required: true)],
      actions: [
        CaseAction(name: "amend", from: ["open"], to: "open", who: bureau, reason: true, gives: ["firms"]),
        CaseAction(
          name: "close", from: ["open"], to: "closed", who: bureau.union([.gridWorker]), reason: true,
          clock: CaseClock.none),
      ]),
  ]

  /// 月末、季末、年末 (青金监〔2022〕31号 三(三)).
  static let reports: [CaseRule] = [
    CaseRule(
      kind: .report, chinese: "月报、季报、年报", source: "青金监〔2022〕31号 三(三)",
      opens: [.gridWorker, .adviser, .regulator, .operator, .service], first: "generated", clock: .field("to"),
      seenBy: [.gridWorker, .adviser, .regulator, .analyst, .operator, .service],
      fields: [text("period"), date("from"), date("to")], actions: [])
  ]

  /// 金融顾问 (青金监〔2022〕31号).
  static let advisers: [CaseRule] = [
    CaseRule(
      kind: .adviser, chinese: "金融顾问", source: "青金监〔2022〕31号 二(一)", opens: bureau.union([.institution]),
      first: "nominated", needs: [.organisation],
      fields: [
        text("person"), text("speciality"), text("account", required: false), date("appointed_on", required: false),
        text("award", required: false), text("successor", required: false),
      ],
      actions: [
        CaseAction(name: "pass", from: ["nominated"], to: "reviewed", who: bureau, reason: true),
        CaseAction(name: "refuse", from: ["nominated"], to: "refused", who: bureau, reason: true),
        CaseAction(
          name: "appoint", from: ["reviewed"], to: "appointed", who: bureau, gives: ["appointed_on"],
          clock: .months("adviser.term", from: "appointed_on")),
        CaseAction(
          name: "renew", from: ["appointed"], to: "appointed", who: bureau, gives: ["appointed_on"],
          clock: .months("adviser.term", from: "appointed_on")),
        CaseAction(name: "commend", from: ["appointed"], to: "appointed", who: bureau, reason: true, gives: ["award"]),
        CaseAction(
          name: "replace", from: ["appointed"], to: "replaced", who: bureau, reason: true, gives: ["successor"],
          clock: CaseClock.none),
        CaseAction(name: "end", from: ["appointed"], to: "ended", who: bureau, clock: CaseClock.none),
      ]),
    CaseRule(
      kind: .adviserGroup, chinese: "工作组", source: "青金监〔2022〕31号 二(四)", opens: bureau, first: "active",
      fields: [
        CaseField(name: "type", value: .word(["advisers", "policy"]), required: false), text("leader"), list("members"),
        text("period", required: false),
      ],
      actions: [
        CaseAction(
          name: "amend", from: ["active"], to: "active", who: bureau, reason: true, gives: ["leader", "members"]),
        CaseAction(
          name: "note", from: ["active"], to: "active", who: helpers, evidence: true, gives: ["period"],
          helpersOwn: true),
        CaseAction(
          name: "summary", from: ["active"], to: "active", who: helpers, evidence: true, gives: ["period"],
          helpersOwn: true),
        CaseAction(
          name: "report", from: ["active"], to: "active", who: helpers, evidence: true, gives: ["period"],
          helpersOwn: true),
        CaseAction(name: "dissolve", from: ["active"], to: "dissolved", who: bureau, reason: true),
      ]),
    CaseRule(
      kind: .pairing, chinese: "结对服务", source: "青金监〔2022〕31号 二(二)、(三)", opens: bureau.union([.adviser]),
      first: "proposed",
      needs: [.enterprise, .parent], parent: .adviser, fields: [],
      actions: [
        CaseAction(name: "file_agreement", from: ["proposed"], to: "active", who: bureau, evidence: true),
        CaseAction(name: "ask_leave", from: ["active"], to: "leaving", who: helpers, reason: true, helpersOwn: true),
        CaseAction(name: "keep", from: ["leaving"], to: "active", who: bureau, reason: true),
        CaseAction(name: "release", from: ["leaving", "proposed"], to: "released", who: bureau, reason: true),
      ]),
    CaseRule(
      kind: .question, chinese: "企业咨询", source: "青金监〔2022〕31号 二(三)",
      opens: [.enterprise, .adviser, .gridWorker, .regulator, .operator], first: "adviser", needs: [.enterprise],
      parent: .pairing, fields: [text("text")],
      actions: [
        CaseAction(
          name: "answer", from: ["adviser", "group"], to: "answered", who: helpers.union(bureau), reason: true,
          helpersOwn: true),
        CaseAction(name: "answer", from: ["bureau"], to: "answered", who: bureau, reason: true),
        CaseAction(name: "escalate", from: ["adviser"], to: "group", who: helpers, reason: true, helpersOwn: true),
        CaseAction(name: "escalate", from: ["group"], to: "bureau", who: helpers, reason: true, helpersOwn: true),
      ]),
    CaseRule(
      kind: .complaint, chinese: "投诉", source: "青金监〔2022〕31号 四(二)", opens: everyone, first: "registered",
      clock: .days("adviser.complaint.reply.days.cap"), seenBy: confidants, fields: [text("text")],
      actions: [
        CaseAction(
          name: "answer", from: ["registered"], to: "answered", who: bureau, reason: true, clock: CaseClock.none)
      ]),
  ]
}
