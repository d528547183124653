package flotilla.ops.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.protection.PemFiles;
import flotilla.node.tls.CertificateMaker;
import flotilla.node.tls.CertificateWish;
import flotilla.node.tls.KeyMaterial;
import flotilla.node.tls.TlsSettings.CertificateFiles;
import flotilla.ops.server.PublicCertificate;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flotilla cert}. */
@Command(
        name = "cert",
        mixinStandardHelpOptions = true,
        description = "Makes and shows certificates and keys.",
        subcommands = {
            CertCommand.New.class,
            CertCommand.Show.class,
            CertCommand.Export.class,
            CertFileCommands.Request.class,
            CertFileCommands.Verify.class,
            AcmeCommands.Status.class,
            AcmeCommands.Renew.class,
            ClusterCertCommands.Authority.class,
            ClusterCertCommands.Node.class,
            ClusterCertCommands.Key.class
        })
final class CertCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(),
                "a command is missing: new, show, export, request, verify, acme, renew, cluster-ca, node or cluster-key");
    }

    /** Creates a self-signed certificate. */
    @Command(
            name = "new",
            mixinStandardHelpOptions = true,
            description = "Makes a key and a self-signed certificate in one PEM file.",
            footer = {
                "  flotilla cert new --dns ftp.example.org server.pem",
                "  flotilla cert new --dns ftp.example.org --key rsa4096 --subject \"C=US,O=Example\" server.pem"
            })
    static final class New implements Callable<Integer> {
        @Mixin
        private CertificateOptions options = new CertificateOptions();

        @Option(
                names = "--days",
                paramLabel = "DAYS",
                defaultValue = "825",
                description = "Validity; default ${DEFAULT-VALUE}.")
        private int days;

        @Option(names = "--force", description = "Replaces an existing file.")
        private boolean force;

        @Parameters(paramLabel = "FILE", description = "PEM file to write.")
        @SuppressWarnings("NullAway.Init")
        private Path file;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public Integer call() throws Exception {
            CertificateWish wish = options.wish();
            if (Files.exists(file) && !force) {
                throw new IllegalStateException(file + " is there already; --force replaces it");
            }
            CertificateMaker.write(CertificateMaker.selfSigned(options.key(), wish, Duration.ofDays(days)), file);
            spec.commandLine().getOut().println(file);
            return 0;
        }
    }

    /** Writes the certificate of a server for clients. */
    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description = "Writes the server's certificate and its chain, without the key, for clients to trust.",
            footer = "  flotilla cert export ftp.pem")
    static final class Export implements Callable<Integer> {
        @Mixin
        private ConfigOptions options = new ConfigOptions();

        @Parameters(paramLabel = "FILE", arity = "0..1", description = "PEM file to write. Default: standard output.")
        private @org.jspecify.annotations.Nullable Path file;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public Integer call() throws Exception {
            CertificateFiles served = options.load().node().tls().certificates().get(0);
            if (!Files.exists(served.certificate())) {
                throw new IllegalStateException(
                        served.certificate() + " is not there yet: the server makes it when it starts");
            }
            KeyMaterial material = PublicCertificate.read(served);
            if (file == null) {
                spec.commandLine().getOut().print(CertificateMaker.certificates(material));
                spec.commandLine().getOut().flush();
            } else {
                CertificateMaker.writeCertificates(material, file);
            }
            return 0;
        }
    }

    /** Shows the certificates in a file. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description =
                    "Shows the certificates of a PEM or PKCS#12 file: names, validity, days left and fingerprint.",
            footer = {"  flotilla cert show server.pem", "  flotilla cert show new.pem --key new.key"})
    static final class Show implements Callable<Integer> {
        @Parameters(paramLabel = "FILE", description = "PEM or PKCS#12 file.")
        @SuppressWarnings("NullAway.Init")
        private Path file;

        @Option(
                names = "--key",
                paramLabel = "FILE",
                description = "File of the private key, if it is another one. The key must match the certificate.")
        private @org.jspecify.annotations.Nullable Path key;

        @Option(names = "--password-stdin", description = "Reads the password of a PKCS#12 file.")
        private boolean passwordFromStdin;

        @Option(names = "--json", description = "Prints a list of objects, the server's certificate first.")
        private boolean json;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public Integer call() throws Exception {
            String password = passwordFromStdin ? Passwords.fromStandardInput() : "";
            boolean pem = !file.toString().matches("(?i).*\\.(p12|pfx)");
            List<X509Certificate> chain = pem && key == null
                    ? PemFiles.certificates(file)
                    : KeyMaterial.read(file, key == null ? file : key, password).chain();
            if (json) {
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                for (X509Certificate certificate : chain) {
                    array.add(shown(certificate));
                }
                spec.commandLine().getOut().println(array.toPrettyString());
                return 0;
            }
            for (X509Certificate certificate : chain) {
                show(shown(certificate), spec.commandLine().getOut());
            }
            return 0;
        }

        private static String bits(X509Certificate certificate) {
            return certificate.getPublicKey() instanceof RSAPublicKey rsa
                    ? " " + rsa.getModulus().bitLength()
                    : certificate.getPublicKey() instanceof ECPublicKey ec
                            ? " " + ec.getParams().getOrder().bitLength()
                            : "";
        }

        private static ObjectNode shown(X509Certificate certificate) throws Exception {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            Instant end = certificate.getNotAfter().toInstant();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("subject", certificate.getSubjectX500Principal().getName())
                    .put("issuer", certificate.getIssuerX500Principal().getName());
            ArrayNode array = json.putArray("names");
            if (names != null) {
                names.forEach(name -> array.add(name.get(1).toString()));
            }
            return json.put("key", certificate.getPublicKey().getAlgorithm() + bits(certificate))
                    .put("notBefore", certificate.getNotBefore().toInstant().toString())
                    .put("notAfter", end.toString())
                    .put("daysLeft", Duration.between(Instant.now(), end).toDays())
                    .put("fingerprint", "sha256:" + HexFormat.of().formatHex(digest));
        }

        private static void show(ObjectNode certificate, PrintWriter out) {
            List<String> names = new ArrayList<>();
            certificate.path("names").forEach(name -> names.add(name.asText()));
            out.println("subject      " + certificate.path("subject").asText());
            out.println("issuer       " + certificate.path("issuer").asText());
            out.println("names        " + String.join(", ", names));
            out.println("key          " + certificate.path("key").asText());
            out.println("valid        " + certificate.path("notBefore").asText() + " to "
                    + certificate.path("notAfter").asText() + " ("
                    + certificate.path("daysLeft").asText() + " days left)");
            out.println("fingerprint  " + certificate.path("fingerprint").asText());
            out.println();
        }
    }
}
