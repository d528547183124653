package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;
import static flotilla.node.command.Effect.NEEDS_ACTIVE_MODE;

import flotilla.node.protocol.HostPort;
import flotilla.node.protocol.Request;
import java.net.InetSocketAddress;
import java.util.Optional;

/** PORT (RFC 959, section 4.1.2): the server will connect to the client, and to no other host (RFC 2577). */
final class PortCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("PORT", LOGGED_IN, REQUIRED, "<SP> h1,h2,h3,h4,p1,p2", "RFC 959, section 4.1.2")
                .effects(NEEDS_ACTIVE_MODE);
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        Optional<Outcome> refusal = ActiveEndpoints.refusal(turn);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        Optional<InetSocketAddress> address = HostPort.parsePort(request.text());
        return address.isPresent()
                ? ActiveEndpoints.accept(turn, address.get())
                : turn.answer(501, "Not an address and port.");
    }
}
