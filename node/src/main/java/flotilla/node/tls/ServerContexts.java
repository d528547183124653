package flotilla.node.tls;

import flotilla.cluster.protection.PemFiles;
import flotilla.node.tls.TlsSettings.ClientAuth;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.KeyLogCallback;
import io.netty.internal.tcnative.SSLContext;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.PKIXRevocationChecker.Option;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Configures server contexts (RFC 9325): what a listener offers, and the protocol {@code ftp} (ALPN). */
final class ServerContexts {
    private ServerContexts() {}

    static SslContext openSsl(KeyMaterial material, TlsOffer offer, TlsSettings settings) throws CertificateProblem {
        try {
            return SslContextBuilder.forServer(material.key(), material.chain().toArray(X509Certificate[]::new))
                    .sslProvider(SslProvider.OPENSSL_REFCNT)
                    .protocols(offer.protocols())
                    .ciphers(offer.suiteNames())
                    .option(OpenSslContextOption.GROUPS, BoringSsl.groups(offer))
                    .enableOcsp(settings.ocsp().isOn())
                    .trustManager(explaining(trust(settings)))
                    .clientAuth(
                            switch (settings.clientAuth()) {
                                case OFF -> io.netty.handler.ssl.ClientAuth.NONE;
                                case REQUEST -> io.netty.handler.ssl.ClientAuth.OPTIONAL;
                                case REQUIRE -> io.netty.handler.ssl.ClientAuth.REQUIRE;
                            })
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            Protocol.ALPN,
                            SelectorFailureBehavior.NO_ADVERTISE,
                            SelectedListenerFailureBehavior.ACCEPT,
                            "ftp"))
                    .build();
        } catch (SSLException e) {
            throw new CertificateProblem("cannot be served: " + e.getMessage(), e);
        }
    }

    /**
     * Lets BoringSSL tell the secrets of handshakes. They must never be written anywhere. Netty gives no other way to
     * its context than this field.
     *
     * @throws CertificateProblem when another release of Netty has no such field
     */
    static void logKeys(SslContext context, KeyLogCallback log) throws CertificateProblem {
        try {
            Field pointer = ReferenceCountedOpenSslContext.class.getDeclaredField("ctx");
            pointer.setAccessible(true);
            SSLContext.setKeyLogCallback(pointer.getLong(context), log);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new CertificateProblem("cannot be served: " + e.getMessage(), e);
        }
    }

    private static TrustManager explaining(TrustManager trust) {
        return trust instanceof X509TrustManager certificates ? new ClientTrust(certificates) : trust;
    }

    /**
     * An explicit trust manager, even when clients are not asked for certificates: without one each context would load
     * the default store.
     */
    static TrustManager trust(TlsSettings settings) throws CertificateProblem {
        if (settings.clientAuth() == ClientAuth.OFF || settings.clientCa().isEmpty()) {
            return new NobodyTrusted();
        }
        try {
            KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
            authorities.load(null, null);
            for (X509Certificate authority :
                    PemFiles.certificates(settings.clientCa().get())) {
                authorities.setCertificateEntry("ca-" + authorities.size(), authority);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            if (settings.clientCrl().isPresent()) {
                factory.init(new CertPathTrustManagerParameters(
                        checkingRevocation(authorities, settings.clientCrl().get())));
            } else {
                factory.init(authorities);
            }
            return factory.getTrustManagers()[0];
        } catch (IOException | GeneralSecurityException e) {
            throw new CertificateProblem(settings.clientCa().get() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Requires a current revocation list that clears the certificate: without a list, every certificate is refused. It
     * fetches no list.
     */
    private static PKIXBuilderParameters checkingRevocation(KeyStore authorities, Path lists)
            throws IOException, GeneralSecurityException {
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(authorities, new X509CertSelector());
        CertStore known =
                CertStore.getInstance("Collection", new CollectionCertStoreParameters(RevocationLists.read(lists)));
        parameters.addCertStore(known);
        parameters.setRevocationEnabled(true);
        PKIXRevocationChecker checker =
                (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
        checker.setOptions(EnumSet.of(Option.PREFER_CRLS, Option.NO_FALLBACK));
        parameters.addCertPathChecker(checker);
        return parameters;
    }

    /** Trusts no client: certificates are not asked for. */
    static final class NobodyTrusted implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("client certificates are not used");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("not a client");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
