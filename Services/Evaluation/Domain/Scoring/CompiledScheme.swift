/// A scheme laid flat: nodes in reading order, parents before children, so that scores fold from the end to the front.
package struct CompiledScheme: Sendable {
  package struct Node: Sendable {
    package let path: String
    package let depth: Int
    package let definition: SchemeNode
    package var children: [Int]
  }

  package private(set) var nodes: [Node] = []
  package private(set) var roots: [Int] = []
  package let scheme: Scheme

  package init(_ scheme: Scheme) {
    self.scheme = scheme
    for node in scheme.nodes { roots.append(add(node, parent: "", depth: 0)) }
  }

  private mutating func add(_ definition: SchemeNode, parent: String, depth: Int) -> Int {
    let path = parent.isEmpty ? definition.id : "\(parent)/\(definition.id)"
    let index = nodes.count
    nodes.append(Node(path: path, depth: depth, definition: definition, children: []))
    if case .dimension(let children) = definition.content {
      for child in children { nodes[index].children.append(add(child, parent: path, depth: depth + 1)) }
    }
    return index
  }

  /// The indicators of which a function looks at peers.
  var comparedIndicatorIDs: [String] {
    var ids: [String] = []
    for node in nodes {
      guard case .leaf(let id, let function, _) = node.definition.content else { continue }
      if let id, function.looksAtPeers { ids.append(id) }
    }
    return ids + scheme.bonuses.filter { $0.function.looksAtPeers }.map(\.indicatorID)
  }
}
