import Kernel

extension CaseTable {
  /// 首贷户目标 and 无还本续贷.
  static let plans: [CaseRule] = [
    CaseRule(
      kind: .firstLoanTarget, chinese: "首贷户目标", source: "淄金稳办发〔2023〕11号 一(二); 烟营办便函〔2023〕8号 三(二)5",
      opens: bureau, first: "set",
      fields: [
        date("from"), date("to"), CaseField(name: "firms", value: .count, required: true),
        text("chain", required: false),
        CaseField(name: "channel", value: .word(Channel.allCases.map(\.rawValue)), required: false),
      ],
      actions: [
        CaseAction(name: "amend", from: ["set"], to: "set", who: bureau, reason: true, gives: ["firms"]),
        CaseAction(name: "withdraw", from: ["set"], to: "withdrawn", who: bureau, reason: true),
      ]),
    CaseRule(
      kind: .renewal, chinese: "无还本续贷", source: "烟营办便函〔2023〕8号 三(三)9; 金规〔2024〕13号",
      opens: [.enterprise, .gridWorker, .institution, .regulator, .operator, .service], first: "applied",
      clock: .days("renewal.approval.days.cap"), needs: [.enterprise, .organisation],
      seenBy: [.enterprise, .gridWorker, .institution, .regulator, .operator, .service],
      fields: [text("loan"), date("matures_on"), date("signed_on", required: false)],
      actions: [
        CaseAction(
          name: "approve", from: ["applied"], to: "approved", who: lenders, evidence: true, clock: CaseClock.none,
          own: true),
        CaseAction(
          name: "refuse", from: ["applied"], to: "refused", who: lenders, reason: true, clock: CaseClock.none, own: true
        ),
        CaseAction(
          name: "sign", from: ["approved"], to: "renewed", who: lenders, evidence: true, gives: ["signed_on"], own: true
        ),
        CaseAction(
          name: "withdraw", from: ["applied", "approved"], to: "withdrawn",
          who: [.enterprise, .gridWorker, .regulator, .operator], reason: true, clock: CaseClock.none),
      ]),
  ]
}
