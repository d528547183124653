package flotilla.node.tls;

import flotilla.cluster.TicketKeys;

/** Makes engines that remember few sessions. */
public final class SmallCaches {
    private SmallCaches() {}

    /**
     * Makes engines.
     *
     * @param sessions number of sessions that BoringSSL can resume without a ticket
     */
    public static TlsEngines engines(TlsSettings settings, TicketKeys ticketKeys, int sessions)
            throws CertificateProblem {
        return new OpenSslEngines(settings, ticketKeys, sessions);
    }
}
