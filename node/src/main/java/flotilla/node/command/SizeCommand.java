package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;

import flotilla.node.protocol.Request;
import flotilla.node.tree.UserTree;
import flotilla.storage.VirtualPath;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** SIZE (RFC 3659, section 4): the number of bytes that RETR would send in TYPE I. */
final class SizeCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("SIZE", LOGGED_IN, REQUIRED, "<SP> pathname", "RFC 3659, section 4")
                .announcing("SIZE");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        if (turn.state().parameters().ascii() && !turn.policy().asciiAsBinary()) {
            return turn.answer(550, "SIZE not allowed in ASCII mode.");
        }
        return Paths.with(
                request,
                turn,
                path -> Outcome.pending(
                        size(turn.tree(), path),
                        size -> size.isPresent()
                                ? turn.answer(213, Long.toString(size.getAsLong()))
                                : turn.answer(550, "Not a file.")));
    }

    /** The size of a file. Without a file, or behind a link, the size of the part that a failed upload left. */
    private static CompletionStage<OptionalLong> size(UserTree tree, VirtualPath path) {
        return tree.stat(path)
                .thenCompose(entry -> entry.isLink()
                        ? part(tree, path)
                        : CompletableFuture.completedFuture(
                                entry.isFile() ? OptionalLong.of(entry.size()) : OptionalLong.empty()))
                .exceptionallyCompose(failure -> part(tree, path)
                        .thenCompose(part -> part.isPresent()
                                ? CompletableFuture.completedFuture(part)
                                : CompletableFuture.failedFuture(failure)));
    }

    private static CompletionStage<OptionalLong> part(UserTree tree, VirtualPath path) {
        return tree.partSize(path).thenApply(part -> part.map(OptionalLong::of).orElseGet(OptionalLong::empty));
    }
}
