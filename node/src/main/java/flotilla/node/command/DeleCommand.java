package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;
import static flotilla.node.command.Effect.CHANGES_FILES;
import static flotilla.node.command.Effect.LOGGED_AS_PATH;

import flotilla.node.protocol.Request;

/** DELE (RFC 959, section 4.1.3): removes a file. */
final class DeleCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("DELE", LOGGED_IN, REQUIRED, "<SP> pathname", "RFC 959, section 4.1.3")
                .effects(CHANGES_FILES, LOGGED_AS_PATH)
                .loggedAs("DELETE");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        if (request.text().endsWith("/")) {
            return turn.answer(550, "Not a file.");
        }
        return Paths.with(
                request,
                turn,
                path -> Outcome.pending(
                        turn.services().delete(turn.tree(), turn.state(), path),
                        done -> turn.answer(250, "File removed.")));
    }
}
