package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.ALWAYS;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;
import static flotilla.node.command.Effect.NEEDS_TLS;

import flotilla.node.protocol.Reply;
import flotilla.node.protocol.Request;
import java.util.Locale;

/** AUTH (RFC 4217, section 4): starts TLS and resets the session. TLS, TLS-C, TLS-P and SSL mean the same. */
final class AuthCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("AUTH", ALWAYS, REQUIRED, "<SP> TLS", "RFC 4217, section 4")
                .announcing("AUTH TLS", "AUTH SSL")
                .effects(NEEDS_TLS);
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        if (turn.state().security().tls()) {
            return turn.answer(503, "TLS is on already.");
        }
        if (turn.state().security().cleared()) {
            return turn.answer(503, "TLS was ended by CCC.");
        }
        if (!turn.policy().tlsAvailable()) {
            return turn.answer(502, "TLS is not configured.");
        }
        return switch (request.text().toUpperCase(Locale.ROOT)) {
            case "TLS", "TLS-C", "SSL", "TLS-P" ->
                new Outcome.StartTls(
                        Reply.of(234, "Start TLS now."), turn.state().reset());
            default -> turn.answer(504, "Only TLS is known here.");
        };
    }
}
