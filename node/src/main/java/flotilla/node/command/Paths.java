package flotilla.node.command;

import flotilla.node.protocol.Reply;
import flotilla.node.protocol.Request;
import flotilla.node.state.SessionState;
import flotilla.node.tree.UserTree;
import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.function.Function;

/** Reads the pathnames of commands. An invalid name is refused before any lookup. */
final class Paths {
    private Paths() {}

    /**
     * Makes the outcome for the path that the argument names; without an argument, for the working directory. Only the
     * name of a directory may end with a slash. A missing name is looked up in its other Unicode form, too (macOS sends
     * NFD).
     */
    static Outcome with(Request request, Turn turn, Function<VirtualPath, Outcome> then) {
        String argument = request.text();
        boolean slash = argument.length() > 1 && argument.endsWith("/");
        if (!slash && isAscii(argument)) {
            return with(argument, turn, then);
        }
        return with(
                argument,
                turn,
                path -> new Outcome.Pending(turn.tree()
                        .run(tree -> existing(tree, turn.state(), path, argument))
                        .thenApply(found -> slash && found.isFile()
                                ? turn.answer(550, "Not a directory.")
                                : then.apply(found.path()))
                        .exceptionally(missing -> then.apply(path))));
    }

    private record Found(VirtualPath path, boolean isFile) {}

    private static Found existing(UserTree tree, SessionState state, VirtualPath path, String argument)
            throws StorageException {
        try {
            return new Found(path, tree.stat(path).isFile());
        } catch (StorageException missing) {
            Form other = Normalizer.isNormalized(argument, Form.NFC) ? Form.NFD : Form.NFC;
            VirtualPath alternative = state.resolve(Normalizer.normalize(argument, other));
            return new Found(alternative, tree.stat(alternative).isFile());
        }
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
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

    /** Makes the outcome for the path of a new name: as {@link #with}, with 553 for a name that no file can have. */
    static Outcome target(String argument, Turn turn, Function<VirtualPath, Outcome> then) {
        if (argument.endsWith("/")) {
            return turn.answer(553, "A file name cannot end with a slash.");
        }
        return with(argument, turn, path -> path.isRoot() ? turn.answer(553, "Not a file name.") : then.apply(path));
    }
}
