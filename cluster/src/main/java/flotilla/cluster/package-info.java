/** What nodes share, as interfaces and records. The packages below implement it; this one uses none of them but {@code wire.Tag}. */
@org.jspecify.annotations.NullMarked
package flotilla.cluster;
