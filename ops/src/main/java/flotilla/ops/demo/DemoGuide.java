package flotilla.ops.demo;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Prints commands that show how the cluster works. */
final class DemoGuide {
    private static final String NO_BALANCER = """

            HAProxy is not installed (Debian: apt-get install haproxy; macOS: brew install haproxy), so there is no common address:
            dial the nodes themselves.

            """;

    private final DemoPlan plan;
    private final DemoFiles files;
    private final String flotilla;

    DemoGuide(DemoPlan plan, DemoFiles files, String flotilla) {
        this.plan = plan;
        this.files = files;
        this.flotilla = flotilla;
    }

    String text(String password, Map<Integer, Child> nodes, boolean balanced) {
        StringBuilder text = new StringBuilder("\n");
        for (int i = 0; i < plan.nodes().size(); i++) {
            Child node = nodes.get(i);
            text.append(String.format(
                    Locale.ROOT,
                    "  %-8s %-12s pid %-8d log %s%n",
                    plan.name(i),
                    plan.nodes().get(i),
                    node == null ? 0 : node.pid(),
                    shown(files.log(plan.name(i)))));
        }
        String dialled = balanced ? plan.vip() : plan.nodes().get(0);
        if (balanced) {
            text.append(String.format(
                    Locale.ROOT,
                    "  %-8s %-12s configuration %s%n",
                    "HAProxy",
                    plan.vip(),
                    shown(files.directory().resolve("haproxy.cfg"))));
        } else {
            text.append(NO_BALANCER);
        }
        String curl = "curl --ssl-reqd --cacert " + shown(files.certificate()) + " --user '" + Accounts.USER + ":"
                + password + "'";
        String url = "ftp://" + dialled + ":" + plan.explicitPort() + "/";
        Child victim = nodes.get(1);
        text.append(LINES.replace("@USER@", Accounts.USER)
                .replace("@PASSWORD@", password)
                .replace("@CURL@", curl)
                .replace("@URL@", url)
                .replace("@SAMPLE@", shown(files.sample()))
                .replace("@FLOTILLA@", flotilla)
                .replace("@CONFIG@", "--config " + shown(files.configuration(0)))
                .replace("@LOGS@", shown(files.directory()) + "/*/native.log")
                .replace("@LAST@", plan.name(plan.nodes().size() - 1))
                .replace("@PID@", String.valueOf(victim == null ? 0 : victim.pid())));
        return text.toString();
    }

    /** Returns the path from the working directory, if it lies below it. */
    private static String shown(Path path) {
        Path here = Path.of("").toAbsolutePath();
        return path.startsWith(here) ? here.relativize(path).toString() : path.toString();
    }

    private static final String LINES = """
              user     @USER@, password @PASSWORD@

            Store a file, fetch it, list; each time another node may get the connections:
              @CURL@ -T @SAMPLE@ @URL@
              @CURL@ @URL@hello.txt
              @CURL@ @URL@

            Look at it, from any node:
              @FLOTILLA@ nodes @CONFIG@
              @FLOTILLA@ sessions @CONFIG@
              tail -f @LOGS@

            Kill a node while you do that: its connections end, the others do not; dial again and all is there. Its share of limits and leases is free within seconds.
              kill -9 @PID@

            Take a node out of service: HAProxy sends it nothing new, its transfers go on to their end, then it leaves.
              @FLOTILLA@ drain @LAST@ @CONFIG@

            Enter starts nodes again that have ended. Ctrl-C ends everything.
            """;
}
