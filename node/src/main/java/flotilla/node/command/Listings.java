package flotilla.node.command;

import flotilla.node.command.Policy.OptIn;
import flotilla.node.protocol.Glob;
import flotilla.node.protocol.ListArgument;
import flotilla.node.transfer.Transfer;
import flotilla.node.transfer.Transfer.Format;
import flotilla.node.transfer.Transfer.Order;
import flotilla.node.tree.UserTree;
import flotilla.storage.Entry;
import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import java.util.Optional;

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
                                .run(tree -> tree.stat(literal))
                                .thenApply(entry -> ListArgument.literal(text))
                                .exceptionally(missing -> parsed)
                                .thenApply(argument -> plan(argument, turn, format)))
                        : plan(parsed, turn, format));
    }

    private static Outcome plan(ListArgument argument, Turn turn, Format format) {
        return Paths.with(
                argument.path(),
                turn,
                path -> new Outcome.Pending(turn.tree().run(tree -> listed(tree, argument, turn, format, path))));
    }

    private static Outcome listed(UserTree tree, ListArgument argument, Turn turn, Format format, VirtualPath path)
            throws StorageException {
        try {
            return found(argument, turn, format, path, tree.listable(path));
        } catch (StorageException missing) {
            if (!Glob.isPattern(path.name())) {
                throw missing;
            }
            return pattern(tree, argument, turn, format, path);
        }
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
    private static Outcome pattern(UserTree tree, ListArgument argument, Turn turn, Format format, VirtualPath path)
            throws StorageException {
        if (!Glob.isAcceptable(path.name())) {
            return turn.answer(501, "Too many wildcards.");
        }
        if (!tree.anyMatch(path.parent(), name -> Glob.matches(path.name(), name))) {
            return turn.answer(550, "No files found.");
        }
        String prefix = parentPrefix(argument.path());
        return transferring(argument, turn, format, path.parent(), path.name(), false, prefix, "");
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
                shownAs,
                isTree(argument, turn) && pattern.isEmpty() && !itself ? treeName(argument.path()) : "");
        return new Outcome.Transferring(OPENING, listing, turn.state());
    }

    /** Returns true for a recursive listing. Where it is off, the flag is ignored, as other servers do. */
    private static boolean isTree(ListArgument argument, Turn turn) {
        return argument.recursive() && turn.policy().allowed().contains(OptIn.RECURSIVE_LISTING);
    }

    private static String treeName(String argument) {
        String name = argument.replaceFirst("(?<=[^/])/+$", "");
        return name.isEmpty() ? "." : name;
    }

    private static String directoryPrefix(String argument) {
        return argument.isEmpty() || argument.equals(".") ? "" : argument.endsWith("/") ? argument : argument + "/";
    }

    private static String parentPrefix(String argument) {
        return argument.substring(0, argument.lastIndexOf('/') + 1);
    }
}
