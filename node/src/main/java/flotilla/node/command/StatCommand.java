package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.ALWAYS;
import static flotilla.node.command.CommandSpec.Argument.OPTIONAL;

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

/** STAT (RFC 959, section 4.1.3): the state of the session, or a listing over the control connection. During a transfer the session itself answers. */
final class StatCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("STAT", ALWAYS, OPTIONAL, "[<SP> pathname]", "RFC 959, section 4.1.3");
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
        return Paths.with(argument.path(), turn, path -> list(turn, path));
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

    private static Outcome list(Turn turn, VirtualPath path) {
        return Outcome.pending(
                turn.tree()
                        .stat(path)
                        .thenComposeAsync(
                                entry -> entry.isDirectory()
                                        ? turn.tree()
                                                .list(path, Listing.Order.NAME)
                                                .thenApplyAsync(
                                                        listing -> lines(listing, turn),
                                                        turn.services().blocking())
                                        : CompletableFuture.completedFuture(List.of(line(entry, turn))),
                                turn.services().blocking()),
                lines -> turn.answer(Reply.multiLine(213, "Status of " + path, lines, "End")));
    }

    private static List<String> lines(Listing listing, Turn turn) {
        List<String> lines = new ArrayList<>();
        try (listing) {
            for (Entry entry : listing.next(turn.policy().maxStatEntries())) {
                lines.add(line(entry, turn));
            }
            if (!listing.next(1).isEmpty()) {
                lines.add("(more entries are not shown)");
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
