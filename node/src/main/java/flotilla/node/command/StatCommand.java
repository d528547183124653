package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.ALWAYS;
import static flotilla.node.command.CommandSpec.Argument.OPTIONAL;
import static flotilla.node.command.Effect.TELLS_PROGRESS;

import flotilla.cluster.ShortIds;
import flotilla.node.protocol.ListArgument;
import flotilla.node.protocol.ListLine;
import flotilla.node.protocol.Reply;
import flotilla.node.protocol.Request;
import flotilla.node.state.SessionState;
import flotilla.node.tree.UserTree;
import flotilla.storage.Capability;
import flotilla.storage.Entry;
import flotilla.storage.Listing;
import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

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
            return turn.answer(Reply.multiLine(211, "FTP server status:", status(turn), "End"));
        }
        if (!turn.state().isLoggedIn()) {
            return turn.answer(530, "Please log in with USER and PASS.");
        }
        ListArgument argument = ListArgument.parse(request.text());
        return Paths.with(argument.path(), turn, path -> list(turn, argument, path));
    }

    private static List<String> status(Turn turn) {
        SessionState state = turn.state();
        List<String> lines = new ArrayList<>();
        lines.add("Connected from " + state.link().client().getHostAddress());
        lines.add(state.isLoggedIn() ? "Logged in as " + state.login().name() : "Not logged in");
        lines.add("TYPE: " + (state.parameters().ascii() ? "ASCII" : "BINARY") + "; STRU: File; MODE: "
                + (state.parameters().compression().on() ? "Deflate" : "Stream"));
        String data = state.security().dataTls() ? "P" : "C";
        lines.add("Control "
                + (state.security().tls() ? state.security().facts().version() : "clear") + ", data " + data);
        if (turn.policy().allowed().contains(Policy.OptIn.SESSION_ID)) {
            lines.add("Session " + ShortIds.of(state.link().sessionId()));
        }
        return lines;
    }

    private static Outcome list(Turn turn, ListArgument argument, VirtualPath path) {
        return Outcome.pending(
                turn.tree().run(tree -> lines(tree, turn, argument, path)),
                lines -> turn.answer(Reply.multiLine(213, "Status of " + path, lines, "End")));
    }

    private static List<String> lines(UserTree tree, Turn turn, ListArgument argument, VirtualPath path)
            throws StorageException {
        Entry entry = tree.stat(path);
        if (!entry.isDirectory()) {
            return List.of(line(entry, turn));
        }
        if (argument.directoryItself()) {
            return List.of(line(entry.named(argument.directoryName()), turn));
        }
        List<String> lines = new ArrayList<>();
        if (argument.selfAndParent()) {
            lines.add(line(entry.named("."), turn));
            lines.add(line(tree.stat(path.parent()).named(".."), turn));
        }
        int most = turn.policy().maxStatEntries();
        List<Entry> shown = shown(tree, argument, path, most + 1);
        shown.stream().limit(most).forEach(each -> lines.add(line(each, turn)));
        if (shown.size() > most) {
            lines.add("(more entries are not shown)");
        }
        return lines;
    }

    /** The first entries that LIST with the same argument shows, sorted by name. */
    private static List<Entry> shown(UserTree tree, ListArgument argument, VirtualPath path, int most)
            throws StorageException {
        List<Entry> shown = new ArrayList<>();
        try (Listing listing = tree.list(path, Listing.Order.NAME)) {
            List<Entry> page = listing.next(most);
            while (!page.isEmpty() && shown.size() < most) {
                page.stream().filter(entry -> argument.shows(entry.name())).forEach(shown::add);
                page = listing.next(most);
            }
        }
        if (!tree.capabilities(path).contains(Capability.NAME_ORDER)) {
            shown.sort(Comparator.comparing(Entry::name));
        }
        return shown;
    }

    private static String line(Entry entry, Turn turn) {
        StringBuilder out = new StringBuilder();
        ListLine.append(out, entry, turn.services().listZone(), turn.services().now());
        return out.substring(0, out.length() - 2);
    }
}
