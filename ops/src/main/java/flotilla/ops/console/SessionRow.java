package flotilla.ops.console;

import flotilla.node.overview.OverviewMessage.SessionView;
import flotilla.node.overview.OverviewMessage.TransferView;
import java.util.Optional;

/**
 * A session as the pages show it.
 *
 * @param key id of its row
 * @param nodes names of the nodes with its control connection, the session and its data connection, without repetition
 * @param transfer direction of the running transfer; empty for none
 * @param percent how much of it has moved; -1 when its size is not known
 */
public record SessionRow(
        String id,
        String key,
        String user,
        String client,
        String nodes,
        String tls,
        String state,
        String since,
        String command,
        String directory,
        String program,
        String transfer,
        String path,
        String bytes,
        String rate,
        boolean moving,
        int percent) {

    static SessionRow of(SessionView view) {
        Optional<TransferView> transfer = view.transfer();
        return new SessionRow(
                view.id(),
                "s-" + view.id(),
                view.user().isEmpty() ? "(not logged in)" : view.user(),
                view.client(),
                nodes(view),
                view.tlsVersion().isEmpty() ? "none" : view.tlsVersion(),
                view.state(),
                Text.time(view.since()),
                view.lastCommand(),
                view.directory(),
                view.clientName(),
                transfer.map(TransferView::direction).orElse(""),
                transfer.map(TransferView::path).orElse(""),
                transfer.map(moved -> Text.bytes(moved.bytes())).orElse(""),
                transfer.map(moved -> Text.rate((double) moved.bytesPerSecond()))
                        .orElse(""),
                transfer.map(TransferView::moving).orElse(false),
                transfer.map(SessionRow::percent).orElse(-1));
    }

    private static int percent(TransferView transfer) {
        return transfer.size() > 0 ? (int) Math.min(100, (double) transfer.bytes() * 100 / transfer.size()) : -1;
    }

    private static String nodes(SessionView view) {
        StringBuilder names = new StringBuilder(view.controlNode());
        if (!view.node().equals(view.controlNode())) {
            names.append(", ").append(view.node());
        }
        boolean isOther =
                !view.dataNode().equals(view.controlNode()) && !view.dataNode().equals(view.node());
        if (!view.dataNode().isEmpty() && isOther) {
            names.append(", ").append(view.dataNode());
        }
        return names.toString();
    }
}
