package flotilla.ops.log;

import flotilla.node.event.NodeEvent;
import flotilla.node.state.Link;

/** Writes one JSON object a line: {@code time}, {@code event}, and the fields of that event. */
final class JsonFormat implements EventLogs.Format {
    @Override
    public String line(NodeEvent event) {
        if (event instanceof NodeEvent.Probed || event instanceof NodeEvent.DataSecured) {
            return "";
        }
        JsonLine fields = new JsonLine().text("event", event.getClass().getSimpleName());
        if (!connection(fields, event) && !login(fields, event)) {
            work(fields, event);
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
        } else if (event instanceof NodeEvent.HandedOff e) {
            link(fields, e.link());
        } else if (event instanceof NodeEvent.TakenOver e) {
            link(fields, e.link()).text("user", e.user());
        } else if (event instanceof NodeEvent.Disconnected e) {
            link(fields, e.link()).text("user", e.user()).text("reason", e.reason());
        } else if (event instanceof NodeEvent.StrayDataConnection e) {
            fields.text("client", e.address())
                    .number("port", e.port())
                    .text("reason", e.why().name());
        } else {
            return false;
        }
        return true;
    }

    private static boolean login(JsonLine fields, NodeEvent event) {
        if (event instanceof NodeEvent.LoggedIn e) {
            link(fields, e.link()).text("user", e.user()).flag("certificate", e.byCertificate());
        } else if (event instanceof NodeEvent.LoginFailed e) {
            link(fields, e.link()).text("user", e.user()).text("reason", e.why().name());
        } else if (event instanceof NodeEvent.Refused e) {
            fields.text("client", e.address()).text("reason", e.why().name());
        } else if (event instanceof NodeEvent.Limited e) {
            fields.text("client", e.address()).text("reason", e.limit().name());
        } else if (event instanceof NodeEvent.Banned e) {
            fields.text("client", e.block()).text("reason", e.reason());
        } else {
            return false;
        }
        return true;
    }

    private static void work(JsonLine fields, NodeEvent event) {
        if (event instanceof NodeEvent.TransferFinished e) {
            link(fields, e.link())
                    .text("user", e.user())
                    .text("operation", e.transfer().getClass().getSimpleName())
                    .text("path", e.transfer().path())
                    .text("ending", e.result().ending().name())
                    .number("bytes", e.result().bytes())
                    .number("millis", e.result().millis())
                    .flag("tls", e.tls())
                    .flag("resumed", e.result().resumed())
                    .text("dataNode", e.result().node())
                    .text("detail", e.result().detail());
        } else if (event instanceof NodeEvent.NoDataConnection e) {
            link(fields, e.link()).text("user", e.user());
        } else if (event instanceof NodeEvent.TreeChanged e) {
            link(fields, e.link())
                    .text("user", e.user())
                    .text("verb", e.verb())
                    .text("path", e.path())
                    .text("source", e.source().orElse(""))
                    .number("code", e.reply().code())
                    .text("reply", e.reply().text())
                    .flag("done", e.done());
        }
    }

    private static JsonLine link(JsonLine line, Link link) {
        return line.text("session", link.sessionId())
                .text("client", link.client().getHostAddress())
                .text("node", link.controlNode());
    }
}
