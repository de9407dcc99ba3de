import GatewayJourney
import Protos
import SwiftProtobuf
import Testing

@Suite("What the gateway does next")
struct JourneyPlanTests {
  typealias Demand = Huirong_Demand_V1_Demand
  typealias Guarantee = Huirong_Fund_V1_Guarantee

  private func demand(
    _ state: Huirong_Demand_V1_DemandState, needsGuarantee: Bool = true, amount: Int64 = 1_000_000
  ) -> Demand {
    .with {
      $0.name = "demands/01J"
      $0.state = state
      $0.claimedInstitution = "bank-a"
      $0.offer.institution = "bank-a"
      $0.offer.guaranteeNeeded = needsGuarantee
      $0.contract.amount.currencyCode = "CNY"
      $0.contract.amount.minorUnits = amount
    }
  }

  private func guarantee(
    _ name: String, _ state: Huirong_Fund_V1_GuaranteeState, lender: String = "bank-a", amount: Int64 = 1_000_000
  ) -> Guarantee {
    .with {
      $0.name = name
      $0.state = state
      $0.lender = lender
      $0.principal.currencyCode = "CNY"
      $0.principal.minorUnits = amount
    }
  }

  @Test("a submitted demand is judged, a judged one is matched and pushed, a hard one waits for the firm")
  func beginning() {
    #expect(JourneyPlan.steps(for: demand(.submitted), guarantees: []) == [.assess])
    #expect(JourneyPlan.steps(for: demand(.assessed), guarantees: []) == [.matchAndPush])
    #expect(JourneyPlan.steps(for: demand(.hard), guarantees: []).isEmpty)
  }

  @Test("a signed contract that needs a guarantee and has none gets one")
  func reserve() {
    #expect(JourneyPlan.steps(for: demand(.signed), guarantees: []) == [.reserve])
    #expect(JourneyPlan.steps(for: demand(.signed, needsGuarantee: false), guarantees: []).isEmpty)
    #expect(JourneyPlan.steps(for: demand(.signed), guarantees: [guarantee("g1", .reserved)]).isEmpty)
    #expect(JourneyPlan.steps(for: demand(.signed), guarantees: [guarantee("g1", .inForce)]).isEmpty)
  }

  @Test("a reservation that has expired or was voided does not count as held")
  func reserveAgain() {
    #expect(JourneyPlan.steps(for: demand(.signed), guarantees: [guarantee("g1", .expired)]) == [.reserve])
    #expect(JourneyPlan.steps(for: demand(.signed), guarantees: [guarantee("g1", .voided)]) == [.reserve])
  }

  @Test(
    "a disbursed loan brings its guarantee into force, once",
    arguments: [Huirong_Demand_V1_DemandState.disbursed, .closed])
  func commit(state: Huirong_Demand_V1_DemandState) {
    #expect(
      JourneyPlan.steps(for: demand(state), guarantees: [guarantee("g1", .reserved)]) == [.commit(guarantee: "g1")])
    for later in [Huirong_Fund_V1_GuaranteeState.inForce, .released, .claimSubmitted, .compensated, .writtenOff] {
      #expect(JourneyPlan.steps(for: demand(state), guarantees: [guarantee("g1", later)]).isEmpty)
    }
  }

  @Test(
    "a journey that ends without a loan gives every reservation back",
    arguments: [
      (Huirong_Demand_V1_DemandState.declined, VoidReason.declined), (.withdrawn, .withdrawn), (.expired, .expired),
      (.pushed, .notOffered), (.claimed, .notOffered),
    ])
  func void(state: Huirong_Demand_V1_DemandState, reason: VoidReason) {
    let held = [guarantee("g1", .reserved), guarantee("g2", .reserved), guarantee("g3", .voided)]
    #expect(
      JourneyPlan.steps(for: demand(state), guarantees: held)
        == [.void(guarantee: "g1", reason: reason), .void(guarantee: "g2", reason: reason)])
  }

  @Test("a reservation made for another institution or another amount goes back, and the right one is made")
  func stale() {
    #expect(
      JourneyPlan.steps(for: demand(.signed), guarantees: [guarantee("g1", .reserved, lender: "bank-b")])
        == [.void(guarantee: "g1", reason: .otherTerms), .reserve])
    #expect(
      JourneyPlan.steps(for: demand(.signed), guarantees: [guarantee("g1", .reserved, amount: 999_999)])
        == [.void(guarantee: "g1", reason: .otherTerms), .reserve])
    #expect(
      JourneyPlan.steps(for: demand(.offered), guarantees: [guarantee("g1", .reserved, lender: "bank-b")])
        == [.void(guarantee: "g1", reason: .otherInstitution)])
    #expect(JourneyPlan.steps(for: demand(.offered), guarantees: [guarantee("g1", .reserved)]).isEmpty)
  }

  @Test("of two reservations that both cover the contract one stays")
  func duplicate() {
    let both = [guarantee("g1", .reserved), guarantee("g2", .reserved)]
    #expect(
      JourneyPlan.steps(for: demand(.signed), guarantees: both) == [.void(guarantee: "g2", reason: .duplicate)])
    #expect(
      JourneyPlan.steps(for: demand(.disbursed), guarantees: both)
        == [.void(guarantee: "g2", reason: .duplicate), .commit(guarantee: "g1")])
    #expect(
      JourneyPlan.steps(for: demand(.disbursed), guarantees: [guarantee("g0", .inForce)] + both)
        == [.void(guarantee: "g1", reason: .duplicate), .void(guarantee: "g2", reason: .duplicate)])
  }

  /// Whatever the services hold, taking the named steps ends: no reservation outlives its use and none is missing.
  @Test("the plan settles from every combination of demand and guarantees")
  func settles() {
    let states = Huirong_Demand_V1_DemandState.allCases.filter { $0 != .unspecified }
    let kinds: [Huirong_Fund_V1_GuaranteeState] = [.reserved, .inForce, .voided, .expired]
    for state in states {
      for first in kinds {
        for second in kinds {
          for lender in ["bank-a", "bank-b"] {
            var subject = demand(state)
            var held = [guarantee("g1", first), guarantee("g2", second, lender: lender)]
            var passes = 0
            while let step = JourneyPlan.steps(for: subject, guarantees: held).first, passes < 10 {
              take(step, &subject, &held)
              passes += 1
            }
            #expect(passes < 10, "\(state) \(first) \(second) \(lender)")
            let reserved = held.filter { $0.state == .reserved }
            let mayHold: Set<Huirong_Demand_V1_DemandState> = [.offered, .signed]
            #expect(reserved.count <= (mayHold.contains(subject.state) ? 2 : 0), "\(state) \(first) \(second)")
          }
        }
      }
    }
  }

  private func take(_ step: JourneyStep, _ demand: inout Demand, _ held: inout [Guarantee]) {
    switch step {
    case .assess: demand.state = .assessed
    case .matchAndPush: demand.state = .pushed
    case .reserve: held.append(guarantee("g\(held.count + 1)", .reserved))
    case .commit(let name): set(name, .inForce, &held)
    case .void(let name, _): set(name, .voided, &held)
    }
  }

  private func set(_ name: String, _ state: Huirong_Fund_V1_GuaranteeState, _ held: inout [Guarantee]) {
    for index in held.indices where held[index].name == name { held[index].state = state }
  }

  @Test("keys of steps are stable, distinct and within the limit of 64 characters")
  func keys() {
    let name = "demands/01JD8Q3W5E7R9T1Y2U4I6O8P0A"
    let keys = [
      StepKey.make(name, "assess"), StepKey.make(name, "push", basis: "1"), StepKey.make(name, "push", basis: "2"),
      StepKey.make(name, "commit", basis: "guarantees/1"), StepKey.make(name + "B", "assess"),
    ]
    #expect(Set(keys).count == keys.count)
    #expect(keys.allSatisfy { $0.utf8.count <= 64 && $0.utf8.allSatisfy { (0x21...0x7E).contains($0) } })
    #expect(StepKey.make(name, "assess") == keys[0])
    #expect(StepKey.make(name, "x", basis: "a", "bc") != StepKey.make(name, "x", basis: "ab", "c"))
  }
}
