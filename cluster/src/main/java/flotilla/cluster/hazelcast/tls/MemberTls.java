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
 * Starts members of Hazelcast whose connections are TLS with certificates on both sides. Before the handshake is done, nothing is sent and
 * nothing that came reaches Hazelcast. The community edition has no setting for it, but the place where the enterprise edition puts its own.
 */
public final class MemberTls implements AutoCloseable {
    private final Handshakes handshakes;

    public MemberTls(NodeTls tls, Protection protection) {
        this.handshakes = new Handshakes(tls, protection.handshakeTimeout(), protection.maxHandshakes());
    }

    /** Starts a member; blocks until it has joined or formed its cluster. */
    public HazelcastInstance start(Config config) {
        return HazelcastInstanceFactory.newHazelcastInstance(config, config.getInstanceName(), new Context());
    }

    /** Whether a connection's handshake is under way, which has a limit of its own. */
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

    /** Deciphering comes first of what is read, enciphering last of what is written. */
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
