package flotilla.ops.cli;

import flotilla.ops.balancer.FirewallRules;
import flotilla.ops.balancer.FirewallRules.Format;
import flotilla.ops.balancer.Site;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code flotilla firewall}: prints rules that let clients in. */
@Command(
        name = "firewall",
        mixinStandardHelpOptions = true,
        description = "Prints rules of nftables or iptables that let clients in: to the control ports and the passive"
                + " ports of this configuration. Ports between nodes and the admin API are not among them.",
        footer = {"  flotilla firewall | nft -f -", "  flotilla firewall --format iptables | iptables-restore --noflush"
        })
final class FirewallCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "nft or iptables; default ${DEFAULT-VALUE}.",
            defaultValue = "nft")
    private Format format = Format.NFT;

    @Override
    public Integer call() throws Exception {
        Site site = Site.of(options.load(), "", List.of());
        spec.commandLine().getOut().print(FirewallRules.of(site, format));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
