package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.NONE;

import flotilla.node.protocol.Names;
import flotilla.node.protocol.Request;

/** PWD (RFC 959, section 4.1.3, appendix II): the working directory. */
final class PwdCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("PWD", LOGGED_IN, NONE, "", "RFC 959, section 4.1.3")
                .alias("XPWD");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        String directory = turn.state().directory().toString();
        return turn.answer(257, Names.quoted(directory) + " is the current directory.");
    }
}
