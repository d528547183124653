package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.ALWAYS;
import static flotilla.node.command.CommandSpec.Argument.NONE;
import static flotilla.node.command.Effect.NEEDS_ACTIVE_MODE;
import static flotilla.node.command.Effect.NEEDS_PASSIVE_MODE;
import static flotilla.node.command.Effect.NEEDS_TLS;

import flotilla.node.protocol.Facts;
import flotilla.node.protocol.Reply;
import flotilla.node.protocol.Request;
import flotilla.node.tree.UserTree;
import flotilla.storage.Capability;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** FEAT (RFC 2389, section 3): the features beyond RFC 959, made from the command table. */
final class FeatCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("FEAT", ALWAYS, NONE, "", "RFC 2389, section 3");
    }

    /** Before a login it lists what a store with all capabilities can do, after it what the user's store can. */
    @Override
    public Outcome handle(Request request, Turn turn) {
        Set<Capability> all = EnumSet.allOf(Capability.class);
        return turn.home()
                .<Outcome>map(home -> new Outcome.Pending(home.run(UserTree::capabilities)
                        .exceptionally(away -> all)
                        .thenApply(store -> answer(turn, store))))
                .orElseGet(() -> answer(turn, all));
    }

    private static Outcome answer(Turn turn, Set<Capability> store) {
        List<String> lines = new ArrayList<>();
        for (CommandSpec spec : turn.specs()) {
            if (isOffered(spec, turn.policy()) && isPossible(spec, store)) {
                spec.features().forEach(line -> lines.add(MffCommand.feature(line, store)));
            }
        }
        lines.add("UTF8");
        lines.add("TVFS");
        lines.add("MLST " + Facts.feature(turn.state().parameters().facts(), store));
        lines.add("HASH " + HashCommand.feature(turn.state().parameters().hash()));
        if (ModeCommand.isOffered(turn)) {
            lines.add("MODE Z");
        }
        if (!turn.policy().hosts().isEmpty()) {
            lines.add("HOST");
        }
        return turn.answer(Reply.multiLine(211, "Features:", lines, "End"));
    }

    private static boolean isOffered(CommandSpec spec, Policy policy) {
        return (policy.tlsAvailable() || !spec.does(NEEDS_TLS))
                && (policy.active() || !spec.does(NEEDS_ACTIVE_MODE))
                && (policy.passive() || !spec.does(NEEDS_PASSIVE_MODE));
    }

    private static boolean isPossible(CommandSpec spec, Set<Capability> store) {
        Set<Capability> needs = spec.traits().needs();
        return needs.isEmpty() || needs.stream().anyMatch(store::contains);
    }
}
