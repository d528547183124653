package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;
import static flotilla.node.command.Effect.UPLOADS;
import static flotilla.node.command.Effect.USES_DATA;

import flotilla.node.protocol.Request;
import flotilla.node.transfer.Transfer.Placement;

/**
 * APPE (RFC 959, section 4.1.3): adds to a file, or to the part that a failed upload of it left. Creates the file when
 * there is none.
 */
final class AppeCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("APPE", LOGGED_IN, REQUIRED, "<SP> pathname", "RFC 959, section 4.1.3")
                .effects(USES_DATA, UPLOADS);
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        if (turn.state().restart() > 0) {
            return turn.answer(503, "APPE does not take an offset.");
        }
        return Paths.target(
                request.text(),
                turn,
                path -> Transfers.receive(turn, path, Placement.APPEND, Transfers.opening(turn, path.name()) + "."));
    }
}
