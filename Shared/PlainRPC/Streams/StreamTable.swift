/// Open streams by id. Ids grow steadily and most streams are short, so a small open-addressed table serves better than
/// a dictionary that hashes against collisions nobody can cause: ids come in order, not by choice.
struct StreamTable<Value: AnyObject> {
  private struct Slot {
    var id: UInt32
    var value: Value?
  }

  private var slots: [Slot]
  private(set) var count = 0

  init(minimumCapacity: Int = 16) {
    var capacity = 16
    while capacity < minimumCapacity * 2 { capacity *= 2 }
    slots = Array(repeating: Slot(id: 0, value: nil), count: capacity)
  }

  var isEmpty: Bool { count == 0 }

  subscript(id: UInt32) -> Value? {
    var index = home(of: id)
    while let value = slots[index].value {
      if slots[index].id == id { return value }
      index = next(index)
    }
    return nil
  }

  mutating func insert(_ value: Value, id: UInt32) {
    if (count + 1) * 2 > slots.count { grow() }
    place(value, id)
    count += 1
  }

  @discardableResult
  mutating func remove(_ id: UInt32) -> Value? {
    var index = home(of: id)
    while let value = slots[index].value {
      if slots[index].id == id {
        closeGap(at: index)
        count -= 1
        return value
      }
      index = next(index)
    }
    return nil
  }

  mutating func removeAll() -> [Value] {
    let values = all
    self = StreamTable()
    return values
  }

  var all: [Value] { slots.compactMap(\.value) }

  private func home(of id: UInt32) -> Int { Int(truncatingIfNeeded: id) & (slots.count - 1) }
  private func next(_ index: Int) -> Int { (index + 1) & (slots.count - 1) }

  private mutating func place(_ value: Value, _ id: UInt32) {
    var index = home(of: id)
    while slots[index].value != nil { index = next(index) }
    slots[index] = Slot(id: id, value: value)
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: Slot(id: 0, value: nil), count: old.count * 2)
    for slot in old { if let value = slot.value { place(value, slot.id) } }
  }

  /// Moves later members of the probe chain back, so that no tombstones pile up.
  private mutating func closeGap(at start: Int) {
    var gap = start
    var index = next(gap)
    while slots[index].value != nil {
      let distanceHome = (index - home(of: slots[index].id)) & (slots.count - 1)
      let distanceGap = (index - gap) & (slots.count - 1)
      if distanceHome >= distanceGap {
        slots[gap] = slots[index]
        gap = index
      }
      index = next(index)
    }
    slots[gap] = Slot(id: 0, value: nil)
  }
}
