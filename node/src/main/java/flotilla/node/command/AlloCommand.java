package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;

import flotilla.node.protocol.Request;
import java.util.regex.Pattern;

/**
 * ALLO (RFC 959, section 4.1.3): announces the size of an upload. The reply is 200, because some cameras hang up on
 * 202.
 */
final class AlloCommand implements CommandHandler {
    private static final Pattern SIZES = Pattern.compile("\\d{1,18}(?: [Rr] \\d{1,18})?");

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("ALLO", LOGGED_IN, REQUIRED, "<SP> bytes [<SP> R <SP> bytes]", "RFC 959, section 4.1.3");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        return SIZES.matcher(request.text()).matches()
                ? turn.answer(202, "No storage allocation necessary.")
                : turn.answer(501, "ALLO needs a number.");
    }
}
