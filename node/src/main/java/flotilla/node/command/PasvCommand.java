package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.NONE;
import static flotilla.node.command.Effect.NEEDS_PASSIVE_MODE;

import flotilla.node.protocol.Request;
import java.net.Inet4Address;

/**
 * PASV (RFC 959, section 4.1.2): opens a port for the client to connect to. For IPv4 only; EPSV serves both families.
 */
final class PasvCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("PASV", LOGGED_IN, NONE, "", "RFC 959, section 4.1.2")
                .announcing("PASV")
                .effects(NEEDS_PASSIVE_MODE);
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        if (!turn.policy().passive()) {
            return turn.answer(502, EpsvCommand.OFF);
        }
        if (turn.state().parameters().extendedOnly()) {
            return turn.answer(503, "EPSV ALL is in force.");
        }
        // A PROXY header may name an IPv4 client that dialled an IPv6 address.
        boolean ipv4 = turn.state().link().isIpv4() && turn.state().link().local() instanceof Inet4Address;
        return ipv4 ? new Outcome.OpenPassive(false) : turn.answer(502, "Use EPSV with IPv6.");
    }
}
