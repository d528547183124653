package flotilla.ops.cli;

import flotilla.ops.client.AdminClient;
import flotilla.ops.top.Top;
import java.io.IOException;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code flotilla top}: shows the cluster live on a terminal. */
@Command(
        name = "top",
        mixinStandardHelpOptions = true,
        description = {
            "Shows sessions, transfers, nodes and causes of refusals live, on a terminal of 80x24 or more.",
            "Keys: s sort, r reverse, / filter, arrows select, K kick, F freeze, T thaw (each asks first), q quit."
        },
        footer = {"  flotilla top", "  flotilla top --only alice --every 5s"})
final class TopCommand extends AdminCommand {
    @Option(names = "--every", paramLabel = "TIME", description = "Time between two looks, default ${DEFAULT-VALUE}.")
    private String every = "2s";

    @Option(
            names = "--only",
            paramLabel = "WHAT",
            description = "A user, an address, or connecting, idle or transferring.")
    private String only = "";

    @Override
    int run(AdminClient api) throws IOException {
        Duration interval = Durations.parse("--every", every);
        if (interval.isZero()) {
            throw new IllegalStateException("--every must be at least 1s");
        }
        new Top(api, interval, only).run();
        return 0;
    }
}
