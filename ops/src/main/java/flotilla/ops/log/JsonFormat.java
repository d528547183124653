package flotilla.ops.log;

import flotilla.node.event.NodeEvent;
import flotilla.node.event.Reasons;
import flotilla.node.state.Link;

/** Writes one JSON object a line: {@code time}, {@code event}, and the fields of that event. */
final class JsonFormat implements EventLogs.Format {
    private final String node;

    /** @param node name of this node */
    JsonFormat(String node) {
        this.node = node;
    }

    @Override
    public String line(NodeEvent event) {
        if (event instanceof NodeEvent.Probed
                || event instanceof NodeEvent.DataSecured
                || event instanceof NodeEvent.Exchanged) {
            return "";
        }
        JsonLine fields = new JsonLine().text("event", event.getClass().getSimpleName());
        if (!connection(fields, event) && !login(fields, event) && !work(fields, event)) {
            fields.text("node", node);
            alone(fields, event);
        }
        return fields.end();
    }

    private static boolean connection(JsonLine fields, NodeEvent event) {
        if (event instanceof NodeEvent.Connected e) {
            link(fields, e.link());
        } else if (event instanceof NodeEvent.TlsStarted e) {
            link(fields, e.link())
                    .text("version", e.facts().version())
                    .text("cipher", e.facts().cipher())
                    .flag("resumed", e.facts().resumed());
        } else if (event instanceof NodeEvent.HandshakeFailed e) {
            link(fields, e.link()).text("reason", e.reason());
        } else if (event instanceof NodeEvent.HandedOff e) {
            link(fields, e.link());
        } else if (event instanceof NodeEvent.TakenOver e) {
            link(fields, e.link()).text("user", e.user());
        } else if (event instanceof NodeEvent.Disconnected e) {
            link(fields, e.link()).text("user", e.user()).text("reason", e.reason());
        } else {
            return false;
        }
        return true;
    }

    private static boolean login(JsonLine fields, NodeEvent event) {
        if (event instanceof NodeEvent.LoggedIn e) {
            link(fields, e.link())
                    .text("user", e.user())
                    .flag("certificate", e.byCertificate())
                    .number("code", e.byCertificate() ? 232 : 230);
        } else if (event instanceof NodeEvent.LoginFailed e) {
            link(fields, e.link())
                    .text("user", e.user())
                    .text("reason", Reasons.name(e.why()))
                    .number("code", e.code());
        } else {
            return false;
        }
        return true;
    }

    private static boolean work(JsonLine fields, NodeEvent event) {
        if (event instanceof NodeEvent.TransferFinished e) {
            link(fields, e.link())
                    .text("user", e.user())
                    .text("operation", e.transfer().getClass().getSimpleName())
                    .text("path", e.transfer().path())
                    .text("ending", Reasons.name(e.result().ending()))
                    .number("code", e.code())
                    .number("bytes", e.result().bytes())
                    .number("millis", e.result().millis())
                    .flag("tls", e.tls())
                    .flag("resumed", e.result().resumed())
                    .text("dataNode", e.result().node())
                    .text("detail", e.result().detail());
        } else if (event instanceof NodeEvent.NoDataConnection e) {
            link(fields, e.link()).text("user", e.user());
        } else if (event instanceof NodeEvent.TransferRefused e) {
            link(fields, e.link())
                    .text("user", e.user())
                    .text("verb", e.verb())
                    .text("argument", e.argument())
                    .number("code", e.reply().code())
                    .text("reply", e.reply().text());
        } else if (event instanceof NodeEvent.TreeChanged e) {
            link(fields, e.link())
                    .text("user", e.user())
                    .text("verb", e.verb())
                    .text("path", e.path())
                    .text("source", e.source().orElse(""))
                    .number("code", e.reply().code())
                    .text("reply", e.reply().text())
                    .flag("done", e.done());
        } else {
            return false;
        }
        return true;
    }

    /** Adds the facts of an event that belongs to no session. */
    private static void alone(JsonLine fields, NodeEvent event) {
        if (event instanceof NodeEvent.Refused e) {
            fields.text("client", e.address()).text("reason", Reasons.name(e.why()));
        } else if (event instanceof NodeEvent.Limited e) {
            fields.text("client", e.address()).text("reason", Reasons.name(e.limit()));
        } else if (event instanceof NodeEvent.Banned e) {
            fields.text("client", e.block()).text("reason", e.reason());
        } else if (event instanceof NodeEvent.Scanned e) {
            fields.text("session", e.session())
                    .text("user", e.user())
                    .text("path", e.path())
                    .text("result", Reasons.name(e.result()))
                    .text("outcome", Reasons.name(e.outcome()))
                    .text("what", e.what())
                    .number("bytes", e.bytes())
                    .number("millis", e.millis());
        } else if (event instanceof NodeEvent.StrayDataConnection e) {
            fields.text("client", e.address()).number("port", e.port()).text("reason", Reasons.name(e.why()));
        }
    }

    private static JsonLine link(JsonLine line, Link link) {
        return line.text("session", link.sessionId())
                .text("client", link.client().getHostAddress())
                .text("node", link.controlNode());
    }
}
