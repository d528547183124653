package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;

import flotilla.node.protocol.Request;

/** CWD (RFC 959, section 4.1.1): changes the working directory. */
final class CwdCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("CWD", LOGGED_IN, REQUIRED, "<SP> pathname", "RFC 959, section 4.1.1")
                .alias("XCWD");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        return Paths.with(request, turn, path -> Directories.enter(path, turn));
    }
}
