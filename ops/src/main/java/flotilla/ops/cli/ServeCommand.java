package flotilla.ops.cli;

import flotilla.ops.config.Configuration;
import flotilla.ops.server.RunningServer;
import flotilla.ops.train.Training;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code flotilla serve}: runs a node until it is told to stop. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Starts a node and runs it until SIGTERM or Ctrl-C.",
        exitCodeList = {
            "0:Drained and stopped.",
            "1:It cannot start, or it failed.",
            "3:The memory was used up.",
            "4:The other nodes removed this node: it hung or was cut off.",
            "5:The cluster did not take this node, or this node would have formed a second cluster.",
            "75:Drained, and a restart was asked for: a supervisor starts it again.",
            "78:The configuration is refused. There is a line with file, line and key for each problem.",
            "143:SIGTERM, after an orderly stop."
        },
        footer = {"  flotilla serve --config flotilla.conf", "  flotilla serve --set flotilla.limits.max-sessions=100"})
final class ServeCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Override
    public Integer call() throws Exception {
        Configuration.unknownVariables(System.getenv()).forEach(LOG::warn);
        try (RunningServer server = RunningServer.start(options.sources())) {
            PrintStream out = System.out;
            new Welcome(server.configuration(), server.adminUrl(), server.firstUser())
                    .lines(server.tlsDescription(), server.addresses())
                    .forEach(out::println);
            out.println("flotilla: ready");
            out.flush();
            if (Training.isAsked()) {
                server.train();
            } else if (!Boolean.getBoolean("flotilla.exit-when-ready")) {
                server.await();
            }
        }
        return 0;
    }
}
