package flotilla.node.command;

import flotilla.node.protocol.HostPort;
import flotilla.node.state.Endpoint;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * The common part of PORT and EPRT: the server connects to the client's own address only, and to no privileged port
 * (RFC 2577, section 3).
 */
final class ActiveEndpoints {
    private static final int FIRST_UNPRIVILEGED = 1024;

    private ActiveEndpoints() {}

    static Optional<Outcome> refusal(Turn turn) {
        if (!turn.policy().active()) {
            return Optional.of(turn.answer(502, "Active mode is off: use EPSV or PASV."));
        }
        return turn.state().parameters().extendedOnly()
                ? Optional.of(turn.answer(503, "EPSV ALL is in force."))
                : Optional.empty();
    }

    static Outcome accept(Turn turn, InetSocketAddress address) {
        if (!HostPort.normalised(address.getAddress())
                        .equals(turn.state().link().client())
                || address.getPort() == 0) {
            return turn.answer(501, "Only your own address is connected to.");
        }
        if (address.getPort() < FIRST_UNPRIVILEGED) {
            return turn.answer(504, "Not to a privileged port.");
        }
        return Outcome.answered(200, "Noted.", turn.state().withEndpoint(Optional.of(new Endpoint.Active(address))));
    }
}
