package flotilla.ops.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.node.control.ControlSettings.Listeners;
import flotilla.node.tls.CertificateProblem;
import flotilla.node.tls.KeyMaterial;
import flotilla.node.tls.OfferReport;
import flotilla.node.tls.OfferReport.Item;
import flotilla.node.tls.TlsSettings;
import flotilla.node.tls.TlsSettings.CertificateFiles;
import flotilla.ops.config.Configuration;
import flotilla.ops.server.PublicCertificate;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code flotilla tls}. */
@Command(
        name = "tls",
        mixinStandardHelpOptions = true,
        description = "Shows the TLS that clients can get.",
        subcommands = TlsCommand.Policy.class)
final class TlsCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing: policy");
    }

    /** Shows what the listeners of a configuration offer. */
    @Command(
            name = "policy",
            mixinStandardHelpOptions = true,
            description = {
                "Shows what each listener offers: versions, cipher suites in the server's order, groups and signatures.",
                "It reads the configuration and the certificates, and asks no server."
            },
            footer = {"  flotilla tls policy --explain", "  flotilla tls policy --set flotilla.tls.policy=fips"})
    static final class Policy implements Callable<Integer> {
        @Mixin
        private ConfigOptions options = new ConfigOptions();

        @Option(names = "--explain", description = "Shows also what is not offered, and the reason of each.")
        private boolean explain;

        @Option(names = "--json", description = "Prints JSON, with the reasons.")
        private boolean json;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public Integer call() throws Exception {
            Configuration configuration = options.inForce();
            TlsSettings tls = configuration.node().tls();
            List<KeyMaterial> keys = new ArrayList<>();
            for (CertificateFiles files : tls.certificates()) {
                keys.add(material(files));
            }
            Map<String, OfferReport> reports = new LinkedHashMap<>();
            Listeners listeners = configuration.node().control().listeners();
            if (listeners.explicitPort() != 0
                    && configuration.node().session().explicitTls().tlsAvailable()) {
                reports.put("explicit", OfferReport.of(tls.explicit(), keys));
            }
            if (listeners.implicitPort() != 0) {
                reports.put("implicit", OfferReport.of(tls.implicit(), keys));
            }
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                ObjectMapper mapper = new ObjectMapper();
                ObjectNode all = mapper.createObjectNode();
                reports.forEach((name, report) -> write(all.putObject(name), report));
                out.println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(all));
            } else {
                reports.forEach((name, report) -> print(name, report, out));
            }
            return 0;
        }

        /** Returns a key. A server without a certificate makes one with an EC key when it starts. */
        private static KeyMaterial material(CertificateFiles files) throws CertificateProblem {
            return Files.exists(files.certificate()) ? PublicCertificate.read(files) : PublicCertificate.example();
        }

        private static Map<String, List<Item>> parts(OfferReport report) {
            Map<String, List<Item>> parts = new LinkedHashMap<>();
            parts.put("versions", report.versions());
            parts.put("suites", report.suites());
            parts.put("groups", report.groups());
            parts.put("signatures", report.signatures());
            return parts;
        }

        private static void write(ObjectNode listener, OfferReport report) {
            listener.put("library", report.library());
            parts(report).forEach((name, items) -> {
                ArrayNode array = listener.putArray(name);
                items.forEach(item -> array.addObject()
                        .put("name", item.name())
                        .put("openssl", item.openSsl())
                        .put("offered", item.offered())
                        .put("reason", item.reason()));
            });
            ArrayNode notes = listener.putArray("notes");
            report.notes().forEach(notes::add);
        }

        private void print(String listener, OfferReport report, PrintWriter out) {
            out.println("Listener " + listener + ", " + report.library());
            Table table = explain
                    ? new Table("PART", "NAME", "OPENSSL", "OFFERED", "REASON")
                    : new Table("PART", "NAME", "OPENSSL");
            parts(report)
                    .forEach((part, items) -> items.forEach(item -> {
                        if (explain) {
                            table.row(part, item.name(), item.openSsl(), item.offered() ? "yes" : "no", item.reason());
                        } else if (item.offered()) {
                            table.row(part, item.name(), item.openSsl());
                        }
                    }));
            table.print(out);
            report.notes().forEach(out::println);
            out.println();
        }
    }
}
