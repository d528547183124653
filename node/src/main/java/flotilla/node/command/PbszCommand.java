package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.ALWAYS;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;
import static flotilla.node.command.Effect.NEEDS_TLS;

import flotilla.node.protocol.Request;

/** PBSZ (RFC 4217, section 9): the protection buffer size, which is always 0 under TLS. */
final class PbszCommand implements CommandHandler {
    private static final long MAX = 0xffff_ffffL;

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("PBSZ", ALWAYS, REQUIRED, "<SP> 0", "RFC 4217, section 9")
                .announcing("PBSZ")
                .effects(NEEDS_TLS);
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        if (!turn.state().security().tls()) {
            return turn.answer(503, "PBSZ needs TLS on the control connection.");
        }
        if (!request.text().matches("[0-9]{1,10}") || Long.parseLong(request.text()) > MAX) {
            return turn.answer(501, "PBSZ needs a number.");
        }
        return Outcome.answered(
                200, "PBSZ=0", turn.state().withSecurity(turn.state().security().withBufferSize()));
    }
}
