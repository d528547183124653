package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.OPTIONAL;
import static flotilla.node.command.Effect.NEEDS_PASSIVE_MODE;

import flotilla.node.protocol.Request;
import java.util.Locale;

/** EPSV (RFC 2428, section 3): opens a port for the client to connect to. The reply holds no address. */
final class EpsvCommand implements CommandHandler {
    /** The refusal where passive mode is off. */
    static final String OFF = "Passive mode is off: use EPRT or PORT.";

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("EPSV", LOGGED_IN, OPTIONAL, "[<SP> 1 | 2 | ALL]", "RFC 2428, section 3")
                .announcing("EPSV")
                .effects(NEEDS_PASSIVE_MODE);
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        if (!turn.policy().passive()) {
            return turn.answer(502, OFF);
        }
        String own = turn.state().link().isIpv4() ? "1" : "2";
        String wanted = request.text().toUpperCase(Locale.ROOT);
        if (wanted.isEmpty() || wanted.equals(own)) {
            return new Outcome.OpenPassive(true);
        }
        if (wanted.equals("ALL")) {
            return Outcome.answered(
                    200,
                    "EPSV ALL ok.",
                    turn.state().withParameters(turn.state().parameters().withExtendedOnly()));
        }
        return wanted.matches("\\d{1,5}")
                ? turn.answer(522, "Network protocol not supported, use (" + own + ")")
                : turn.answer(501, "Unknown network protocol.");
    }
}
