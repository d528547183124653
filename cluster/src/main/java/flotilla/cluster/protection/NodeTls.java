package flotilla.cluster.protection;

import flotilla.cluster.ClusterSettings.TlsFiles;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.apache.pekko.remote.artery.tcp.SSLEngineProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * Mutual TLS 1.2 and 1.3 between nodes, for Pekko's remoting and Hazelcast's members. Every holder of a certificate of
 * the cluster's authority is a node, under any name. When the files change, existing connections keep their
 * certificates.
 */
public final class NodeTls implements SSLEngineProvider {
    private static final Logger LOG = LoggerFactory.getLogger(NodeTls.class);
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final @Nullable TlsFiles files;
    private final Refusals refusals = new Refusals(System::nanoTime);
    private volatile SSLContext context;
    private final FileWatch watch;

    private NodeTls(@Nullable TlsFiles files) throws IOException, GeneralSecurityException {
        this.files = files;
        this.watch =
                new FileWatch(files == null ? List.of() : List.of(files.ca(), files.certificate(), files.privateKey()));
        this.context = read();
    }

    /**
     * Reads the files.
     *
     * @param files null for a single node; it gets a new certificate of a new authority that no other node knows
     * @throws IllegalStateException when the files cannot be used, with the reason
     */
    public static NodeTls of(@Nullable TlsFiles files) {
        try {
            return new NodeTls(files);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("flotilla.cluster.tls: " + e.getMessage(), e);
        }
    }

    /**
     * Reads the files again if one of them has changed. Blocks. Files that cannot be used are logged, and the old
     * certificates stay.
     */
    public void refresh() {
        try {
            if (watch.hasChanged()) {
                context = read();
                LOG.info("certificates of the traffic between nodes were read again");
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            watch.again();
            LOG.warn(
                    "changed certificates of the traffic between nodes are not used, the old ones stay: {}",
                    e.getMessage());
        }
    }

    private SSLContext read() throws IOException, GeneralSecurityException {
        TlsFiles given = files;
        Identity identity = given == null ? Identity.own() : Identity.read(given);
        return identity.context(refusals);
    }

    /** Logs refused connections. */
    public Refusals refusals() {
        return refusals;
    }

    /**
     * Makes an engine for an accepted connection.
     *
     * @param host address of the other end, for the log; null when it is not known
     * @param port port of the other end
     */
    public SSLEngine accepting(@Nullable String host, int port) {
        SSLEngine engine = host == null ? context.createSSLEngine() : context.createSSLEngine(host, port);
        engine.setEnabledProtocols(PROTOCOLS);
        engine.setUseClientMode(false);
        engine.setNeedClientAuth(true);
        return engine;
    }

    /** Makes an engine for a connection to a node. */
    public SSLEngine connecting(String host, int port) {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setEnabledProtocols(PROTOCOLS);
        engine.setUseClientMode(true);
        return engine;
    }

    /** Pekko passes the address of its own port, not the other end's, so no address is logged. */
    @Override
    public SSLEngine createServerSSLEngine(String ownHost, int ownPort) {
        return new ServerEngine(accepting(null, 0), this::failed);
    }

    @Override
    public SSLEngine createClientSSLEngine(String host, int port) {
        return connecting(host, port);
    }

    private void failed(SSLException failure) {
        refusals.tell(
                "",
                "a connection to the cluster's port failed, as from a node of another authority or from somebody who is none: "
                        + failure.getMessage());
    }

    @Override
    public Option<Throwable> verifyClientSession(String host, SSLSession session) {
        return Option.empty();
    }

    @Override
    public Option<Throwable> verifyServerSession(String host, SSLSession session) {
        return Option.empty();
    }
}
