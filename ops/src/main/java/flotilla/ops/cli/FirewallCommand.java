package flotilla.ops.cli;

import flotilla.ops.balancer.FirewallRules;
import flotilla.ops.balancer.FirewallRules.Format;
import flotilla.ops.balancer.Site;
import flotilla.ops.config.AcmeSettings;
import flotilla.ops.config.AcmeSettings.Challenge;
import flotilla.ops.config.Configuration;
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
        description =
                "Prints rules of nftables or iptables that let clients in: to the control ports and the passive"
                        + " ports of this configuration, and to the port for challenges of ACME over HTTP. Ports between nodes and the admin API are not among them.",
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
        Configuration configuration = options.load();
        Site site = Site.of(configuration, "", List.of());
        List<Integer> challenges = configuration.acme().stream()
                .map(AcmeSettings::proof)
                .filter(proof -> proof.challenge() == Challenge.HTTP)
                .map(AcmeSettings.Proof::httpPort)
                .toList();
        spec.commandLine().getOut().print(FirewallRules.of(site, challenges, format));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
