package flotilla.ops.clients;

import java.nio.file.Files;
import java.nio.file.Path;

/** A certificate authority of openssl. */
public final class TestCa {
    private final Path directory;

    private TestCa(Path directory) {
        this.directory = directory;
    }

    public static TestCa create(Path directory, String name) throws Exception {
        Files.createDirectories(directory);
        Program.of(
                        directory,
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:prime256v1",
                        "-nodes",
                        "-keyout",
                        "ca.key",
                        "-out",
                        "ca.pem",
                        "-days",
                        "30",
                        "-subj",
                        "/CN=" + name)
                .run()
                .ok();
        return new TestCa(directory);
    }

    public Path certificate() {
        return directory.resolve("ca.pem");
    }

    /**
     * Creates a PKCS#12 file with the password "secret".
     *
     * @param days validity from now; a negative number gives an expired certificate
     */
    public Path issue(String name, int days) throws Exception {
        return issue(name, days, "");
    }

    /**
     * Creates a file as {@link #issue(String, int)} does.
     *
     * @param use extended key usage in the words of openssl; empty for none
     */
    public Path issue(String name, int days, String use) throws Exception {
        String file = name + days + use;
        Path extensions = Files.writeString(
                directory.resolve(file + ".ext"), use.isEmpty() ? "" : "extendedKeyUsage = " + use + "\n");
        openssl(
                "req",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-keyout",
                file + ".key",
                "-out",
                file + ".csr",
                "-subj",
                "/CN=" + name);
        openssl(
                "x509",
                "-req",
                "-in",
                file + ".csr",
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-days",
                String.valueOf(days),
                "-extfile",
                extensions.toString(),
                "-out",
                file + ".pem");
        openssl(
                "pkcs12",
                "-export",
                "-in",
                file + ".pem",
                "-inkey",
                file + ".key",
                "-out",
                file + ".p12",
                "-passout",
                "pass:secret");
        return directory.resolve(file + ".p12");
    }

    /**
     * Creates a revocation list of these certificates, by the names of {@link #issue}.
     *
     * @param days validity from now
     */
    public Path revoke(int days, String... files) throws Exception {
        Files.writeString(directory.resolve("index.txt"), "");
        Files.writeString(
                directory.resolve("ca.cnf"),
                "[ca]\ndefault_ca = own\n[own]\ndatabase = index.txt\ndefault_md = sha256\ndefault_crl_days = " + days
                        + "\n");
        String[] signer = {"ca", "-config", "ca.cnf", "-keyfile", "ca.key", "-cert", "ca.pem"};
        for (String file : files) {
            Program.of(directory, "openssl")
                    .with(signer)
                    .with("-revoke", file + ".pem")
                    .run()
                    .ok();
        }
        Program.of(directory, "openssl")
                .with(signer)
                .with("-gencrl", "-out", "ca.crl")
                .run()
                .ok();
        return directory.resolve("ca.crl");
    }

    private void openssl(String... arguments) throws Exception {
        Program.of(directory, "openssl").with(arguments).run().ok();
    }
}
