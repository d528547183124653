/** Mutual TLS below Hazelcast's member protocol: handlers in each connection's pipelines, and what watches their handshakes. */
@org.jspecify.annotations.NullMarked
package flotilla.cluster.hazelcast.tls;
