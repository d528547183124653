package flotilla.node.tls;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Knows the challenges of an authority that this server proves its names to (TLS-ALPN-01, RFC 8737). Safe for use by
 * many threads; no method blocks.
 */
public interface ChallengeAnswers {
    /** The protocol (ALPN) of an authority that validates a name. */
    String PROTOCOL = "acme-tls/1";

    /** Knows no challenge. */
    ChallengeAnswers NONE = serverName -> CompletableFuture.completedFuture(Optional.empty());

    /**
     * The SHA-256 of the key authorization for the pending challenge of a name; empty when there is none. Such
     * questions come from anybody, so the work that they cause must be limited.
     */
    CompletionStage<Optional<byte[]>> find(String serverName);

    /** Returns true when a client asks for the answer to a challenge: it offers the protocol, and no other one. */
    static boolean isAsked(ClientHello hello) {
        return hello.protocols().size() == 1
                && hello.protocols().get(0).equals(PROTOCOL)
                && !hello.serverName().isEmpty();
    }
}
