package flotilla.ops.balancer;

import java.util.ArrayList;
import java.util.List;

/** Writes rules for nftables. They send new connections to the nodes by turns and do not check health. */
public final class NftablesRules {
    private NftablesRules() {}

    /**
     * Returns the rules.
     *
     * @throws IllegalArgumentException when VIP and nodes are not all of one address family
     */
    public static String of(Site site) {
        boolean ipv6 = site.nodes().get(0).address().contains(":");
        if (site.vip().isEmpty() || site.vip().contains(":") != ipv6) {
            throw new IllegalArgumentException("nftables needs --vip, an address of the nodes' family");
        }
        if (site.nodes().stream().anyMatch(node -> node.address().contains(":") != ipv6)) {
            throw new IllegalArgumentException("the nodes' addresses must be of one family");
        }
        List<String> ports = new ArrayList<>();
        site.control().forEach(port -> ports.add(String.valueOf(port)));
        ports.addAll(site.passiveRanges());
        List<String> turns = new ArrayList<>();
        for (int i = 0; i < site.nodes().size(); i++) {
            turns.add(i + " : " + site.nodes().get(i).address());
        }
        return RULES.replace("@FAMILY@", ipv6 ? "ip6" : "ip")
                .replace("@VIP@", site.vip())
                .replace("@PORTS@", String.join(", ", ports))
                .replace("@COUNT@", String.valueOf(turns.size()))
                .replace("@TURNS@", String.join(", ", turns));
    }

    private static final String RULES = """
            # Made by flotilla nftables: load with nft -f. Replaces the table flotilla.
            # Clients' addresses stay as they are, so the nodes' way back must lead through this machine (their default route),
            # forwarding must be on (sysctl net.ipv4.ip_forward=1, net.ipv6.conf.all.forwarding=1).
            # Nodes see their own address dialled: for clients that use PASV, flotilla.passive.address on all of them must be
            # @VIP@, and none of flotilla.passive.local-networks may hold clients that come this way. EPSV needs neither.
            # nftables does not see whether a node lives: print the rules anew without it, or use HAProxy.
            table @FAMILY@ flotilla
            delete table @FAMILY@ flotilla
            table @FAMILY@ flotilla {
                chain prerouting {
                    type nat hook prerouting priority dstnat; policy accept;
                    @FAMILY@ daddr @VIP@ tcp dport { @PORTS@ } dnat to numgen inc mod @COUNT@ map { @TURNS@ }
                }
            }
            """;
}
