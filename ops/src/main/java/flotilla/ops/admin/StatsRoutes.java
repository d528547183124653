package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.Figures;
import flotilla.cluster.Figures.Figure;
import flotilla.cluster.Figures.Minute;
import flotilla.cluster.Figures.Part;
import flotilla.node.overview.ClusterOverview;
import flotilla.node.overview.ClusterOverview.Nodes;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/** The routes about what all nodes have counted lately: sums by cause, user, address or node, and series for charts. */
final class StatsRoutes {
    private static final int USUAL = 100;
    private static final int MOST = 1_000;
    private static final int MINUTES = 120;
    private static final int QUARTERS = 96;
    private static final int QUARTER = 15;
    private static final int SECONDS = 60;
    private static final String NODE = "node";

    private static final Comparator<Figure> BUSIEST = Comparator.comparing(
                    (Figure figure) -> figure.name().isEmpty())
            .thenComparing(Comparator.<Figure>comparingLong(figure -> figure.bytesIn() + figure.bytesOut())
                    .reversed())
            .thenComparing(Comparator.<Figure>comparingLong(figure -> figure.logins() + figure.failures())
                    .reversed())
            .thenComparing(Figure::name);

    private final Figures figures;
    private final ClusterOverview overview;

    StatsRoutes(Figures figures, ClusterOverview overview) {
        this.figures = figures;
        this.overview = overview;
    }

    List<Route> routes() {
        return List.of(
                Route.get("stats", Set.of("since", "by", "limit"), this::sums),
                Route.get("stats/series", Set.of(), call -> series()));
    }

    /** Returns the minutes that the cluster keeps, and those that nodes still count. */
    private CompletionStage<Nodes<Minute>> minutes(Part part, long first) {
        return figures.since(part, first).thenCombine(overview.figures(part), (kept, running) -> {
            List<Minute> all = new ArrayList<>(kept);
            running.answers().stream()
                    .filter(minute -> minute.minute() >= first)
                    .forEach(all::add);
            return new Nodes<>(all, running.incomplete());
        });
    }

    private static long now() {
        return Instant.now().getEpochSecond() / SECONDS;
    }

    private CompletionStage<JsonNode> sums(Call call) {
        String by = call.text("by").isEmpty() ? NODE : call.text("by");
        if (!Set.of("cause", "user", "address", NODE).contains(by)) {
            throw ApiException.badRequest("by must be cause, user, address or node");
        }
        int limit = call.number("limit", USUAL, MOST);
        long first = now() - since(call.text("since")).toMinutes();
        Part part = by.equals("user") || by.equals("address") ? Part.NAMES : Part.TOTALS;
        CompletionStage<Nodes<Minute>> totals = minutes(Part.TOTALS, first);
        CompletionStage<Nodes<Minute>> rows = part == Part.TOTALS ? totals : minutes(part, first);
        return totals.thenCombine(rows, (all, named) -> {
            ObjectNode json = Json.object();
            json.put("from", Instant.ofEpochSecond(first * SECONDS).toString());
            json.put("by", by);
            json.set("totals", json(total(all.answers())));
            ArrayNode array = json.putArray("rows");
            List<Figure> sorted = summed(named.answers(), by);
            sorted.stream().limit(limit).forEach(figure -> array.add(row(figure)));
            json.put("matched", sorted.size());
            json.set("incomplete", Json.texts(all.incomplete()));
            return json;
        });
    }

    private static Figure total(List<Minute> minutes) {
        return summed(minutes, NODE).stream()
                .reduce(new Figure(NODE, "", 0, 0, 0, 0, 0, 0, 0), (one, other) -> one.plus(other));
    }

    private static List<Figure> summed(List<Minute> minutes, String kind) {
        Map<String, Figure> sums = new HashMap<>();
        minutes.forEach(minute -> minute.figures().stream()
                .filter(figure -> figure.kind().equals(kind))
                .forEach(figure -> sums.merge(figure.name(), figure, Figure::plus)));
        return sums.values().stream().sorted(BUSIEST).toList();
    }

    private static ObjectNode row(Figure figure) {
        ObjectNode json = Json.object();
        json.put("name", figure.name());
        json.put("others", figure.name().isEmpty());
        json.setAll(json(figure));
        return json;
    }

    private static ObjectNode json(Figure figure) {
        ObjectNode json = Json.object();
        json.put("logins", figure.logins());
        json.put("failures", figure.failures());
        json.put("filesIn", figure.filesIn());
        json.put("filesOut", figure.filesOut());
        json.put("bytesIn", figure.bytesIn());
        json.put("bytesOut", figure.bytesOut());
        return json;
    }

    private static Duration since(String text) {
        if (text.isEmpty()) {
            return Duration.ofHours(1);
        }
        try {
            Duration duration = Duration.parse(text);
            if (duration.toMinutes() >= 1 && duration.toHours() <= Figures.HOURS - 1) {
                return duration;
            }
        } catch (DateTimeParseException e) {
            throw ApiException.badRequest("since must be a duration such as PT1H, not " + text);
        }
        throw ApiException.badRequest("since must be between a minute and " + (Figures.HOURS - 1) + " hours");
    }

    private CompletionStage<JsonNode> series() {
        long last = now();
        long first = (last / QUARTER - QUARTERS + 1) * QUARTER;
        return minutes(Part.TOTALS, first).thenApply(found -> {
            Map<Long, Figure> byMinute = new TreeMap<>();
            found.answers().forEach(minute -> minute.figures().stream()
                    .filter(figure -> figure.kind().equals(NODE))
                    .forEach(figure -> byMinute.merge(minute.minute(), figure, Figure::plus)));
            ObjectNode json = Json.object();
            ArrayNode minutes = json.putArray("minutes");
            for (long minute = last - MINUTES + 1; minute <= last; minute++) {
                minutes.add(point(minute, byMinute, 1));
            }
            ArrayNode quarters = json.putArray("quarters");
            for (long minute = first; minute <= last; minute += QUARTER) {
                quarters.add(point(minute, byMinute, QUARTER));
            }
            json.set("incomplete", Json.texts(found.incomplete()));
            return json;
        });
    }

    /** Returns the sums of some minutes from one on. The number of sessions is the largest one. */
    private static ObjectNode point(long minute, Map<Long, Figure> byMinute, int length) {
        Figure sum = new Figure(NODE, "", 0, 0, 0, 0, 0, 0, 0);
        int sessions = 0;
        for (long each = minute; each < minute + length; each++) {
            Figure figure = byMinute.get(each);
            if (figure != null) {
                sum = sum.plus(figure);
                sessions = Math.max(sessions, figure.sessions());
            }
        }
        ObjectNode json = Json.object();
        json.put("time", Instant.ofEpochSecond(minute * SECONDS).toString());
        json.put("sessions", sessions);
        json.setAll(json(sum));
        return json;
    }
}
