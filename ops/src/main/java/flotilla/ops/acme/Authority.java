package flotilla.ops.acme;

import flotilla.cluster.protection.PemFiles;
import flotilla.ops.config.AcmeSettings;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.HttpConnector;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

/** The authority and the cluster's account there. */
final class Authority {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int MOST_HMAC_BYTES = 4096;

    private final AcmeSettings settings;
    private final AcmeStore store;

    Authority(AcmeSettings settings, AcmeStore store) {
        this.settings = settings;
        this.store = store;
    }

    /** Logs in with the cluster's account. It is made when there is none, and taken when there is one for the key. */
    Login login() throws AcmeProblem, AcmeException, IOException, GeneralSecurityException, InterruptedException {
        Session session = session();
        AccountBuilder account = new AccountBuilder().agreeToTermsOfService().useKeyPair(accountKey());
        settings.contact().forEach(account::addEmail);
        if (settings.binding().isPresent()) {
            account.withKeyIdentifier(
                    settings.binding().get().keyId(),
                    secret(settings.binding().get().hmacFile()));
        }
        return account.createLogin(session);
    }

    private static String secret(Path file) throws IOException, AcmeProblem {
        if (Files.size(file) > MOST_HMAC_BYTES) {
            throw new AcmeProblem(file + " is too large for a MAC key");
        }
        return Files.readString(file, StandardCharsets.US_ASCII).strip();
    }

    private Session session() throws IOException, GeneralSecurityException {
        Optional<SSLContext> trust = settings.trust().isPresent()
                ? Optional.of(trusting(settings.trust().get()))
                : Optional.empty();
        Session session = new Session(settings.directory(), new Provider(trust));
        session.networkSettings().setTimeout(TIMEOUT);
        return session;
    }

    private static SSLContext trusting(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (X509Certificate certificate : PemFiles.certificates(file)) {
            store.setCertificateEntry("ca-" + store.size(), certificate);
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
        managers.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    /** The directory at a URL, whose certificate comes from certain authorities. */
    private static final class Provider extends GenericAcmeProvider {
        private final Optional<SSLContext> trust;

        Provider(Optional<SSLContext> trust) {
            this.trust = trust;
        }

        @Override
        protected HttpConnector createHttpConnector(NetworkSettings network) {
            return new HttpConnector(network) {
                @Override
                public HttpClient.Builder createClientBuilder() {
                    HttpClient.Builder builder = super.createClientBuilder();
                    trust.ifPresent(builder::sslContext);
                    return builder;
                }
            };
        }
    }

    /** The key of the account at this directory. The first node that needs it makes it. */
    private KeyPair accountKey() throws AcmeProblem, GeneralSecurityException, InterruptedException {
        AcmeStore.Kept kept = store.read(AcmeStore.ACCOUNT);
        List<String> lines = kept.text().lines().toList();
        if (lines.size() == 3 && lines.get(0).equals(settings.directory().toString())) {
            KeyFactory factory = KeyFactory.getInstance("EC");
            return new KeyPair(
                    factory.generatePublic(
                            new X509EncodedKeySpec(Base64.getDecoder().decode(lines.get(1)))),
                    factory.generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getDecoder().decode(lines.get(2)))));
        }
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair made = generator.generateKeyPair();
        Base64.Encoder encoder = Base64.getEncoder();
        String text = String.join(
                "\n",
                settings.directory().toString(),
                encoder.encodeToString(made.getPublic().getEncoded()),
                encoder.encodeToString(made.getPrivate().getEncoded()));
        if (!store.replace(AcmeStore.ACCOUNT, kept, text)) {
            throw new AcmeProblem("another node makes the account at the same time");
        }
        return made;
    }
}
