package flotilla.node.tls;

import flotilla.node.state.ResumableSession;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Vector;
import org.bouncycastle.tls.AbstractTlsServer;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SessionParameters;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSession;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;
import org.jspecify.annotations.Nullable;

/** A TLS 1.2 server that knows one session and can only resume it: it has neither certificate nor key. */
final class ResumingServer extends AbstractTlsServer {
    /** Uses the JDK's providers, whose AES-GCM uses the processor's instructions. */
    private static final TlsCrypto OF_THE_JDK = new JcaTlsCryptoProvider().create(new SecureRandom());

    /** Uses BouncyCastle's own ChaCha20-Poly1305: the JDK has it under another name than BouncyCastle looks for. */
    private static final TlsCrypto OF_BOUNCY_CASTLE = new BcTlsCrypto(new SecureRandom());

    private static final ProtocolName FTP = ProtocolName.asUtf8Encoding("ftp");

    private final int cipherSuite;
    private final TlsSession session;
    private boolean resumed;
    private boolean established;
    private boolean ended;

    ResumingServer(ResumableSession known) {
        super(isChaCha(known.cipherSuite()) ? OF_BOUNCY_CASTLE : OF_THE_JDK);
        this.cipherSuite = known.cipherSuite();
        this.session = TlsUtils.importSession(
                known.id().clone(),
                new SessionParameters.Builder()
                        .setNegotiatedVersion(ProtocolVersion.TLSv12)
                        .setCipherSuite(cipherSuite)
                        .setExtendedMasterSecret(known.extendedMasterSecret())
                        .setMasterSecret(
                                getCrypto().createSecret(known.masterSecret().clone()))
                        .build());
    }

    private static boolean isChaCha(int suite) {
        return CipherSuite.of(suite).filter(CipherSuite::isChaCha).isPresent();
    }

    /** Returns true when the ClientHello asked for the session and gets it. */
    boolean isResumed() {
        return resumed;
    }

    /** Returns true when the client has proved that it knows the master secret. */
    boolean isEstablished() {
        return established;
    }

    /** Returns true when the client's close_notify has come. */
    boolean hasEnded() {
        return ended;
    }

    /** Forgets the master secret. */
    void forget() {
        session.invalidate();
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return ProtocolVersion.TLSv12.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return new int[] {cipherSuite};
    }

    @Override
    public @Nullable TlsSession getSessionToResume(byte[] id) {
        return MessageDigest.isEqual(id, session.getSessionID()) ? session : null;
    }

    /**
     * Accepts what BoringSSL accepts: it requires the extended master secret only for a session that had it (RFC 7627,
     * section 5.3).
     */
    @Override
    public boolean allowLegacyResumption() {
        return true;
    }

    /** Does nothing: renegotiation is always refused. */
    @Override
    public void notifySecureRenegotiation(boolean secureRenegotiation) {}

    @Override
    public void notifySession(TlsSession negotiated) {
        resumed = context.getSecurityParametersHandshake().isResumedSession();
    }

    /** Refuses a full handshake; a resumed one does not call this. */
    @Override
    public int getSelectedCipherSuite() throws IOException {
        throw new TlsFatalAlert(AlertDescription.handshake_failure);
    }

    @Override
    public TlsCredentials getCredentials() throws IOException {
        throw new TlsFatalAlert(AlertDescription.handshake_failure);
    }

    @Override
    protected Vector<ProtocolName> getProtocolNames() {
        Vector<ProtocolName> names = new Vector<>();
        names.add(FTP);
        return names;
    }

    /** Selects like BoringSSL: without a common protocol it names none. */
    @Override
    protected @Nullable ProtocolName selectProtocolName() {
        return clientProtocolNames.contains(FTP) ? FTP : null;
    }

    @Override
    public void notifyHandshakeComplete() {
        established = true;
    }

    @Override
    public void notifyAlertReceived(short level, short description) {
        ended |= description == AlertDescription.close_notify;
    }
}
