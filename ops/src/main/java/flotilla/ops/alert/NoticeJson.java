package flotilla.ops.alert;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.AlertBoard.Alert;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** An alert as a JSON object, for programs. */
public final class NoticeJson {
    private NoticeJson() {}

    /** Returns the fields of an alert: id, state, rule, subject, level, value, text and since. */
    public static ObjectNode of(Alert alert) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", alert.id())
                .put("state", alert.firing() ? "firing" : "resolved")
                .put("rule", alert.rule())
                .put("subject", alert.subject())
                .put("level", alert.level())
                .put("value", alert.value())
                .put("text", alert.text())
                .put("since", Instant.ofEpochMilli(alert.since()).toString());
    }

    /** Returns the same and time, cluster and node, as bytes in UTF-8. */
    static byte[] bytes(Notice notice) {
        return of(notice.alert())
                .put("time", notice.time().toString())
                .put("cluster", notice.cluster())
                .put("node", notice.node())
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }
}
