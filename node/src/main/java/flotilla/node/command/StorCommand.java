package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;
import static flotilla.node.command.Effect.UPLOADS;
import static flotilla.node.command.Effect.USES_DATA;

import flotilla.node.protocol.Request;
import flotilla.node.transfer.Transfer.Placement;

/** STOR (RFC 959, section 4.1.3): stores a file. After REST it writes from that offset on (RFC 3659, section 5.4). */
final class StorCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("STOR", LOGGED_IN, REQUIRED, "<SP> pathname", "RFC 959, section 4.1.3")
                .effects(USES_DATA, UPLOADS);
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        return Paths.target(
                request.text(),
                turn,
                path -> Transfers.receive(
                        turn,
                        path,
                        turn.state().restart() > 0 ? Placement.RESUME : Placement.REPLACE,
                        Transfers.opening(turn, path.name()) + "."));
    }
}
