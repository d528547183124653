package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.ALWAYS;
import static flotilla.node.command.CommandSpec.Argument.NONE;

import flotilla.cluster.User.TlsRequirement;
import flotilla.node.command.Policy.OptIn;
import flotilla.node.protocol.Reply;
import flotilla.node.protocol.Request;
import flotilla.node.state.Security;

/**
 * CCC (RFC 4217, section 6): returns the control connection to clear text, if the operator allows that. Data
 * connections stay as they are.
 */
final class CccCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("CCC", ALWAYS, NONE, "", "RFC 4217, section 6");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        Security security = turn.state().security();
        if (!security.tls()) {
            return turn.answer(533, "The control connection is not protected.");
        }
        boolean userDemands =
                turn.state().login().user().stream().anyMatch(user -> user.tls() != TlsRequirement.LISTENER);
        if (!turn.policy().allowed().contains(OptIn.CCC) || userDemands) {
            return turn.answer(534, "The control connection stays protected.");
        }
        return turn.state().isLoggedIn()
                ? new Outcome.EndTls(
                        Reply.of(200, "The control connection goes on in clear."),
                        turn.state().withSecurity(security.inClear()))
                : turn.answer(530, "Please log in with USER and PASS.");
    }
}
