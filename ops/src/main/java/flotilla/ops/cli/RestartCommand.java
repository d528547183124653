package flotilla.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.ops.client.AdminClient;
import flotilla.ops.client.AdminClient.Refused;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code flotilla restart}: drains nodes one after the other, so that their supervisors start them again. It goes on
 * only when all nodes are ready.
 */
@Command(
        name = "restart",
        mixinStandardHelpOptions = true,
        description =
                "Restarts nodes one after the other: drains a node as drain does, then its process ends with exit code 75, so that its supervisor"
                        + " (systemd, Kubernetes) starts it again. The next one follows when all nodes are ready. The node that is asked comes last.",
        exitCodeList = {
            "1:A node did not come back, or is not ready. The others are not touched.",
            "6:There is no such node.",
            "7:A node did not answer."
        },
        footer = {"  flotilla restart node-2", "  flotilla restart --rolling"})
final class RestartCommand extends AdminCommand {
    private static final long LOOK_MILLIS = 500;

    @Parameters(arity = "0..*", paramLabel = "NODE", description = "Names of nodes, as in flotilla nodes.")
    private List<String> nodes = new ArrayList<>();

    @Option(names = "--rolling", description = "Restarts all nodes.")
    private boolean rolling;

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            description =
                    "Longest time for a node to drain, start and become ready; default ${DEFAULT-VALUE}: transfers have 10 minutes by default.")
    private String wait = "20m";

    /** What a node was before its restart. */
    private record Before(String name, String upSince) {}

    @Override
    int run(AdminClient api) throws Refused, IOException {
        if (nodes.isEmpty() != rolling) {
            throw new CommandLine.ParameterException(
                    spec().commandLine(), "either names of nodes are needed, or --rolling");
        }
        Duration longest = Durations.parse("--wait", wait);
        List<Before> all = present(api);
        Optional<String> unknown = nodes.stream()
                .filter(name -> all.stream().noneMatch(node -> node.name().equals(name)))
                .findFirst();
        if (unknown.isPresent()) {
            err().println("flotilla: there is no node " + unknown.get());
            return NOT_THERE;
        }
        for (Before node : lastOfAll(rolling ? all : named(all), asked(api))) {
            AdminClient now = again();
            Optional<String> unready = unready(now, all.size());
            if (unready.isPresent()) {
                throw new IllegalStateException(node.name() + " is not restarted: " + unready.get());
            }
            restart(now, node, all.size(), longest);
        }
        return 0;
    }

    private List<Before> named(List<Before> all) {
        return all.stream().filter(node -> nodes.contains(node.name())).toList();
    }

    /** Returns a new client: a local server that has started again has another token. */
    private AdminClient again() throws IOException {
        try {
            return options().client();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private static List<Before> lastOfAll(List<Before> all, String asked) {
        List<Before> chosen = new ArrayList<>(all);
        all.stream().filter(node -> node.name().equals(asked)).forEach(node -> {
            chosen.remove(node);
            chosen.add(node);
        });
        return chosen;
    }

    private static String asked(AdminClient api) throws Refused, IOException {
        return api.get("nodes").path("asked").asText();
    }

    private static List<Before> present(AdminClient api) throws Refused, IOException {
        JsonNode answer = api.get("nodes");
        if (!answer.path("incomplete").isEmpty()) {
            throw new IllegalStateException("no node is restarted: some do not answer: " + answer.path("incomplete"));
        }
        List<Before> all = new ArrayList<>();
        answer.path("nodes")
                .forEach(node -> all.add(new Before(
                        node.path("name").asText(), node.path("upSince").asText())));
        return all;
    }

    /** Returns why the cluster is not whole; empty when it is. */
    private static Optional<String> unready(AdminClient api, int count) throws Refused, IOException {
        JsonNode answer = api.get("nodes");
        if (answer.path("nodes").size() < count) {
            return Optional.of("only " + answer.path("nodes").size() + " of " + count + " nodes answer");
        }
        for (JsonNode node : answer.path("nodes")) {
            if (!node.path("ready").asBoolean()) {
                return Optional.of(node.path("name").asText() + " is not ready: "
                        + node.path("unready").path(0).asText());
            }
        }
        return Optional.empty();
    }

    private void restart(AdminClient api, Before node, int count, Duration longest) throws Refused, IOException {
        api.post(
                "nodes/" + AdminClient.encoded(node.name()) + "/drain",
                AdminClient.object().put("then", "restart"));
        out().println(node.name() + " drains");
        out().flush();
        long begin = System.nanoTime();
        while (!isBack(node, count)) {
            if (System.nanoTime() - begin > longest.toNanos()) {
                throw new IllegalStateException(node.name() + " is not back after " + Table.seconds(longest.toSeconds())
                        + ": does a supervisor start it again?");
            }
            pause();
        }
        out().println(node.name() + " is ready again after "
                + Table.seconds(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin)));
        out().flush();
    }

    /** Asks anew each time: the node that was asked before may be the one that restarts. */
    private boolean isBack(Before node, int count) {
        try {
            AdminClient api = again();
            for (JsonNode one : api.get("nodes").path("nodes")) {
                if (one.path("name").asText().equals(node.name())
                        && !one.path("upSince").asText().equals(node.upSince())) {
                    return unready(api, count).isEmpty();
                }
            }
            return false;
        } catch (Exception away) {
            return false;
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
