package flotilla.node.command;

import flotilla.node.protocol.Glob;
import flotilla.node.protocol.ListArgument;
import flotilla.node.transfer.Transfer;
import flotilla.node.transfer.Transfer.Format;
import flotilla.node.transfer.Transfer.Order;
import flotilla.storage.Entry;
import flotilla.storage.VirtualPath;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The common part of LIST and NLST: options, and a wildcard in the last component. An entry whose name is the argument
 * itself comes first.
 */
final class Listings {
    private static final String OPENING = "Opening data connection for the listing.";

    private Listings() {}

    static Outcome list(String text, Turn turn, Format format) {
        Optional<Outcome> refusal = Transfers.refusal(turn);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        ListArgument parsed = ListArgument.parse(text);
        return Paths.with(
                text,
                turn,
                literal -> text.startsWith("-")
                        ? new Outcome.Pending(turn.tree()
                                .stat(literal)
                                .thenApply(entry -> ListArgument.literal(text))
                                .exceptionally(missing -> parsed)
                                .thenApply(argument -> plan(argument, turn, format)))
                        : plan(parsed, turn, format));
    }

    private static Outcome plan(ListArgument argument, Turn turn, Format format) {
        return Paths.with(
                argument.path(),
                turn,
                path -> new Outcome.Pending(turn.tree()
                        .listable(path)
                        .thenApply(entry -> found(argument, turn, format, path, entry))
                        .exceptionallyCompose(missing -> pattern(argument, turn, format, path, missing))));
    }

    private static Outcome found(ListArgument argument, Turn turn, Format format, VirtualPath path, Entry entry) {
        boolean itself = !entry.isDirectory() || argument.directoryItself();
        String prefix = itself ? parentPrefix(argument.path()) : directoryPrefix(argument.path());
        String shownAs = itself && entry.isDirectory() ? argument.directoryName() : "";
        return transferring(argument, turn, format, path, "", itself, prefix, shownAs);
    }

    /**
     * Handles an argument that names no entry. Its last component may be a wildcard, if its directory exists and holds
     * a match.
     */
    private static CompletionStage<Outcome> pattern(
            ListArgument argument, Turn turn, Format format, VirtualPath path, Throwable missing) {
        if (!Glob.isPattern(path.name())) {
            return CompletableFuture.failedFuture(missing);
        }
        if (!Glob.isAcceptable(path.name())) {
            return CompletableFuture.completedFuture(turn.answer(501, "Too many wildcards."));
        }
        return turn.tree()
                .anyMatch(
                        path.parent(),
                        name -> Glob.matches(path.name(), name),
                        turn.services().blocking())
                .thenApply(matched -> matched
                        ? transferring(
                                argument,
                                turn,
                                format,
                                path.parent(),
                                path.name(),
                                false,
                                parentPrefix(argument.path()),
                                "")
                        : turn.answer(550, "No files found."));
    }

    private static Outcome transferring(
            ListArgument argument,
            Turn turn,
            Format format,
            VirtualPath path,
            String pattern,
            boolean itself,
            String prefix,
            String shownAs) {
        Order order = argument.byTime() ? Order.TIME : argument.bySize() ? Order.SIZE : Order.NAME;
        Transfer listing = new Transfer.SendListing(
                path.toString(),
                format,
                pattern,
                argument.hidden(),
                order,
                argument.reversed(),
                itself,
                format == Format.NLST ? prefix : "",
                turn.state().parameters().facts(),
                argument.selfAndParent(),
                shownAs);
        return new Outcome.Transferring(OPENING, listing, turn.state());
    }

    private static String directoryPrefix(String argument) {
        return argument.isEmpty() || argument.equals(".") ? "" : argument.endsWith("/") ? argument : argument + "/";
    }

    private static String parentPrefix(String argument) {
        return argument.substring(0, argument.lastIndexOf('/') + 1);
    }
}
