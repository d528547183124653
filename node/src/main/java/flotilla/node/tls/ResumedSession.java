package flotilla.node.tls;

import flotilla.node.state.ResumableSession;
import java.security.Principal;
import java.security.cert.Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import org.jspecify.annotations.Nullable;

/**
 * The session of a connection that was resumed. Only the fingerprint of the client's certificate is known
 * ({@link ResumableSession}).
 */
final class ResumedSession implements SSLSession {
    private static final int MAX_PLAINTEXT = 16 * 1024;
    private static final int MAX_RECORD = 5 + MAX_PLAINTEXT + 2048;

    private final byte[] id;
    private final String cipherSuite;
    private final long created = System.currentTimeMillis();

    /**
     * Creates the session.
     *
     * @param cipherSuite {@code SSL_NULL_WITH_NULL_NULL} until the handshake is complete
     */
    ResumedSession(byte[] id, String cipherSuite) {
        this.id = id;
        this.cipherSuite = cipherSuite;
    }

    @Override
    public byte[] getId() {
        return id.clone();
    }

    @Override
    public @Nullable SSLSessionContext getSessionContext() {
        return null;
    }

    @Override
    public long getCreationTime() {
        return created;
    }

    @Override
    public long getLastAccessedTime() {
        return created;
    }

    @Override
    public void invalidate() {
        // No cache holds this session, so no other connection can resume it here.
    }

    @Override
    public boolean isValid() {
        return false;
    }

    @Override
    public void putValue(String name, Object value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable Object getValue(String name) {
        return null;
    }

    @Override
    public void removeValue(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String[] getValueNames() {
        return new String[0];
    }

    @Override
    public Certificate[] getPeerCertificates() throws SSLPeerUnverifiedException {
        throw new SSLPeerUnverifiedException("a resumed session");
    }

    @Override
    public Certificate @Nullable [] getLocalCertificates() {
        return null;
    }

    @Override
    public Principal getPeerPrincipal() throws SSLPeerUnverifiedException {
        throw new SSLPeerUnverifiedException("a resumed session");
    }

    @Override
    public @Nullable Principal getLocalPrincipal() {
        return null;
    }

    @Override
    public String getCipherSuite() {
        return cipherSuite;
    }

    @Override
    public String getProtocol() {
        return ServerEngine.PROTOCOL;
    }

    @Override
    public @Nullable String getPeerHost() {
        return null;
    }

    @Override
    public int getPeerPort() {
        return -1;
    }

    @Override
    public int getPacketBufferSize() {
        return MAX_RECORD;
    }

    @Override
    public int getApplicationBufferSize() {
        return MAX_PLAINTEXT;
    }
}
