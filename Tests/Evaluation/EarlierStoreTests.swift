import EvaluationDomain
import EvaluationStore
import Foundation
import Kernel
import Storage
import Testing

/// A store as the service left it when it had the first four migrations: its rows were written by that code, with the inputs
/// of its run in the first format.
@Suite("A store of an earlier schema") struct EarlierStoreTests {
  private static let rows = """
    INSERT INTO indicator (indicator_key, id, document) VALUES
      (2, 'amount', '{"absentIsZero":true,"aggregation":"sum","basis":"","createTime":{"microseconds":1795287555015709},"direction":"higher","id":"amount","source":{"submitted":{}},"titleEN":"Amount","titleZH":"贷款额","unit":{"money":{"_0":"CNY"}}}'),
      (3, 'loss', '{"absentIsZero":true,"aggregation":"sum","basis":"","createTime":{"microseconds":1795287555015709},"direction":"lower","id":"loss","source":{"submitted":{}},"titleEN":"Loss","titleZH":"损失额","unit":{"money":{"_0":"CNY"}}}'),
      (4, 'loss-ratio', '{"absentIsZero":false,"aggregation":"none","basis":"","createTime":{"microseconds":1795287555015709},"direction":"lower","id":"loss-ratio","source":{"derived":{"_0":{"ratio":{"denominator":"amount","numerator":"loss"}}}},"titleEN":"Loss ratio","titleZH":"损失率","unit":{"ppm":{}}}');
    INSERT INTO institution VALUES
      (1, 'a', 'A', 'bank', '370302', 'bank', 0, 0, 1795287555079762),
      (2, 'b', 'B', 'bank', '370303', 'bank', 0, 0, 1795287555079762),
      (3, 'c', 'C', 'bank', '370902', 'bank', 0, 0, 1795287555079762);
    INSERT INTO fact VALUES
      (2, 1, 242640006, 6000, 1, 1795287555109503, 'office', '', 0, '', ''),
      (2, 1, 242700001, 1000, 1, 1795287555109503, 'office', '', 0, '', ''),
      (2, 1, 242730003, 3000, 1, 1795287555109503, 'office', '', 0, '', ''),
      (2, 2, 242640012, 5000, 1, 1795287555109503, 'office', '', 0, '', ''),
      (2, 3, 242640012, 8000, 1, 1795287555109503, 'office', '', 0, '', ''),
      (3, 1, 242640012, 500, 1, 1795287555109503, 'office', '', 0, '', ''),
      (3, 2, 242640012, 0, 1, 1795287555109503, 'office', '', 0, '', ''),
      (3, 3, 242640012, 800, 2, 1795287555147048, 'office', '', 0, 'typing error', '');
    INSERT INTO superseded_fact VALUES
      (3, 3, 242640012, 1, 900, 1795287555109503, 'office', '', 1795287555147048, 0, '', '');
    INSERT INTO scheme VALUES ('test', 1, '521c2b0b55eeab63ea046c9978bd0596753518753b5ac134a7b534d74aafb76a', '{"bonuses":[],"createTime":{"microseconds":1795287555168556},"decimals":2,"excludeFirstYear":false,"gates":[],"grades":[],"id":"test","nodes":[{"content":{"leaf":{"function":{"ratioToLeader":{}},"indicatorID":"amount","missing":"zeroPoints"}},"id":"volume","titleEN":"Volume","titleZH":"规模","weightPPM":500000},{"content":{"leaf":{"function":{"minMax":{}},"indicatorID":"loss-ratio","missing":"zeroPoints"}},"id":"loss","titleEN":"Loss","titleZH":"损失","weightPPM":500000}],"regionPrefixes":[],"tableScope":"whole","tieRule":{"standard":{}},"titleEN":"Test","titleZH":"测试","types":[],"version":1}');
    INSERT INTO scheme_adoption VALUES ('test', 1, 'office/li', 'office/wang', 1795287555168556);
    INSERT INTO run VALUES (1, 'a07d30b5513f4fed2db830f1708116e2', 'test', '{"createTime":{"microseconds":1795287555223046},"creator":"office/li","digest":"a07d30b5513f4fed2db830f1708116e235198c46a87b1f88bee1af69c309f669","engineVersion":"1","id":"a07d30b5513f4fed2db830f1708116e2","inputCount":8,"peerGroup":"","period":"2022","policyDigest":"c0cc71e4471bfb30868f55c84e050f899c1f5911124aea10630318b1c00219cd","publisher":"","resultDigest":"1387e206e8b69e8c7a88148d0fce4c50eb4b1017c3e03a3faf7bf442952d0bdb","schemeID":"test","schemeVersion":1,"state":"draft","tables":[{"name":"all","outside":0,"ranked":3}]}');
    INSERT INTO ranking VALUES
      (1, 1, 'all', 1, 'a', 'A', 75000000, 75000000, 0, '', ''),
      (1, 2, 'all', 1, 'b', 'B', 75000000, 75000000, 0, '', ''),
      (1, 3, 'all', 3, 'c', 'C', 40000000, 40000000, 0, '', '');
    """

  /// As the run's digest covers them: tabs between the fields.
  private static let inputs = """
    huirong-evaluation-run/1
    engine 1
    policy c0cc71e4471bfb30868f55c84e050f899c1f5911124aea10630318b1c00219cd
    scheme test 1 521c2b0b55eeab63ea046c9978bd0596753518753b5ac134a7b534d74aafb76a
    period 2022
    peer-group \("")
    indicator amount money:CNY higher submitted sum true
    indicator loss money:CNY lower submitted sum true
    indicator loss-ratio ppm lower ratio(loss,amount) none false
    institution a bank 370302 bank 0 A
    institution b bank 370303 bank 0 B
    institution c bank 370902 bank 0 C
    fact a amount 2022-H1 6000 1
    fact a amount 2022-07 1000 1
    fact a amount 2022-Q4 3000 1
    fact a loss 2022 500 1
    fact b amount 2022 5000 1
    fact b loss 2022 0 1
    fact c amount 2022 8000 1
    fact c loss 2022 800 2

    """.replacingOccurrences(of: " ", with: "\t")

  private static let runID = "a07d30b5513f4fed2db830f1708116e2"

  private func withEarlierStore(_ body: (EvaluationStore, Store) async throws -> Void) async throws {
    let configuration = try StoreConfiguration.temporary()
    defer { try? FileManager.default.removeItem(atPath: configuration.directory) }
    let all = EvaluationMigrations.all(with: [])
    let earlier = try Store.open(configuration, migrations: Array(all.prefix(4)))
    _ = try await earlier.write { session in
      for statement in Self.rows.split(separator: ";\n") { try session.execute(String(statement)) }
      try session.execute("INSERT INTO run_input VALUES (1, ?)", [.blob(Array(Self.inputs.utf8))])
    }
    await earlier.close()
    let store = try Store.open(configuration, migrations: all)
    do { try await body(EvaluationStore(store, policyDigest: "packs"), store) } catch {
      await store.close()
      throw error
    }
    await store.close()
  }

  @Test func `facts with their versions, totals and rankings read back`() async throws {
    try await withEarlierStore { store, _ in
      let loss = try await store.facts(
        FactFilter(institutionID: "c", indicatorID: "loss", state: .withSuperseded), after: nil, limit: 10)
      #expect(loss.items.map(\.value) == [900, 800])
      #expect(loss.items.map(\.reason) == ["", "typing error"])
      let query = FactQuery(indicatorIDs: ["amount"], periodMonths: 12, dimensions: [.region], regionDigits: 4)
      let totals = try await store.query(query, after: nil, limit: 10)
      #expect(
        totals.rows.map { "\($0.key) \($0.sum)" } == ["[\"amount\", \"3703\"] 5000", "[\"amount\", \"3709\"] 8000"])
      let rows = try await store.rankings(
        runID: Self.runID, table: "", order: .bestFirst, after: nil, limit: 10)
      #expect(rows.items.map(\.institutionID) == ["a", "b", "c"])
    }
  }

  @Test func `its run follows from the inputs it froze, and explains itself`() async throws {
    try await withEarlierStore { store, _ in
      let evaluation = try await store.recompute(runID: Self.runID)
      #expect(evaluation.tables[0].rows.map(\.total) == [75_000_000, 75_000_000, 40_000_000])
      #expect(
        try evaluation.explain("a").nodes[0].inputs[0].sources == [
          "amount[2022-H1] = 6000 (v1)", "amount[2022-07] = 1000 (v1)", "amount[2022-Q4] = 3000 (v1)",
        ])
      #expect(
        try evaluation.explain("c").nodes[1].inputs[0].sources == ["loss[2022] = 800 (v2)", "amount[2022] = 8000 (v1)"])
      let changes = try evaluation.smallestChanges(for: "c", indicatorID: "amount", places: 1)
      #expect(changes.changes.count == 1)
    }
  }

  @Test func `it goes on: a value, a correction, and a run of the new format with the same result`() async throws {
    try await withEarlierStore { store, _ in
      let run = try await World.run(store)
      #expect(run.id != Self.runID, "the digest covers the format")
      #expect(run.resultDigest == "1387e206e8b69e8c7a88148d0fce4c50eb4b1017c3e03a3faf7bf442952d0bdb")
      let receipt = try await store.submitFacts(
        [World.row("b", "amount", 6000, correction: true), World.row("b", "loss", 1, "2021")],
        envelope: try Sent.envelope("later"), encode: Sent.text)
      #expect(receipt.fresh == FactReceipt(accepted: 1, corrected: 1))
      let after = try await World.run(store, key: "after")
      #expect(after.resultDigest != run.resultDigest)
      #expect(try await store.recompute(runID: Self.runID).tables[0].rows.count == 3)
    }
  }
}
