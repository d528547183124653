package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.ALWAYS;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;

import flotilla.node.protocol.Request;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * HOST (RFC 7151): chooses one of the server's host names. The name must agree with the server name of the TLS
 * handshake.
 */
final class HostCommand implements CommandHandler {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\\[[0-9a-f:.]+]");

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("HOST", ALWAYS, REQUIRED, "<SP> hostname", "RFC 7151");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        if (turn.state().isLoggedIn() || !turn.state().login().name().isEmpty()) {
            return turn.answer(503, "HOST comes before USER.");
        }
        String host = request.text().toLowerCase(Locale.ROOT);
        if (!NAME.matcher(host).matches()) {
            return turn.answer(501, "Not a host name.");
        }
        String serverName = turn.state().security().facts().serverName();
        boolean agrees = serverName.isEmpty() || serverName.equalsIgnoreCase(host);
        if (!turn.policy().hosts().contains(host) || !agrees) {
            return turn.answer(504, "No such host here.");
        }
        return turn.answer(220, "Host accepted.");
    }
}
