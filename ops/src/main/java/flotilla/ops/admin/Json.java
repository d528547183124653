package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.Bans;
import flotilla.cluster.Bans.Ban;
import flotilla.node.overview.OverviewMessage.NodeView;
import flotilla.node.overview.OverviewMessage.SessionView;
import flotilla.node.overview.OverviewMessage.TransferView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Writes the answers of the API. */
final class Json {
    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode texts(List<String> texts) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        texts.forEach(array::add);
        return array;
    }

    static List<String> list(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    static ObjectNode session(SessionView view, Instant now) {
        ObjectNode json = object();
        json.put("id", view.id());
        json.put("user", view.user());
        json.put("state", view.state());
        json.put("address", view.client());
        json.put("port", view.clientPort());
        json.put("dialled", view.local() + ":" + view.localPort());
        ObjectNode nodes = json.putObject("nodes");
        nodes.put("control", view.controlNode());
        nodes.put("session", view.node());
        nodes.put("data", view.dataNode());
        ObjectNode tls = json.putObject("tls");
        tls.put("version", view.tlsVersion());
        tls.put("cipher", view.tlsCipher());
        tls.put("resumed", view.tlsResumed());
        json.put("directory", view.directory());
        json.put("lastCommand", view.lastCommand());
        json.put("client", view.clientName());
        json.put("since", view.since().toString());
        json.put("active", view.active().toString());
        json.put("idleSeconds", view.transfer().isPresent() ? 0 : seconds(view.active(), now));
        view.transfer().ifPresent(transfer -> json.set("transfer", transfer(transfer, now)));
        return json;
    }

    private static ObjectNode transfer(TransferView view, Instant now) {
        ObjectNode json = object();
        json.put("direction", view.direction());
        json.put("path", view.path());
        json.put("moving", view.moving());
        json.put("tls", view.tls());
        json.put("tlsResumed", view.tlsResumed());
        json.put("bytes", view.bytes());
        json.put("bytesPerSecond", view.bytesPerSecond());
        json.put("size", view.size());
        json.put("seconds", seconds(view.since(), now));
        return json;
    }

    private static long seconds(Instant from, Instant to) {
        return Math.max(0, Duration.between(from, to).toSeconds());
    }

    static ObjectNode node(NodeView view) {
        ObjectNode json = object();
        json.put("name", view.node());
        json.put("address", view.address());
        json.set("listeners", texts(view.listeners()));
        json.put("version", view.version());
        json.set("roles", texts(view.roles()));
        json.put("upSince", view.upSince().toString());
        json.put("ready", view.unready().isEmpty());
        json.set("unready", texts(view.unready()));
        json.put("draining", view.draining());
        json.put("connections", view.connections());
        json.put("sessions", view.sessions());
        json.put("transfers", view.transfers());
        json.put("digests", view.digests());
        json.put("leases", view.leases());
        return json;
    }

    static ObjectNode ban(Ban ban) {
        ObjectNode json = object();
        json.put("address", ban.block());
        json.put(
                "until",
                ban.until().equals(Bans.FOREVER)
                        ? BanRoutes.FOREVER
                        : ban.until().toString());
        json.put("reason", ban.reason());
        return json;
    }
}
