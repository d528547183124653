/**
 * The state that nodes share, as interfaces and records. The packages below implement it; of them, this package uses
 * {@code wire.Tag} only.
 */
@org.jspecify.annotations.NullMarked
package flotilla.cluster;
