package flotilla.ops.setup;

import flotilla.node.tls.CertificateMaker;
import flotilla.node.tls.CertificateMaker.KeyKind;
import flotilla.node.tls.CertificateProblem;
import flotilla.ops.config.ConfigException;
import flotilla.ops.config.Configuration;
import flotilla.ops.setup.SetupPlan.Places;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code flotilla init}: writes a first configuration, and makes the certificates and keys that it names. */
public final class Setup {
    private static final Duration CERTIFICATE_LIFE = Duration.ofDays(825);

    private final SetupPlan plan;
    private final ConfigFile files;

    /** @param plan what the configuration says */
    public Setup(SetupPlan plan) {
        this.plan = plan;
        this.files = new ConfigFile(plan.places().configuration(), plan.places().dataDir());
    }

    /**
     * Writes everything.
     *
     * @param names DNS names and addresses for a certificate to make, if the file of the plan is not there
     * @param force whether to replace a configuration; it is kept with another name
     * @return the configuration as a server reads it
     * @throws IOException when another configuration is there, or a file cannot be written
     * @throws ConfigException when the configuration is refused; it is in place then, too
     */
    public Configuration write(List<String> names, boolean force)
            throws IOException, CertificateProblem, ConfigException {
        Places places = plan.places();
        ConfigFile.require(places.configuration(), force);
        Files.createDirectories(places.directory());
        if (!Files.exists(places.certificate())) {
            makeCertificate(places.certificate(), names);
        }
        if (plan.cluster().isPresent()) {
            ClusterFiles cluster = new ClusterFiles(places.directory());
            for (Path made : cluster.make(plan.cluster().get().self())) {
                files.give(made);
            }
        }
        files.write(ConfigText.of(plan));
        return Configuration.load(Optional.of(places.configuration()), Map.of(), List.of());
    }

    private void makeCertificate(Path certificate, List<String> names) throws IOException, CertificateProblem {
        List<String> hosts = new ArrayList<>(List.of("localhost"));
        List<String> addresses = new ArrayList<>(List.of("127.0.0.1", "::1"));
        for (String name : names) {
            (name.matches("[0-9.]+|.*:.*") ? addresses : hosts).add(name);
        }
        List<String> ordered = new ArrayList<>(hosts.subList(1, hosts.size()));
        ordered.add(hosts.get(0));
        CertificateMaker.write(
                CertificateMaker.selfSigned(KeyKind.EC, ordered, addresses, CERTIFICATE_LIFE), certificate);
        files.give(certificate);
    }
}
