/**
 * Mutual TLS below Hazelcast's member protocol: handlers in each connection's pipelines, and limits on their
 * handshakes.
 */
@org.jspecify.annotations.NullMarked
package flotilla.cluster.hazelcast.tls;
