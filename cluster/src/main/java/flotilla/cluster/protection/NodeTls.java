package flotilla.cluster.protection;

import flotilla.cluster.ClusterSettings.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
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
 * Mutual TLS 1.2 and 1.3 between nodes, for Pekko's remoting and Hazelcast's members: whoever has a certificate of the cluster's authority is
 * a node, under whatever name. Connections that exist keep what they were made with when the files change.
 */
public final class NodeTls implements SSLEngineProvider {
    private static final Logger LOG = LoggerFactory.getLogger(NodeTls.class);
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final @Nullable TlsFiles files;
    private final Refusals refusals = new Refusals(System::nanoTime);
    private volatile SSLContext context;
    private volatile List<FileTime> seen;

    private NodeTls(@Nullable TlsFiles files) throws IOException, GeneralSecurityException {
        this.files = files;
        this.seen = times();
        this.context = read();
    }

    /**
     * Reads the files.
     *
     * @param files null for a node by itself: it has a certificate of an authority that nobody else knows, both made now
     * @throws IllegalStateException when they cannot be used, with the reason
     */
    public static NodeTls of(@Nullable TlsFiles files) {
        try {
            return new NodeTls(files);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("flotilla.cluster.tls: " + e.getMessage(), e);
        }
    }

    /** Reads the files again if one has changed; blocks. What cannot be used is logged, and the old ones stay. */
    public void refresh() {
        try {
            List<FileTime> now = times();
            if (!now.equals(seen)) {
                context = read();
                seen = now;
                LOG.info("certificates of the traffic between nodes were read again");
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            LOG.warn(
                    "changed certificates of the traffic between nodes are not used, the old ones stay: {}",
                    e.getMessage());
        }
    }

    private List<FileTime> times() throws IOException {
        List<FileTime> times = new ArrayList<>();
        TlsFiles given = files;
        if (given != null) {
            for (Path file : List.of(given.ca(), given.certificate(), given.privateKey())) {
                times.add(Files.getLastModifiedTime(file));
            }
        }
        return times;
    }

    private SSLContext read() throws IOException, GeneralSecurityException {
        TlsFiles given = files;
        Identity identity = given == null ? Identity.own() : Identity.read(given);
        return identity.context(refusals);
    }

    /** Where it is told that somebody was refused. */
    public Refusals refusals() {
        return refusals;
    }

    /** An engine that accepts a node. @param host where it connects from, for the log; null when it is not known */
    public SSLEngine accepting(@Nullable String host, int port) {
        SSLEngine engine = host == null ? context.createSSLEngine() : context.createSSLEngine(host, port);
        engine.setEnabledProtocols(PROTOCOLS);
        engine.setUseClientMode(false);
        engine.setNeedClientAuth(true);
        return engine;
    }

    /** An engine that connects to a node. */
    public SSLEngine connecting(String host, int port) {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setEnabledProtocols(PROTOCOLS);
        engine.setUseClientMode(true);
        return engine;
    }

    /** Pekko tells the address of its own port. */
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
