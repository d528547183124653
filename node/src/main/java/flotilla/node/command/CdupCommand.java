package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.NONE;

import flotilla.node.protocol.Request;

/** CDUP (RFC 959, section 4.1.1): changes to the parent directory. The parent of the root is the root. */
final class CdupCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("CDUP", LOGGED_IN, NONE, "", "RFC 959, section 4.1.1")
                .alias("XCUP");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        return Directories.enter(turn.state().directory().parent(), turn);
    }
}
