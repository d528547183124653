package flotilla.node.tls;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings of OCSP stapling (RFC 6066, section 8).
 *
 * @param isOn true to send responses to clients that ask for one
 * @param file a file with the response in DER; empty to fetch it from the authority's responder
 * @param timeout longest time for one fetch
 * @param maxResponse most bytes of a response
 */
public record OcspSettings(boolean isOn, Optional<Path> file, Duration timeout, int maxResponse) {
    /** No stapling. */
    public static final OcspSettings OFF = new OcspSettings(false, Optional.empty(), Duration.ofSeconds(1), 1);
}
