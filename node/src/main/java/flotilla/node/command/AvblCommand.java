package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.OPTIONAL;

import flotilla.cluster.User;
import flotilla.node.protocol.Request;
import flotilla.storage.Capability;
import flotilla.storage.VirtualPath;
import java.util.concurrent.CompletionStage;

/**
 * AVBL (draft-peterson-streamlined-ftp-command-extensions): the number of bytes that may still be stored. The reply
 * holds nothing else.
 */
final class AvblCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("AVBL", LOGGED_IN, OPTIONAL, "[<SP> pathname]", "draft-peterson-streamlined")
                .announcing("AVBL")
                .needing(Capability.FREE_BYTES);
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        User user = turn.state().login().user().orElseThrow();
        return Paths.with(
                request,
                turn,
                path -> Outcome.pending(available(turn, user, path), free -> turn.answer(213, Long.toString(free))));
    }

    private static CompletionStage<Long> available(Turn turn, User user, VirtualPath path) {
        CompletionStage<Long> free = turn.tree().run(tree -> tree.freeBytes(path));
        return free.thenCompose(bytes ->
                turn.services().room(turn.tree(), user, path).thenApply(room -> Math.min(bytes, room.orElse(bytes))));
    }
}
