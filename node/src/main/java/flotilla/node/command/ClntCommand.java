package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.ALWAYS;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;

import flotilla.node.protocol.Request;

/** CLNT (de facto): the client tells its name, for operators. */
final class ClntCommand implements CommandHandler {
    private static final int MAX = 256;

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("CLNT", ALWAYS, REQUIRED, "<SP> name", "de facto").announcing("CLNT");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        String name = request.text();
        String kept = name.length() > MAX ? name.substring(0, MAX) : name;
        return Outcome.answered(
                200, "Noted.", turn.state().withLogin(turn.state().login().withClient(kept)));
    }
}
