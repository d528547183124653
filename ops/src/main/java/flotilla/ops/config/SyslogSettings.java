package flotilla.ops.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where syslog is sent.
 *
 * @param facility its number (RFC 5424, section 6.2.1)
 * @param ca certificates in PEM to trust instead of the system's, for TLS
 * @param certificate of this node for TLS, in PEM
 * @param privateKey its key; empty when it is in the same file
 */
public record SyslogSettings(
        Transport transport,
        String host,
        int port,
        Format format,
        int facility,
        Optional<Path> ca,
        Optional<Path> certificate,
        Optional<Path> privateKey) {
    /** How messages are carried. */
    public enum Transport {
        /** RFC 5426. */
        UDP,
        /** RFC 6587, with octet counting. */
        TCP,
        /** RFC 5425. */
        TLS
    }

    /** The form of the messages after the header. */
    public enum Format {
        JSON,
        NATIVE,
        CEF
    }

    /** Returns the address as a configuration has it. */
    public String place() {
        return transport.name().toLowerCase(java.util.Locale.ROOT) + "://" + host + ":" + port;
    }
}
