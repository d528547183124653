package flotilla.node.control;

import flotilla.node.event.RareLines;
import flotilla.node.protocol.Names;
import flotilla.node.state.Link;
import flotilla.node.tls.TlsFailures;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the failures of control connections, at most one line a minute for each address. On the channel's event loop.
 */
final class Complaints {
    private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);

    private final RareLines rareLines;
    private final Link link;
    private boolean handshakeFailed;

    Complaints(RareLines rareLines, Link link) {
        this.rareLines = rareLines;
        this.link = link;
    }

    /** Logs a failed handshake. Netty reports the engine's failure a second time, as a failure of the connection. */
    void handshakeFailed(Throwable why) {
        if (!handshakeFailed) {
            handshakeFailed = true;
            logRarely("TLS handshake failed: " + TlsFailures.reason(why));
        }
    }

    void broken(Throwable failure) {
        if (failure instanceof IOException || handshakeFailed) {
            LOG.debug("control connection of {}: {}", link.client(), failure.getMessage());
        } else {
            logRarely(TlsFailures.isTls(failure) ? TlsFailures.reason(failure) : failure.toString());
        }
    }

    private void logRarely(String what) {
        rareLines
                .next(link.client(), System.nanoTime())
                .ifPresent(leftOut -> LOG.info(
                        "control connection of {}: {} ({} more like it since the last such line)",
                        link.client(),
                        Names.printable(what),
                        leftOut));
    }
}
