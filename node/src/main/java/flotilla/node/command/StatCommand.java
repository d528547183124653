package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.ALWAYS;
import static flotilla.node.command.CommandSpec.Argument.OPTIONAL;
import static flotilla.node.command.Effect.TELLS_PROGRESS;

import flotilla.node.protocol.ListArgument;
import flotilla.node.protocol.ListLine;
import flotilla.node.protocol.Reply;
import flotilla.node.protocol.Request;
import flotilla.node.state.SessionState;
import flotilla.storage.Entry;
import flotilla.storage.Listing;
import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * STAT (RFC 959, section 4.1.3): the state of the session, or a listing on the control connection. During a transfer
 * the session itself answers.
 */
final class StatCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("STAT", ALWAYS, OPTIONAL, "[<SP> pathname]", "RFC 959, section 4.1.3")
                .effects(TELLS_PROGRESS);
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        if (request.text().isEmpty()) {
            return turn.answer(Reply.multiLine(211, "FTP server status:", status(turn.state()), "End"));
        }
        if (!turn.state().isLoggedIn()) {
            return turn.answer(530, "Please log in with USER and PASS.");
        }
        ListArgument argument = ListArgument.parse(request.text());
        return Paths.with(argument.path(), turn, path -> list(turn, argument, path));
    }

    private static List<String> status(SessionState state) {
        List<String> lines = new ArrayList<>();
        lines.add("Connected from " + state.link().client().getHostAddress());
        lines.add(state.isLoggedIn() ? "Logged in as " + state.login().name() : "Not logged in");
        lines.add("TYPE: " + (state.parameters().ascii() ? "ASCII" : "BINARY") + "; STRU: File; MODE: Stream");
        String data = state.security().dataTls() ? "P" : "C";
        lines.add("Control "
                + (state.security().tls() ? state.security().facts().version() : "clear") + ", data " + data);
        return lines;
    }

    private static Outcome list(Turn turn, ListArgument argument, VirtualPath path) {
        return Outcome.pending(
                turn.tree()
                        .stat(path)
                        .thenCompose(entry -> entry.isDirectory() && !argument.directoryItself()
                                ? directory(turn, argument, path, entry)
                                : CompletableFuture.completedFuture(List.of(line(
                                        entry.isDirectory() ? entry.named(argument.directoryName()) : entry, turn)))),
                lines -> turn.answer(Reply.multiLine(213, "Status of " + path, lines, "End")));
    }

    private static CompletionStage<List<String>> directory(
            Turn turn, ListArgument argument, VirtualPath path, Entry self) {
        CompletionStage<List<Entry>> first = argument.selfAndParent()
                ? turn.tree().stat(path.parent()).thenApply(parent -> List.of(self.named("."), parent.named("..")))
                : CompletableFuture.completedFuture(List.of());
        return first.thenCompose(shown -> turn.tree()
                .list(path, Listing.Order.NAME)
                .thenApplyAsync(
                        listing -> lines(shown, listing, argument, turn),
                        turn.services().blocking()));
    }

    /** The lines that LIST with the same argument shows, sorted by name, up to the limit of a reply. */
    private static List<String> lines(List<Entry> first, Listing listing, ListArgument argument, Turn turn) {
        List<String> lines = new ArrayList<>();
        first.forEach(entry -> lines.add(line(entry, turn)));
        int most = turn.policy().maxStatEntries() + first.size();
        try (listing) {
            for (List<Entry> page = listing.next(most); !page.isEmpty(); page = listing.next(most)) {
                for (Entry entry : page) {
                    boolean shown = argument.shows(entry.name());
                    if (shown && lines.size() == most) {
                        lines.add("(more entries are not shown)");
                        return lines;
                    }
                    if (shown) {
                        lines.add(line(entry, turn));
                    }
                }
            }
        } catch (StorageException e) {
            throw new CompletionException(e);
        }
        return lines;
    }

    private static String line(Entry entry, Turn turn) {
        StringBuilder out = new StringBuilder();
        ListLine.append(out, entry, turn.services().now());
        return out.substring(0, out.length() - 2);
    }
}
