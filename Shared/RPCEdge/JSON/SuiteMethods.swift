package import PlainRPC
import Protos

/// Every method of the suite by name, for callers who know methods only as text.
package enum SuiteMethods {
  package static let all: [PlainMethodDescriptor] = HuirongMethods.all.filter { $0.service.hasPrefix("huirong.") }

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.fullName, $0) })

  /// - Parameter name: `huirong.fund.v1.FundService/GetAccount`, with or without a leading slash.
  package static func named(_ name: String) -> PlainMethodDescriptor? {
    byName[name.hasPrefix("/") ? String(name.dropFirst()) : name]
  }
}
