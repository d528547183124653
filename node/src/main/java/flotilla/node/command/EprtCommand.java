package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;
import static flotilla.node.command.Effect.NEEDS_ACTIVE_MODE;

import flotilla.node.protocol.HostPort;
import flotilla.node.protocol.Request;
import java.util.Optional;

/** EPRT (RFC 2428, section 2): like PORT, for IPv4 and IPv6. */
final class EprtCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("EPRT", LOGGED_IN, REQUIRED, "<SP> |family|address|port|", "RFC 2428, section 2")
                .announcing("EPRT")
                .effects(NEEDS_ACTIVE_MODE);
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        Optional<Outcome> refusal = ActiveEndpoints.refusal(turn);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        Optional<HostPort.Extended> extended = HostPort.parseExtended(request.text());
        if (extended.isEmpty()) {
            return turn.answer(501, "Not an address and port.");
        }
        int own = turn.state().link().isIpv4() ? 1 : 2;
        if (extended.get().family() != own) {
            return turn.answer(522, "Network protocol not supported, use (" + own + ")");
        }
        return extended.get()
                .address()
                .map(address -> ActiveEndpoints.accept(turn, address))
                .orElseGet(() -> turn.answer(501, "Not an address literal."));
    }
}
