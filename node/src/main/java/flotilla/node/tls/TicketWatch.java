package flotilla.node.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Waits for the secret of a control connection's handshake, which a {@link TicketRepeater} needs. */
public final class TicketWatch implements AutoCloseable {
    private static final String LABEL = "SERVER_TRAFFIC_SECRET_0 ";

    private final Map<Long, TicketWatch> all;
    private final long pointer;
    private volatile byte @Nullable [] secret;

    private TicketWatch(Map<Long, TicketWatch> all, long pointer) {
        this.all = all;
        this.pointer = pointer;
    }

    /** All handshakes that are waited for, by the pointers of BoringSSL. As many as handshakes run. */
    static final class Handshakes {
        private final Map<Long, TicketWatch> all = new ConcurrentHashMap<>();

        TicketWatch watch(long pointer) {
            TicketWatch watch = new TicketWatch(all, pointer);
            all.put(pointer, watch);
            return watch;
        }

        /** Takes a line of BoringSSL's key log. Only a handshake that is waited for keeps its secret. */
        void line(long pointer, byte[] line) {
            TicketWatch watch = all.get(pointer);
            String text = new String(line, StandardCharsets.US_ASCII).trim();
            if (watch != null && text.startsWith(LABEL)) {
                watch.secret = HexFormat.of().parseHex(text.substring(text.lastIndexOf(' ') + 1));
            }
        }
    }

    /**
     * The repeater of a connection; empty below TLS 1.3. The handshake is no longer waited for.
     *
     * @param cipherSuite the suite of the complete handshake
     */
    public Optional<TicketRepeater> repeater(String cipherSuite) {
        close();
        byte[] known = secret;
        Optional<CipherSuite> suite = CipherSuite.of(cipherSuite).filter(one -> one.version() == TlsVersion.TLS_1_3);
        if (known == null || suite.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new TicketRepeater(new TrafficKeys(suite.get(), known)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } finally {
            Arrays.fill(known, (byte) 0);
        }
    }

    /** Forgets the handshake. */
    @Override
    public void close() {
        all.remove(pointer, this);
    }
}
