package flotilla.ops.config;

import flotilla.node.tls.KeyChoice;
import flotilla.node.tls.TlsSettings.CertificateFiles;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the server gets a certificate from an authority (ACME, RFC 8555).
 *
 * @param directory URL of the authority's directory
 * @param trust PEM file of the authorities that the directory's own certificate comes from; empty for the public ones
 * @param names DNS names, in lower case, at least one
 * @param contact addresses of mail
 * @param renewBefore time before the end of a certificate at which it is renewed; empty for a third of its life
 * @param key kind of the certificate's keys
 * @param binding the account at the authority that the ACME account belongs to; empty for none
 * @param file this node's copy of the certificate with its key
 * @param standIn the certificate until there is the first one from the authority; empty for a self-signed one
 */
public record AcmeSettings(
        URI directory,
        Optional<Path> trust,
        List<String> names,
        List<String> contact,
        Proof proof,
        Optional<Duration> renewBefore,
        KeyChoice key,
        Optional<Binding> binding,
        Path file,
        Optional<CertificateFiles> standIn) {
    public AcmeSettings {
        names = List.copyOf(names);
        contact = List.copyOf(contact);
    }

    /** The kinds of challenges. */
    public enum Challenge {
        /** TLS-ALPN-01 (RFC 8737). */
        TLS_ALPN,
        /** HTTP-01 (RFC 8555, section 8.3). */
        HTTP,
        /** DNS-01 (RFC 8555, section 8.4). */
        DNS
    }

    /**
     * How the server proves that a name is its own.
     *
     * @param httpBind addresses of the port for HTTP-01
     * @param httpPort port for HTTP-01
     * @param dnsCommand program that adds and removes TXT records for DNS-01
     * @param dnsTimeout longest time that it may take
     */
    public record Proof(
            Challenge challenge,
            List<InetAddress> httpBind,
            int httpPort,
            Optional<Path> dnsCommand,
            Duration dnsTimeout) {
        public Proof {
            httpBind = List.copyOf(httpBind);
        }
    }

    /**
     * An external account (RFC 8555, section 7.3.4).
     *
     * @param hmacFile file with its MAC key in base64url
     */
    public record Binding(String keyId, Path hmacFile) {}
}
