package flotilla.ops.console;

import flotilla.cluster.QuotaLedger;
import flotilla.node.overview.ClusterOverview;
import flotilla.ops.admin.Door;
import flotilla.ops.admin.Door.Reply;
import flotilla.ops.admin.Site.Page;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * What all screens use.
 *
 * @param node name of this node
 */
record Desk(
        ClusterOverview overview,
        QuotaLedger quotas,
        Absent absent,
        Door door,
        Hub hub,
        Templates templates,
        Assets assets,
        String node) {
    private static final Map<String, String> NOTICES = Map.ofEntries(
            Map.entry("kicked", "The session was ended."),
            Map.entry("draining", "The node is being drained."),
            Map.entry("undrained", "The node takes work again."),
            Map.entry("banned", "The ban holds on every node."),
            Map.entry("lifted", "The ban was lifted."),
            Map.entry("added", "The user was added."),
            Map.entry("saved", "The changes were saved."));

    /** Returns the frame of a page; what was just done is in the query, by a word. */
    Shell shell(Guest guest, String title, String section, String problem) {
        return new Shell(
                title,
                section,
                guest.visitor().name(),
                guest.visitor().role().text(),
                guest.operator().csrf(),
                "",
                node,
                NOTICES.getOrDefault(guest.query("notice"), ""),
                problem,
                assets);
    }

    Page page(int status, String template, Shell shell, Map<String, Object> values) {
        Map<String, Object> all = new HashMap<>(values);
        all.put("shell", shell);
        return Answers.html(status, templates.page(template, all));
    }

    /** Returns the stream of a topic. */
    Page live(Guest guest, Topic topic) {
        return Answers.events(stream -> hub.join(topic, guest.operator().key(), stream));
    }

    /** Makes a call for the operator. */
    CompletionStage<Reply> call(Guest guest, String method, List<String> path, Map<String, String> query, String body) {
        return door.call(guest.visitor(), guest.visit().from(), method, path, query, body);
    }

    /** Replaces an object for the operator, if it still is the version that he has seen. */
    CompletionStage<Reply> replace(Guest guest, List<String> path, String body, String version) {
        return door.replace(guest.visitor(), guest.visit().from(), path, body, version);
    }

    /** Says that something could not be done, or is not there. */
    Page failure(Guest guest, int status, String message) {
        return page(status, "failure.jte", shell(guest, "Not done", "", message), Map.of());
    }

    /** Leads on to a page that says what was done, or says why it was not. */
    Page done(Guest guest, Reply reply, String to) {
        return reply.isGood() ? Answers.redirect(to) : failure(guest, reply.status(), reply.message());
    }
}
