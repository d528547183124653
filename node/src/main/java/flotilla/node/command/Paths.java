package flotilla.node.command;

import flotilla.node.protocol.Reply;
import flotilla.node.protocol.Request;
import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import java.util.function.Function;

/** How commands read a pathname: a name that cannot be one is refused before anything is looked up. */
final class Paths {
    private Paths() {}

    /** The outcome for the path that the whole argument names; the working directory when there is no argument. */
    static Outcome with(Request request, Turn turn, Function<VirtualPath, Outcome> then) {
        return with(request.text(), turn, then);
    }

    static Outcome with(String argument, Turn turn, Function<VirtualPath, Outcome> then) {
        VirtualPath path;
        try {
            path = argument.isEmpty() ? turn.state().directory() : turn.state().resolve(argument);
        } catch (StorageException e) {
            return turn.answer(Reply.of(501, "Not a pathname."));
        }
        return then.apply(path);
    }

    /** The path for a new name: as {@link #with}, with 553 for what no file may be called. */
    static Outcome target(String argument, Turn turn, Function<VirtualPath, Outcome> then) {
        if (argument.endsWith("/")) {
            return turn.answer(553, "A file name cannot end with a slash.");
        }
        return with(argument, turn, path -> path.isRoot() ? turn.answer(553, "Not a file name.") : then.apply(path));
    }
}
