package flotilla.ops.cli;

import flotilla.cluster.protection.PemFiles;
import flotilla.node.tls.CertificateCheck;
import flotilla.node.tls.CertificateCheck.Finding;
import flotilla.node.tls.CertificateCheck.Level;
import flotilla.node.tls.CertificateMaker;
import flotilla.node.tls.CertificateMaker.Requested;
import flotilla.node.tls.KeyMaterial;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flotilla cert request} and {@code flotilla cert verify}. */
final class CertFileCommands {
    private CertFileCommands() {}

    /** Creates a key and the request that an authority signs. */
    @Command(
            name = "request",
            mixinStandardHelpOptions = true,
            description = "Makes a key and a request for its certificate (CSR, PKCS#10), which an authority signs.",
            footer = {
                "  flotilla cert request --dns ftp.example.org --organization Example server.csr",
                "  flotilla cert request --dns ftp.example.org --present server.pem server.csr"
            })
    static final class Request implements Callable<Integer> {
        @Mixin
        private CertificateOptions options = new CertificateOptions();

        @Option(
                names = "--key-file",
                paramLabel = "FILE",
                description = "PEM file for the key, mode 0600. Default: FILE with the ending .key.")
        private @Nullable Path keyFile;

        @Option(
                names = "--present",
                paramLabel = "PEM",
                description = "PEM file with the present certificate and its key. The key is used again: none is made.")
        private @Nullable Path present;

        @Option(names = "--force", description = "Replaces existing files.")
        private boolean force;

        @Parameters(paramLabel = "FILE", description = "PEM file of the request to write.")
        @SuppressWarnings("NullAway.Init")
        private Path file;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public Integer call() throws Exception {
            String name = file.getFileName().toString();
            Path key = keyFile != null ? keyFile : file.resolveSibling(name.replaceFirst("\\.[^.]+$", "") + ".key");
            Optional<Path> written = present == null ? Optional.of(key) : Optional.empty();
            for (Path taken : written.map(made -> List.of(file, made)).orElse(List.of(file))) {
                if (Files.exists(taken) && !force) {
                    throw new IllegalStateException(taken + " is there already; --force replaces it");
                }
            }
            Requested made = present == null
                    ? CertificateMaker.request(options.key(), options.wish())
                    : CertificateMaker.request(KeyMaterial.read(present, present, ""), options.wish());
            CertificateMaker.write(made, file, written);
            written.ifPresent(spec.commandLine().getOut()::println);
            spec.commandLine().getOut().println(file);
            return 0;
        }
    }

    /** Checks a certificate as clients would. */
    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = {
                "Checks a server's certificate as a client would: chain, names, dates, key, purpose, strength.",
                "It prints a line for each finding: ok, note or bad."
            },
            exitCodeList = "1:A finding is bad.",
            footer = {
                "  flotilla cert verify server.pem --name ftp.example.org",
                "  flotilla cert verify new.pem --key new.key --ca company.pem"
            })
    static final class Verify implements Callable<Integer> {
        @Parameters(paramLabel = "FILE", description = "PEM or PKCS#12 file.")
        @SuppressWarnings("NullAway.Init")
        private Path file;

        @Option(
                names = "--key",
                paramLabel = "FILE",
                description = "File of the private key. Default: FILE, if it holds one.")
        private @Nullable Path key;

        @Option(
                names = "--ca",
                paramLabel = "FILE",
                description = "PEM file of the authorities that clients trust. Default: the public ones.")
        private @Nullable Path authorities;

        @Option(
                names = "--name",
                paramLabel = "HOST",
                defaultValue = "",
                description = "Name or address that clients use.")
        private String host = "";

        @Option(names = "--password-stdin", description = "Reads the password of a PKCS#12 file.")
        private boolean passwordFromStdin;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public Integer call() throws Exception {
            List<X509Certificate> trusted = authorities == null ? List.of() : PemFiles.certificates(authorities);
            List<Finding> findings = findings(trusted);
            for (Finding finding : findings) {
                spec.commandLine()
                        .getOut()
                        .printf(
                                "%-5s %-9s %s%n",
                                finding.level().name().toLowerCase(Locale.ROOT), finding.what(), finding.text());
            }
            return findings.stream().anyMatch(finding -> finding.level() == Level.BAD) ? 1 : 0;
        }

        private List<Finding> findings(List<X509Certificate> trusted) throws Exception {
            if (file.toString().matches("(?i).*\\.(p12|pfx)")) {
                KeyMaterial material =
                        KeyMaterial.read(file, file, passwordFromStdin ? Passwords.fromStandardInput() : "");
                return CertificateCheck.of(material.chain(), Optional.of(material.key()), trusted, host);
            }
            return CertificateCheck.of(PemFiles.certificates(file), privateKey(), trusted, host);
        }

        private Optional<PrivateKey> privateKey() throws Exception {
            if (key != null) {
                return Optional.of(PemFiles.privateKey(key));
            }
            boolean isThere =
                    Files.readString(file, StandardCharsets.ISO_8859_1).contains("PRIVATE KEY-----");
            return isThere ? Optional.of(PemFiles.privateKey(file)) : Optional.empty();
        }
    }
}
