package flotilla.cluster.hazelcast.tls;

import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.DefaultNodeContext;
import com.hazelcast.instance.impl.DefaultNodeExtension;
import com.hazelcast.instance.impl.HazelcastInstanceFactory;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.instance.impl.NodeExtension;
import com.hazelcast.internal.networking.Channel;
import com.hazelcast.internal.networking.ChannelInitializer;
import com.hazelcast.internal.server.ServerConnection;
import com.hazelcast.internal.server.ServerContext;
import flotilla.cluster.ClusterSettings.Protection;
import flotilla.cluster.protection.NodeTls;
import java.util.function.Function;

/**
 * Starts members of Hazelcast that speak TLS with certificates on both sides. Before the handshake is done, Hazelcast
 * sends and receives nothing. The community edition has no setting for TLS; this class uses the extension point that
 * the enterprise edition uses.
 */
public final class MemberTls implements AutoCloseable {
    private final Handshakes handshakes;

    /** Uses the certificates of {@code tls} and the limits of {@code protection}. */
    public MemberTls(NodeTls tls, Protection protection) {
        this.handshakes = new Handshakes(tls, protection.handshakeTimeout(), protection.maxHandshakes());
    }

    /**
     * Starts a member. Blocks until it has joined or formed its cluster.
     *
     * @throws com.hazelcast.core.HazelcastException when it cannot start or join
     */
    public HazelcastInstance start(Config config) {
        return HazelcastInstanceFactory.newHazelcastInstance(config, config.getInstanceName(), new Context());
    }

    /**
     * Whether a connection's TLS handshake still runs. Its time limit is that of {@link Protection#handshakeTimeout}.
     */
    public static boolean isHandshaking(ServerConnection connection) {
        return connection.attributeMap().get(TlsLink.class) instanceof TlsLink link && !link.isEstablished();
    }

    @Override
    public void close() {
        handshakes.close();
    }

    private final class Context extends DefaultNodeContext {
        @Override
        public NodeExtension createNodeExtension(Node node) {
            return new Extension(node);
        }
    }

    private final class Extension extends DefaultNodeExtension {
        Extension(Node node) {
            super(node);
        }

        @Override
        public Function<EndpointQualifier, ChannelInitializer> createChannelInitializerFn(ServerContext context) {
            Function<EndpointQualifier, ChannelInitializer> plain = super.createChannelInitializerFn(context);
            return qualifier -> {
                ChannelInitializer protocol = plain.apply(qualifier);
                return channel -> initialize(channel, protocol);
            };
        }
    }

    /** Decryption is the first handler of the inbound pipeline, encryption the last one of the outbound pipeline. */
    @SuppressWarnings("unchecked") // as the interface is
    private void initialize(Channel channel, ChannelInitializer protocol) throws Exception {
        TlsLink link = new TlsLink(channel, handshakes);
        channel.attributeMap().put(TlsLink.class, link);
        channel.addCloseListener(closed -> handshakes.end(link));
        channel.inboundPipeline().addLast(new TlsInbound(link));
        protocol.initChannel(channel);
        channel.outboundPipeline().addLast(new TlsOutbound(link));
        if (!link.isOutgoing()) {
            link.pump();
        }
    }
}
