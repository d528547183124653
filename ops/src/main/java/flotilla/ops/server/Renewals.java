package flotilla.ops.server;

import flotilla.cluster.ClusterNode;
import flotilla.node.FtpsNode;
import flotilla.ops.acme.Acme;
import flotilla.ops.admin.ControlPlane.Renewal;
import flotilla.ops.config.Configuration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The certificate from an authority, as a part of a server. */
record Renewals(Acme acme) implements Renewal, AutoCloseable {
    /**
     * Makes sure that there is a certificate to begin with; empty when ACME is off. Blocks.
     *
     * @throws Exception when there can be none, or a port is taken
     */
    static Optional<Renewals> open(Configuration configuration, ClusterNode cluster) throws Exception {
        return configuration.acme().isPresent()
                ? Optional.of(new Renewals(Acme.open(configuration.acme().get(), cluster)))
                : Optional.empty();
    }

    /** Lets a node answer challenges. */
    void answer(FtpsNode node) {
        node.answer(acme.answers());
    }

    /** Begins to look after the certificate that a node serves. */
    void start(FtpsNode node, ExpiryWatch expiry) {
        acme.start(() -> {
            node.reloadCertificates();
            expiry.look();
        });
    }

    @Override
    public CompletionStage<Map<String, String>> status() {
        return acme.status();
    }

    @Override
    public void begin(boolean forget) {
        acme.renew(forget);
    }

    @Override
    public void close() {
        acme.close();
    }
}
