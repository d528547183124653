package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;

import flotilla.node.protocol.Request;
import java.util.Locale;

/** STRU (RFC 959, section 4.1.2): the server knows file structure only. */
final class StruCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("STRU", LOGGED_IN, REQUIRED, "<SP> F", "RFC 959, section 4.1.2");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        return switch (request.text().toUpperCase(Locale.ROOT)) {
            case "F" -> turn.answer(200, "Structure is file.");
            case "R", "P" -> turn.answer(504, "Structure not implemented.");
            default -> turn.answer(501, "Unknown structure.");
        };
    }
}
