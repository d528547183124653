package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.ALWAYS;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;
import static flotilla.node.command.Effect.NEEDS_TLS;

import flotilla.cluster.User.TlsRequirement;
import flotilla.node.protocol.Request;
import flotilla.node.state.Security;
import java.util.Locale;

/**
 * PROT (RFC 4217, section 9): the protection of the next data connections: TLS (P) or clear (C). Levels S and E do not
 * exist under TLS.
 */
final class ProtCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("PROT", ALWAYS, REQUIRED, "<SP> C | P", "RFC 4217, section 9")
                .announcing("PROT")
                .effects(NEEDS_TLS);
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        Security security = turn.state().security();
        if (!security.tls()) {
            return turn.answer(503, "PROT needs TLS on the control connection.");
        }
        if (!security.bufferSizeSet() && !turn.policy().lenientBufferSize()) {
            return turn.answer(503, "Send PBSZ 0 first.");
        }
        return switch (request.text().toUpperCase(Locale.ROOT)) {
            case "P" ->
                Outcome.answered(
                        200, "Data connections are protected.", turn.state().withSecurity(security.withDataTls(true)));
            case "C" -> clear(turn, security);
            case "S", "E" -> turn.answer(536, "TLS has no such protection level.");
            default -> turn.answer(504, "Unknown protection level.");
        };
    }

    private static Outcome clear(Turn turn, Security security) {
        boolean userDemands =
                turn.state().login().user().stream().anyMatch(user -> user.tls() == TlsRequirement.CONTROL_AND_DATA);
        if (turn.policy().requireDataTls() || userDemands) {
            return turn.answer(534, "Data connections must be protected here.");
        }
        return Outcome.answered(
                200, "Data connections are in clear.", turn.state().withSecurity(security.withDataTls(false)));
    }
}
