package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.ALWAYS;
import static flotilla.node.command.CommandSpec.Argument.NONE;
import static flotilla.node.command.Effect.NEEDS_ACTIVE_MODE;
import static flotilla.node.command.Effect.NEEDS_TLS;

import flotilla.node.protocol.Facts;
import flotilla.node.protocol.Reply;
import flotilla.node.protocol.Request;
import java.util.ArrayList;
import java.util.List;

/** FEAT (RFC 2389, section 3): the features beyond RFC 959, made from the command table. */
final class FeatCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("FEAT", ALWAYS, NONE, "", "RFC 2389, section 3");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        List<String> lines = new ArrayList<>();
        for (CommandSpec spec : turn.specs()) {
            if (isOffered(spec, turn.policy())) {
                lines.addAll(spec.features());
            }
        }
        lines.add("UTF8");
        lines.add("TVFS");
        lines.add("MLST " + Facts.feature(turn.state().parameters().facts()));
        lines.add("HASH " + HashCommand.feature(turn.state().parameters().hash()));
        if (!turn.policy().hosts().isEmpty()) {
            lines.add("HOST");
        }
        return turn.answer(Reply.multiLine(211, "Features:", lines, "End"));
    }

    private static boolean isOffered(CommandSpec spec, Policy policy) {
        return (policy.tlsAvailable() || !spec.does(NEEDS_TLS)) && (policy.active() || !spec.does(NEEDS_ACTIVE_MODE));
    }
}
