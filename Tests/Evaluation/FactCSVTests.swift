import EvaluationDomain
import Kernel
import Testing

@Suite("Submissions as CSV") struct FactCSVTests {
  private static let header = "institution_id,indicator_id,period,value,unit,currency_code,correction,reason"

  private func read(_ rows: String, header: String = header) throws -> FactCSV {
    try FactCSV(Array("\(header)\r\n\(rows)".utf8))
  }

  private func reasons(_ csv: FactCSV) -> [String] {
    csv.rows.map { row in
      switch row.content {
      case .fact(let fact): "\(row.line) \(fact.value)"
      case .refused(let reason, _): "\(row.line) \(reason.rawValue)"
      }
    }
  }

  @Test func `every row is read or refused by itself, with its line`() throws {
    let csv = try read(
      """
      a,count,2023-06,5,count,,,\r
      a,count,2023-07,NaN,count,,,\r
      a,count,2023-08,1.5,count,,,\r
      a,count,2023-09,"1,000",count,,,\r
      \r
      a,count,2023-10,,count,,,\r
      a,money,2023-10,-12,money,CNY,true,"two
      lines"\r
      a,count,2023-11,7,count\r
      a,count,2023-11,7,count,,maybe,\r
      a,count,2023-11,99999999999999999999,count,,,\r
      a,count,2023-11,8,count,,false,
      """)
    #expect(
      reasons(csv) == [
        "2 5", "3 notANumber", "4 notANumber", "5 notANumber", "7 notANumber", "8 malformedRow", "10 malformedRow",
        "11 malformedRow", "12 notANumber", "13 8",
      ])
  }

  @Test func `columns come in any order, quotes double, a byte order mark is no data`() throws {
    let csv = try FactCSV(
      Array(
        "\u{FEFF}value,unit,period,indicator_id,institution_id,reason,correction\n3,ppm,2023,i,\"a\"\"b\",x,true\n".utf8
      ))
    #expect(
      csv.facts == [
        FactInput(
          institutionID: "a\"b", indicatorID: "i", period: "2023", value: 3, unit: .ppm, isCorrection: true, reason: "x"
        )
      ])
  }

  @Test(arguments: [
    "", "institution_id,indicator_id,period,value\n",
    "institution_id,indicator_id,period,value,unit,unit\na,b,c,1,d,e\n",
    "institution_id,indicator_id,period,value,unit\n", "institution_id,indicator_id,period,value,colour\na,b,c,1,d\n",
    "institution_id,indicator_id,period,value,unit\na,b,c,1\r2,d\n",
    "institution_id,indicator_id,period,value,unit\na,b,c,1,\"d\n",
    "institution_id,indicator_id,period,value,unit\na\"b,c,d,1,e\n",
  ])
  func `a file that is not readable as a whole is refused as a whole`(text: String) {
    let error = #expect(throws: DomainError.self) { try FactCSV(Array(text.utf8)) }
    #expect(error?.field == "csv")
  }

  @Test func `bytes that are no UTF-8 are refused`() {
    #expect(throws: DomainError.self) { try FactCSV([0x61, 0xFF]) }
  }

  @Test func `unknown units and currencies are left for the intake to refuse`() throws {
    let csv = try read("a,count,2023,1,pieces,,,\na,money,2023,1,money,XXQ,,\na,count,2023,1,count,CNY,,\n")
    #expect(csv.facts.map { $0.unit == nil } == [true, true, true])
  }
}
