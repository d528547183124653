package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.OPTIONAL;
import static flotilla.node.command.Effect.UPLOADS;
import static flotilla.node.command.Effect.USES_DATA;

import flotilla.node.protocol.Request;
import flotilla.node.transfer.Transfer.Placement;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * STOU (RFC 959, section 4.1.3; RFC 1123, section 4.1.2.9): stores a file under a name that no file has and no client
 * can guess.
 */
final class StouCommand implements CommandHandler {
    private static final SecureRandom RANDOM = new SecureRandom();

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("STOU", LOGGED_IN, OPTIONAL, "[<SP> pathname]", "RFC 959, section 4.1.3")
                .effects(USES_DATA, UPLOADS);
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        if (turn.state().restart() > 0) {
            return turn.answer(503, "STOU does not take an offset.");
        }
        String base = request.text().isEmpty() ? "upload" : request.text();
        return Paths.target(
                base + "." + suffix(),
                turn,
                path -> Transfers.receive(turn, path, Placement.CREATE_NEW, "FILE: " + path.name()));
    }

    private static String suffix() {
        byte[] bytes = new byte[10];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
