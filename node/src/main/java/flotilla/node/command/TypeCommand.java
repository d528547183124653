package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;

import flotilla.node.protocol.Request;
import flotilla.node.state.SessionState;
import java.util.Locale;

/** TYPE (RFC 959, section 4.1.2): A, I or L 8 (RFC 1123, section 4.1.2.1). */
final class TypeCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("TYPE", LOGGED_IN, REQUIRED, "<SP> A | I | L 8", "RFC 959, section 4.1.2");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        return switch (request.text().toUpperCase(Locale.ROOT)) {
            case "A", "A N" -> Outcome.answered(200, "Type is ASCII.", with(turn, true));
            case "I", "I N", "L 8", "L8" -> Outcome.answered(200, "Type is binary.", with(turn, false));
            case "A T", "A C", "E", "E N", "E T", "E C" -> turn.answer(504, "Type not implemented.");
            default ->
                request.text().toUpperCase(Locale.ROOT).matches("L \\d+")
                        ? turn.answer(504, "Bytes have 8 bits here.")
                        : turn.answer(501, "Unknown type.");
        };
    }

    private static SessionState with(Turn turn, boolean ascii) {
        return turn.state().withParameters(turn.state().parameters().withAscii(ascii));
    }
}
