package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.CONNECTED;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;
import static flotilla.node.command.Effect.NAMES_USER;

import flotilla.node.protocol.Request;
import java.nio.charset.StandardCharsets;

/**
 * USER (RFC 959, section 4.1.1): names the user. Known and unknown names get the same 331, so no client learns which
 * names exist.
 */
final class UserCommand implements CommandHandler {
    private static final int MAX_BYTES = 255;

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("USER", CONNECTED, REQUIRED, "<SP> username", "RFC 959, section 4.1.1")
                .effects(NAMES_USER);
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        if (turn.state().security().cleared()) {
            return turn.answer(534, "No logins in clear after CCC.");
        }
        String name = request.text();
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            return turn.answer(501, "User name too long.");
        }
        return new Outcome.Identify(name);
    }
}
