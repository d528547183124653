package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;

import flotilla.node.protocol.Request;
import flotilla.node.tree.UserTree;
import flotilla.storage.Entry;
import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import java.util.OptionalLong;

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
                        turn.tree().run(tree -> size(tree, path)),
                        size -> size.isPresent()
                                ? turn.answer(213, Long.toString(size.getAsLong()))
                                : turn.answer(550, "Not a file.")));
    }

    /** The size of a file. Without a file, or behind a link, the size of the part that a failed upload left. */
    private static OptionalLong size(UserTree tree, VirtualPath path) throws StorageException {
        Entry entry;
        try {
            entry = tree.stat(path);
        } catch (StorageException missing) {
            OptionalLong part = tree.partSize(path);
            if (part.isEmpty()) {
                throw missing;
            }
            return part;
        }
        if (entry.isLink()) {
            return tree.partSize(path);
        }
        return entry.isFile() ? OptionalLong.of(entry.size()) : OptionalLong.empty();
    }
}
