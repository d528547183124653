package flotilla.node.tls;

import flotilla.cluster.TicketKeys;
import io.netty.handler.ssl.OpenSsl;
import io.netty.util.ReferenceCountUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the TLS implementation: BoringSSL where its library loads, else the JDK's. */
public final class Tls {
    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

    private Tls() {}

    /** Returns true when the library of BoringSSL loads. */
    static boolean isBoringSsl() {
        return OpenSsl.isAvailable();
    }

    /**
     * Makes what engines would need, and releases it again.
     *
     * @throws CertificateProblem when a certificate, a key or an authority cannot be used
     */
    public static void tryOut(TlsSettings settings) throws CertificateProblem {
        Services services = Services.read(settings, isBoringSsl());
        if (!isBoringSsl()) {
            ServerContexts.trust(settings);
            return;
        }
        for (Services.Service service : services.all()) {
            ReferenceCountUtil.release(ServerContexts.openSsl(service.material(), service.offer(), settings));
        }
    }

    /**
     * Makes the engines.
     *
     * @throws CertificateProblem when a certificate or key cannot be used
     */
    public static TlsEngines engines(TlsSettings settings, TicketKeys ticketKeys) throws CertificateProblem {
        if (isBoringSsl()) {
            return new OpenSslEngines(settings, ticketKeys);
        }
        LOG.warn(
                "BoringSSL does not load ({}): using the JDK's TLS. It is slower, and data-session-reuse is met only on the"
                        + " control connection's own node.",
                String.valueOf(OpenSsl.unavailabilityCause()));
        JdkGroups.missing(settings).ifPresent(LOG::warn);
        return new JdkEngines(settings);
    }
}
