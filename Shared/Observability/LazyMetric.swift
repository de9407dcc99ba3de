internal import Atomics

/// A metric that is registered when it is first needed, so that what never happens takes neither memory nor a line of the
/// page. Reading it afterwards costs one atomic load.
package final class LazyMetric<Metric: AnyObject & Sendable>: Sendable {
  private let reference = ManagedAtomicLazyReference<Metric>()
  private let make: @Sendable () -> Metric

  package init(_ make: @escaping @Sendable () -> Metric) { self.make = make }

  package var value: Metric { reference.load() ?? reference.storeIfNilThenLoad(make()) }
}
