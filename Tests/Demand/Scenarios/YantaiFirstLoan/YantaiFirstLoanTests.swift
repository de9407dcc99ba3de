import DemandAPI
import DemandDomain
import GRPCCore
import Kernel
import Policy
import Protos
import SwiftProtobuf
import Testing

@Suite struct YantaiFirstLoanTests {
  private let bureau = Caller(organisation: "bureau-3706", role: .regulator, regionPrefix: "3706", subject: "sun")
  private let bank = Fixture.bank("bank-yt", region: "3706")

  @Test func `a grade C firm gets its first loan`() async throws {
    try await Story.tell(packs: ["yantai-2023-8", "taian-2023-2"]) { story in
      var firm = Wire.enterprise
      firm.regionCode = "370602001"
      firm.platformGrade = .c
      firm.consents.removeLast()
      firm.firstLoanEvidence.evidence = Story.evidence("credit-report")
      firm.firstLoanEvidence.reportedOn = Wire.date(2024, 12, 20)
      firm.gradeReceipt.source = "platform-2024-12"
      firm.gradeReceipt.gradedOn = Wire.date(2024, 12, 1)
      let registered = try await story.wire.register("r", firm)
      #expect(registered.firstLoan && registered.gradeReceipt.source == "platform-2024-12")

      let demand = try await story.submit { $0.amount = Wire.cny(480_000_000) }
      let judged = try await story.wire.assess(demand.name, by: bureau)
      #expect(judged.state == .assessed && judged.assessment.verdict == .conditional, "\(judged.assessment)")
      #expect(judged.assessment.rules.filter { $0.outcome == .pass }.allSatisfy { !$0.citations.isEmpty })

      _ = try await story.push(demand.name, by: bureau)
      _ = try await story.wire.claim(demand.name, by: bank)
      try await consents(story, firm)
      _ = try await story.offer(demand.name, 480_000_000, by: bank)
      _ = try await story.sign(demand.name, 480_000_000, on: Fixture.today, by: bank)
      _ = try await story.pay(demand.name, 480_000_000, on: Fixture.today, by: bank)
      let figures = try await story.wire.run(
        "ReportFigures",
        .with {
          $0.regionPrefix = "3706"
          $0.dimension = .institution
        }, by: bureau, story.wire.service.reportFigures(request:context:))
      #expect(figures.total.firstLoans == 1 && figures.rows.map(\.key) == ["bank-yt"])
    }
  }

  private func consents(_ story: Story, _ firm: Huirong_Demand_V1_Enterprise) async throws {
    func check() async throws -> Huirong_Demand_V1_CheckCreditConsentsResponse {
      try await story.wire.run(
        "CheckCreditConsents", .with { $0.name = "enterprises/\(Fixture.uscc)" }, by: bank,
        story.wire.service.checkCreditConsents(request:context:))
    }
    let before = try await check()
    #expect(!before.allowed && before.missing == [.publicCredit] && !before.citations.isEmpty)
    _ = try await story.wire.run(
      "UpdateEnterprise",
      .with {
        $0.requestID = story.key()
        $0.enterprise.name = "enterprises/\(Fixture.uscc)"
        $0.enterprise.consents =
          firm.consents + [
            .with {
              $0.kind = .publicCredit
              $0.grantedOn = Wire.date(2025, 1, 2)
              $0.expiresOn = Wire.date(2025, 2, 1)
              $0.institution = "bank-yt"
            }
          ]
        $0.updateMask.paths = ["consents"]
      }, by: Fixture.firm, story.wire.service.updateEnterprise(request:context:))
    #expect(try await check().allowed)
    // The consent is scoped and expires.
    let other = try await story.wire.run(
      "CheckCreditConsents", .with { $0.name = "enterprises/\(Fixture.uscc)" },
      by: Fixture.bank("bank-other", region: "3706"), story.wire.service.checkCreditConsents(request:context:))
    #expect(other.missing == [.publicCredit])
    story.wire.time.move(to: "2025-02-02")
    #expect(try await check().missing == [.publicCredit])
    story.wire.time.move(to: "2025-01-02")
  }
}
